// How an ending becomes a settlement: the only place where a failure meets the retry policy. Pure: the clock reading and
// the chance are arguments.

import Delivery
package import Domain
package import FoundationEssentials
import Policy
package import Queue

/// Pauses between attempts on one destination. The number of pauses is the number of repeats.
package struct RetrySchedule: Sendable, Hashable {
    package var pauses: [Duration]
    /// How long a message waits for a provider in trouble that names no time itself.
    package var providerPause: Duration
    /// How long an address that does not exist stays on the suppression list.
    package var suppressFor: Duration

    package init(
        pauses: [Duration] = [.seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(7200)],
        providerPause: Duration = .seconds(15), suppressFor: Duration = .seconds(30 * 86_400)
    ) {
        self.pauses = pauses
        self.providerPause = providerPause
        self.suppressFor = suppressFor
    }

    /// 75…125 % of a pause, so that what failed together does not come back together.
    func jittered(_ pause: Duration, by chance: Double) -> Double { pause.seconds * (0.75 + chance / 2) }
}

/// Policy said never, later, or found nobody to carry it.
func stopping(
    _ claim: Claim, _ stop: Stop, steps: [DecisionStep], schedule: RetrySchedule, at now: Date
) -> Settlement {
    switch stop {
    case .refused(let reason):
        return Settlement(
            message: claim.message.id, token: claim.token, event: .refused, progress: claim.progress, refusal: reason,
            decision: steps)
    case .postponed(let until, let held):
        return postponing(claim, until: until, held, steps: steps)
    case .failed(let failure):
        // Nobody carries the channel at present: the message waits for a configuration that does.
        var settlement = postponing(
            claim, until: now.addingTimeInterval(schedule.providerPause.seconds), .providerPaused, steps: steps)
        settlement.failure = failure
        return settlement
    }
}

/// A claim that goes back untouched, to its old place in the queue.
func returning(_ claim: Claim) -> Settlement {
    Settlement(message: claim.message.id, token: claim.token, event: .postponed, progress: claim.progress)
}

func postponing(_ claim: Claim, until due: Date, _ held: HeldReason?, steps: [DecisionStep] = []) -> Settlement {
    // Past its expiry there is nothing to wait for; the queue says `expired` when it meets it.
    Settlement(
        message: claim.message.id, token: claim.token, event: .postponed, due: min(due, claim.message.expiresAt),
        held: held, progress: claim.progress, decision: steps)
}

/// A failure of our own before anything was submitted: no provider is to blame, no attempt is spent.
func failing(_ claim: Claim, _ failure: DeliveryFailure, steps: [DecisionStep] = []) -> Settlement {
    Settlement(
        message: claim.message.id, token: claim.token, event: .failedPermanently, progress: claim.progress,
        failure: failure, decision: steps)
}

/// What the provider's answer does to the message.
///
/// - Parameters:
///   - ownTrouble: the account serves others; what it met with this message is the message's own.
///   - canBeAsked: the provider can tell later what became of it.
///   - reports: the provider's delivery reports reach us.
package func settle(
    _ answer: Result<Receipt, DeliveryFailure>, of prepared: Prepared, through provider: ProviderID, beganAt: Date,
    ownTrouble: Bool = false, canBeAsked: Bool = false, reports: Bool = false, schedule: RetrySchedule, chance: Double,
    at now: Date
) -> Settlement {
    let claim = prepared.claim
    var progress = claim.progress
    progress.submissions += 1
    let attempt = Attempt(
        number: progress.submissions, provider: provider, destination: prepared.permit.destination, beganAt: beganAt,
        endedAt: now, outcome: Attempt.Outcome(answer))
    var settlement = Settlement(
        message: claim.message.id, token: claim.token, event: .accepted, attempt: attempt, progress: progress,
        decision: prepared.steps)

    switch answer {
    case .success:
        settlement.progress.reach = .accepted
        (settlement.due, settlement.held) = reports ? reportWait(prepared, at: now) : (nil, nil)
    case .failure(let failure):
        let moment = SettleMoment(schedule: schedule, chance: chance, canBeAsked: canBeAsked, now: now)
        let verdict = verdict(on: failure, of: prepared, ownTrouble: ownTrouble, moment)
        settlement.event = verdict.event
        settlement.failure = failure
        if verdict.spendsAttempt { settlement.progress.attempts += 1 }
        if verdict.event == .fellBack { fallBack(&settlement, from: prepared) }
        if verdict.event == .answerLost {
            afterUnknown(&settlement, of: prepared, moment)
        } else {
            (settlement.due, settlement.held) = wait(after: verdict, failure, claim.message, moment)
        }
        if verdict.suppressesAddress {
            settlement.suppress = suppression(
                of: attempt.destination, after: failure, for: schedule.suppressFor, at: now)
        }
    }
    return settlement
}

/// What every decision about a failure looks at besides the failure.
private struct SettleMoment {
    let schedule: RetrySchedule
    let chance: Double
    let canBeAsked: Bool
    let now: Date
}

/// A pause that ends no earlier than the message does is none: the schedule counts as used up, so that the next
/// destination is tried while there is time, or the sender is told why nothing more is.
private func verdict(
    on failure: DeliveryFailure, of prepared: Prepared, ownTrouble: Bool, _ moment: SettleMoment
) -> Verdict {
    func verdict(attempt: Int) -> Verdict {
        Domain.verdict(
            on: failure, attempt: attempt, fallbackLeft: prepared.next != nil, othersPassed: ownTrouble,
            schedule: moment.schedule.pauses)
    }
    let first = verdict(attempt: prepared.claim.progress.attempts)
    guard first.event == .failedTemporarily,
        moment.now.addingTimeInterval(pause(after: first, failure, moment)) >= prepared.claim.message.expiresAt
    else { return first }
    return verdict(attempt: moment.schedule.pauses.count)
}

/// Seconds. What the provider asked for is a lower bound: chance only adds to it.
private func pause(after verdict: Verdict, _ failure: DeliveryFailure, _ moment: SettleMoment) -> Double {
    max(failure.retryAfter?.seconds ?? 0, moment.schedule.jittered(verdict.dueIn ?? .zero, by: moment.chance))
}

/// How long `sent` waits for a delivery report before the next destination is tried; nothing where none will come.
private func reportWait(_ prepared: Prepared, at now: Date) -> (Date?, HeldReason?) {
    guard let fallback = prepared.claim.message.fallback, prepared.next != nil,
        prepared.permit.destination.channel.reportsDelivery
    else { return (nil, nil) }
    return (prepared.clock.after(fallback.after, from: now), .awaitingReport)
}

private func fallBack(_ settlement: inout Settlement, from prepared: Prepared) {
    settlement.progress.giveUp(prepared.permit.destination)
    settlement.channel = prepared.next?.channel
}

private func afterUnknown(_ settlement: inout Settlement, of prepared: Prepared, _ moment: SettleMoment) {
    let unknown = AfterUnknown(
        onUnconfirmed: prepared.onUnconfirmed, attempts: prepared.claim.progress.attempts,
        expiresAt: prepared.claim.message.expiresAt, canBeAsked: moment.canBeAsked,
        mayFallBack: prepared.next != nil)
    switch unknown.consequence(moment.schedule, chance: moment.chance, at: moment.now) {
    case .waits(let until):
        guard let until else { return }
        (settlement.due, settlement.held) = (until, .awaitingReport)
    case .again(let due): settlement.resendAt = due
    case .elsewhere:
        fallBack(&settlement, from: prepared)
        settlement.resendAt = moment.now
    }
}

private func wait(
    after verdict: Verdict, _ failure: DeliveryFailure, _ message: Message, _ moment: SettleMoment
) -> (Date?, HeldReason?) {
    let (schedule, chance, now) = (moment.schedule, moment.chance, moment.now)
    switch verdict.event {
    case .failedTemporarily:
        return (now.addingTimeInterval(pause(after: verdict, failure, moment)), .backoff)
    case .postponed:
        let pause = schedule.jittered(schedule.providerPause, by: chance)
        return (min(now.addingTimeInterval(pause), message.expiresAt), .providerPaused)
    case .fellBack:
        return (now, nil)
    case .claimed, .refused, .accepted, .notTaken, .failedPermanently, .leaseLost, .answerLost, .reportedDelivered,
        .reportedFailed, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
        return (nil, nil)
    }
}

private func suppression(
    of destination: Destination, after failure: DeliveryFailure, for time: Duration, at now: Date
) -> Suppression {
    let optedOut = failure.reason == .optedOut
    return Suppression(
        destination: destination, reason: optedOut ? .optedOut : .hardBounce, since: now,
        until: optedOut ? nil : now.addingTimeInterval(time.seconds), detail: failure.code)
}

extension Attempt.Outcome {
    init(_ answer: Result<Receipt, DeliveryFailure>) {
        switch answer {
        case .success(let receipt): self = .accepted(receipt)
        case .failure(let failure): self = .failed(failure)
        }
    }
}

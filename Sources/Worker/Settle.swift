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

/// A word about the account that carried a failed attempt.
package struct ProviderTrouble: Sendable, Hashable {
    package var provider: ProviderID
    package var failure: DeliveryFailure
    package var alertsOperator: Bool
    /// The account must rest; otherwise a person is told and sending goes on.
    package var pauses = true
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

/// What the provider's answer does to the message, and what it says about the provider.
package func settle(
    _ answer: Result<Receipt, DeliveryFailure>, of prepared: Prepared, through provider: ProviderID, beganAt: Date,
    schedule: RetrySchedule, chance: Double, at now: Date
) -> (Settlement, ProviderTrouble?) {
    let claim = prepared.claim
    let destination = prepared.permit.destination
    var progress = claim.progress
    progress.submissions += 1
    let attempt = Attempt(
        number: progress.submissions, provider: provider, destination: destination, beganAt: beganAt, endedAt: now,
        outcome: Attempt.Outcome(answer))

    switch answer {
    case .success:
        progress.accepted = true
        return (
            Settlement(
                message: claim.message.id, token: claim.token, event: .accepted, attempt: attempt, progress: progress,
                decision: prepared.steps), nil
        )
    case .failure(let failure):
        let verdict = verdict(
            on: failure, attempt: progress.attempts, fallbackLeft: prepared.fallbackLeft, schedule: schedule.pauses)
        if verdict.spendsAttempt { progress.attempts += 1 }
        if verdict.event == .fellBack {
            progress.exhausted.append(destination)
            progress.attempts = 0
        }
        var settlement = Settlement(
            message: claim.message.id, token: claim.token, event: verdict.event, attempt: attempt, progress: progress,
            failure: failure, decision: prepared.steps)
        (settlement.due, settlement.held) = wait(
            after: verdict, failure, schedule: schedule, chance: chance, expiresAt: claim.message.expiresAt, at: now)
        if verdict.suppressesAddress {
            settlement.suppress = suppression(of: destination, after: failure, for: schedule.suppressFor, at: now)
        }
        let trouble =
            verdict.pausesProvider || verdict.alertsOperator && failure.scope == .provider
            ? ProviderTrouble(
                provider: provider, failure: failure, alertsOperator: verdict.alertsOperator,
                pauses: verdict.pausesProvider) : nil
        return (settlement, trouble)
    }
}

private func wait(
    after verdict: Verdict, _ failure: DeliveryFailure, schedule: RetrySchedule, chance: Double, expiresAt: Date,
    at now: Date
) -> (Date?, HeldReason?) {
    switch verdict.event {
    case .failedTemporarily:
        // What the provider asked for is a lower bound: chance only adds to it.
        let asked = failure.retryAfter?.seconds ?? 0
        let pause = max(asked, schedule.jittered(verdict.dueIn ?? .zero, by: chance))
        return (min(now.addingTimeInterval(pause), expiresAt), .backoff)
    case .postponed:
        let pause = verdict.dueIn?.seconds ?? schedule.jittered(schedule.providerPause, by: chance)
        return (min(now.addingTimeInterval(pause), expiresAt), .providerPaused)
    case .fellBack:
        return (now, nil)
    default:
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

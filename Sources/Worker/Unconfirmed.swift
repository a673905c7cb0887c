// What becomes of messages that left us and of which nothing certain was heard: after a death, after a lost lease, and
// when a report does not come in time.

import Delivery
import Domain
import FoundationEssentials
import Policy
import Queue

extension Engine {
    /// How the store shall decide about claims that nobody will settle. The purposes and the schedule are those of this
    /// turn.
    func aftercare(at now: Moment) -> Aftercare {
        let rules = AftercareRules(
            purposes: workshop.purposes, schedule: workshop.retry,
            askable: Set(lanes.providers.filter(\.profile.canBeAsked).map(\.profile.id)), chance: random.fraction(),
            now: now.wall)
        return Aftercare { rules.aftermath(of: $0) }
    }

    /// Once a second at most: reports that did not come, answers to our questions. Once a minute: what expired where nothing
    /// leaves, since every message that waits there has to be looked at.
    mutating func doChores(on day: HouseDay, at now: Moment) async throws(StoreError) -> Bool {
        try await hearFindings(at: now)
        guard now.uptime - choresDone >= 1000 else { return false }
        choresDone = now.uptime
        let overdue = try await queue.overdue(upTo: 256, at: now)
        let sent = overdue.filter { $0.state == .sent }
        if !sent.isEmpty { try await fallBack(sent, at: now) }
        let unknown = overdue.filter { $0.state == .unconfirmed }
        if !unknown.isEmpty { try await ask(about: unknown, at: now) }
        let expired = try await expire(on: day, at: now)
        return !overdue.isEmpty || expired
    }

    private mutating func expire(on day: HouseDay, at now: Moment) async throws(StoreError) -> Bool {
        let closed = lanes.closed(on: day, at: now)
        guard !closed.isEmpty, now.uptime - expiriesSought >= 60_000 else { return false }
        expiriesSought = now.uptime
        let ids = try await queue.expired(on: closed, upTo: 2048, at: now)
        guard !ids.isEmpty else { return false }
        // There may be more: soon again.
        if ids.count == 2048 { expiriesSought = now.uptime - 59_000 }
        _ = try await queue.apply(ids.map { Change(message: $0, event: .expiryPassed, by: "gateway") }, at: now)
        return true
    }

    // MARK: No report in time

    /// The next destination, if policy would still name one; it is asked again when the message leaves.
    private func fallBack(_ overdue: [Overdue], at now: Moment) async throws(StoreError) {
        let standings = try await books.standings(of: overdue.map(\.message), at: now)
        var changes: [Change] = []
        var waits: [Wait] = []
        for (late, standing) in zip(overdue, standings) {
            if let next = next(after: late, standing: standing, at: now) {
                changes.append(
                    Change(
                        message: late.message.id, event: .fellBack, by: "gateway", due: now.wall, channel: next.channel)
                )
            } else {
                waits.append(Wait(message: late.message.id, until: nil, finding: "nothing_left"))
            }
        }
        _ = try await queue.apply(changes, at: now)
        try await queue.wait(waits, at: now)
    }

    private func next(after late: Overdue, standing: Standing, at now: Moment) -> Destination? {
        guard let purpose = workshop.purposes[late.message.purpose], now.wall < late.message.expiresAt else {
            return nil
        }
        var exhausted = late.progress.exhausted
        if let last = late.attempt?.destination { exhausted.append(last) }
        let question = Question(
            message: late.message, purpose: purpose, standing: standing, exhausted: exhausted, rules: workshop.rules)
        return nextDestination(for: question, at: now.wall)
    }

    // MARK: Asking the provider

    private mutating func ask(about unknown: [Overdue], at now: Moment) async throws(StoreError) {
        var waits: [Wait] = []
        var inquiries: [ProviderID: [Inquiry]] = [:]
        for late in unknown {
            guard let attempt = late.attempt, let provider = lanes.provider(attempt.provider),
                provider.profile.canBeAsked,
                let next = nextQuestion(after: attempt.endedAt, at: now.wall)
            else {
                waits.append(Wait(message: late.message.id, until: nil, finding: "nobody_to_ask"))
                continue
            }
            asked[late.message.id] = late.message.purpose
            waits.append(Wait(message: late.message.id, until: next, finding: "asked"))
            inquiries[attempt.provider, default: []].append(
                Inquiry(
                    reference: late.message.id, number: attempt.number, to: attempt.destination,
                    beganAt: attempt.beganAt))
        }
        // Written down first: a death right after the question only means that it is asked again.
        try await queue.wait(waits, at: now)
        for (id, batch) in inquiries {
            let mailbox = mailbox
            lanes.provider(id)?.ask(batch) { mailbox.put($0) }
        }
    }

    /// Twice as late each time, for a day: what is not known by then will not be.
    private func nextQuestion(after ended: Date, at now: Date) -> Date? {
        let waited = now.timeIntervalSince(ended)
        return waited > 86_400 ? nil : now.addingTimeInterval(max(firstQuestion, waited))
    }

    private mutating func hearFindings(at now: Moment) async throws(StoreError) {
        let findings = mailbox.takeFindings()
        guard !findings.isEmpty else { return }
        var changes: [Change] = []
        var waits: [Wait] = []
        for finding in findings {
            guard let purpose = asked.removeValue(forKey: finding.reference) else { continue }
            switch finding.result {
            case .had: changes.append(Change(message: finding.reference, event: .accepted, by: "provider"))
            case .hadNot where workshop.purposes[purpose]?.onUnconfirmed == .ask:
                changes.append(Change(message: finding.reference, event: .notTaken, by: "provider"))
            // `hold` allows one copy whatever the provider's books say: its word that it had nothing goes to a person.
            case .hadNot: waits.append(Wait(message: finding.reference, until: nil, finding: "not_known"))
            case .cannotTell: break
            }
        }
        _ = try await queue.apply(changes, at: now)
        try await queue.wait(waits, at: now)
    }
}

/// Pure: the store may ask twice.
struct AftercareRules: Sendable {
    let purposes: [PurposeID: Purpose]
    let schedule: RetrySchedule
    let askable: Set<ProviderID>
    let chance: Double
    let now: Date

    /// Processes that died with the message in their hands.
    private static let deathsAllowed = 3

    func aftermath(of abandoned: Abandoned) -> Aftermath {
        guard let provider = abandoned.provider else {
            return abandoned.progress.deaths >= Self.deathsAllowed ? .bury(DeliveryFailure(.poison)) : .requeue
        }
        guard purposes[abandoned.purpose]?.onUnconfirmed == .resend, abandoned.progress.deaths < Self.deathsAllowed
        else {
            return .hold(until: askable.contains(provider) ? now.addingTimeInterval(firstQuestion) : nil)
        }
        let attempts = max(0, abandoned.progress.attempts - 1)
        guard attempts < schedule.pauses.count else { return .hold(until: nil) }
        let due = now.addingTimeInterval(schedule.jittered(schedule.pauses[attempts], by: chance))
        return due < abandoned.expiresAt ? .resend(due) : .hold(until: nil)
    }
}

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

    /// Once a second at most: reports that did not come, and what expired where nothing leaves.
    mutating func doChores(on day: HouseDay, at now: Moment) async throws(StoreError) -> Bool {
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

    private func expire(on day: HouseDay, at now: Moment) async throws(StoreError) -> Bool {
        let closed = lanes.closed(on: day, at: now)
        guard !closed.isEmpty else { return false }
        let ended = try await queue.expire(on: closed, upTo: 4096, at: now)
        if !ended.isEmpty { observe(.happened(ended)) }
        return !ended.isEmpty
    }

    /// What the worker finds out by itself is told like what its turns do.
    @discardableResult
    private func apply(
        _ changes: [Change], of purposes: [PurposeID], at now: Moment
    ) async throws(StoreError) -> [Applied] {
        guard !changes.isEmpty else { return [] }
        let applied = try await queue.apply(changes, at: now)
        var happened: [Happening] = []
        for (index, change) in changes.enumerated() {
            guard case .moved(let state) = applied[index] else { continue }
            happened.append(
                Happening(message: change.message, purpose: purposes[index], event: change.event, state: state))
        }
        if !happened.isEmpty { observe(.happened(happened)) }
        return applied
    }

    // MARK: No report in time

    /// The next destination, if policy would still name one; it is asked again when the message leaves.
    private func fallBack(_ overdue: [Overdue], at now: Moment) async throws(StoreError) {
        let standings = try await books.standings(of: overdue.map(\.message), at: now)
        var changes: [Change] = []
        var purposes: [PurposeID] = []
        var waits: [Wait] = []
        for (late, standing) in zip(overdue, standings) {
            if let next = next(after: late, standing: standing, at: now) {
                changes.append(
                    Change(
                        message: late.message.id, event: .fellBack, by: "gateway", due: now.wall, channel: next.channel)
                )
                purposes.append(late.message.purpose)
            } else {
                waits.append(Wait(message: late.message.id, until: nil, finding: .nothingLeft))
            }
        }
        try await apply(changes, of: purposes, at: now)
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
                waits.append(Wait(message: late.message.id, until: nil, finding: .nobodyToAsk))
                continue
            }
            asked[late.message.id] = late
            waits.append(Wait(message: late.message.id, until: next, finding: .asked))
            inquiries[attempt.provider, default: []].append(
                Inquiry(
                    reference: late.message.id, number: attempt.number, to: attempt.destination,
                    beganAt: attempt.beganAt))
        }
        // Written down first: a death right after the question only means that it is asked again.
        try await queue.wait(waits, at: now)
        for (id, batch) in inquiries.sorted(by: { $0.key.text < $1.key.text }) {
            // A finding says of which message it speaks, not of which submission; we know of which we asked.
            let numbers = Dictionary(batch.map { ($0.reference, $0.number) }) { one, _ in one }
            let mailbox = mailbox
            lanes.provider(id)?.ask(batch) { findings in
                mailbox.put(findings.compactMap { finding in numbers[finding.reference].map { (finding, $0) } })
            }
        }
    }

    /// Twice as late each time, for a day: what is not known by then will not be.
    private func nextQuestion(after ended: Date, at now: Date) -> Date? {
        let waited = now.timeIntervalSince(ended)
        return waited > 86_400 ? nil : now.addingTimeInterval(max(firstQuestion, waited))
    }

    mutating func hearFindings(at now: Moment) async throws(StoreError) {
        let findings = mailbox.takeFindings()
        guard !findings.isEmpty else { return }
        var changes: [Change] = []
        var purposes: [PurposeID] = []
        var waits: [Wait] = []
        for (finding, number) in findings {
            guard let late = asked[finding.reference], late.attempt?.number == number else { continue }
            asked[finding.reference] = nil
            switch answer(to: finding, about: late, at: now) {
            case .change(let change):
                changes.append(change)
                purposes.append(late.message.purpose)
            case .wait(let wait): waits.append(wait)
            case nil: break
            }
        }
        for (change, applied) in zip(changes, try await apply(changes, of: purposes, at: now)) {
            // A person has sent it again meanwhile: the provider's word is kept, the message is that person's.
            guard change.event == .notTaken, case .illegal = applied else { continue }
            waits.append(Wait(message: change.message, until: nil, finding: .notKnown, attempt: change.attempt))
        }
        try await queue.wait(waits, at: now)
    }

    private enum Consequence { case change(Change), wait(Wait) }

    private func answer(to finding: Finding, about late: Overdue, at now: Moment) -> Consequence? {
        let id = finding.reference
        let by = late.attempt.map { "provider:\($0.provider)" } ?? "provider"
        switch finding.result {
        case .had(let receipt):
            return .change(
                Change(message: id, event: .accepted, by: by, attempt: late.attempt?.number, receipt: receipt))
        case .hadNot:
            // `hold` allows one copy whatever the provider's books say, and the schedule bounds the repeats of `ask`:
            // then the provider's word that it had nothing goes to a person.
            let pauses = workshop.retry.pauses
            let spent = max(1, late.progress.attempts)
            guard workshop.purposes[late.message.purpose]?.onUnconfirmed == .ask, spent <= pauses.count else {
                return .wait(Wait(message: id, until: nil, finding: .notKnown, attempt: late.attempt?.number))
            }
            let pause = workshop.retry.jittered(pauses[spent - 1], by: random.fraction())
            return .change(
                Change(
                    message: id, event: .notTaken, by: by, due: now.wall.addingTimeInterval(pause),
                    attempt: late.attempt?.number))
        case .cannotTell: return nil
        }
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
        let unknown = AfterUnknown(
            // Three deaths are enough: a person looks at it before it leaves once more.
            onUnconfirmed: abandoned.progress.deaths < Self.deathsAllowed
                ? purposes[abandoned.purpose]?.onUnconfirmed ?? .hold : .hold,
            attempts: max(0, abandoned.progress.attempts - 1), expiresAt: abandoned.expiresAt,
            canBeAsked: askable.contains(provider), mayFallBack: true)
        switch unknown.consequence(schedule, chance: chance, at: now) {
        case .waits(let until): return .hold(until: until)
        case .again(let due): return .resend(due, elsewhere: false)
        case .elsewhere: return .resend(now, elsewhere: true)
        }
    }
}

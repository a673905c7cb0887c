import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue
import Synchronization

extension Transaction {
    /// Claims of processes that owned the file before us.
    func recover(_ aftercare: Aftercare) throws -> [Happening] {
        try abandon("SELECT id FROM inflight WHERE session <> ? ORDER BY id", [session.id], died: true, aftercare)
    }

    /// Claims of our own whose lease is over. Counted in uptime, which no administrator can move.
    func endLeases(_ aftercare: Aftercare) throws -> [Happening] {
        guard session.earliestLease.withLock({ $0 }) < now.uptime else { return [] }
        let happened = try abandon(
            "SELECT id FROM inflight WHERE session = ? AND lease_until < ? ORDER BY id", [session.id, now.uptime],
            died: false, aftercare)
        // Raised only by a look that found nothing: what was found may come back when this transaction is rolled back.
        guard happened.isEmpty else { return happened }
        let next = try db.number("SELECT min(lease_until) FROM inflight WHERE session = ?", [session.id])
        session.earliestLease.withLock { $0 = next ?? .max }
        return []
    }

    /// - Parameter died: the process did, perhaps of one of these: counted, so that a poison message is recognised.
    private func abandon(
        _ statement: String, _ arguments: StatementArguments, died: Bool, _ aftercare: Aftercare
    ) throws -> [Happening] {
        var ids: [MessageID] = []
        try db.each(statement, arguments) { ids.append(MessageID(raw: $0[0])) }
        return try ids.compactMap { id in
            // One damaged row must not keep all the others from being found.
            guard var place = try? db.inflight(id) else { return nil }
            if died, place.beganAt != nil || id == aftercare.suspect { place.progress.deaths += 1 }
            return try place.beganAt == nil ? loseLease(place, aftercare) : loseAnswer(place, aftercare)
        }
    }

    /// No byte had left: it keeps its place in the queue, unless it is set aside.
    private func loseLease(_ place: Standpoint, _ aftercare: Aftercare) throws -> Happening {
        if case .bury(let failure) = aftercare.decide(place.abandoned) {
            return try ended(
                place, .failedPermanently,
                Arrival(progress: place.progress, reason: failure.reason.rawValue, failure: failure),
                Transaction.facts(failure, about: nil))
        }
        return try ended(
            place, .leaseLost, Arrival(due: place.due, held: place.held, progress: place.progress), [])
    }

    /// It may have been delivered: the attempt is written down as one without an answer.
    private func loseAnswer(_ begun: Standpoint, _ aftercare: Aftercare) throws -> Happening {
        let failure = DeliveryFailure(.noAnswer)
        var place = begun
        if let attempt = begun.openAttempt(.failed(failure), endedAt: now.wall) {
            try append(attempt, to: begun.message)
            place.progress.submissions += 1
            place.progress.attempts += 1
        }
        place.progress.reach = max(place.progress.reach, .perhaps)
        let aftermath = aftercare.decide(place.abandoned)
        if case .resend(_, elsewhere: true) = aftermath, let destination = place.destination {
            place.progress.giveUp(destination)
        }
        var arrival = Arrival(
            progress: place.progress, reason: failure.reason.rawValue, failure: failure, channel: place.channel,
            provider: place.provider)
        if case .hold(let until?) = aftermath { (arrival.due, arrival.held) = (until, .awaitingReport) }
        var happening = try ended(place, .answerLost, arrival, [.init("failure", failure.reason.rawValue)])
        if case .resend(let due, _) = aftermath {
            happening.state = try resend(place.message, due: due, line: place.line)
        }
        return happening
    }

    func ended(
        _ place: Standpoint, _ event: MessageEvent, _ arrival: Arrival, _ facts: [JournalEntry.Fact?]
    ) throws -> Happening {
        guard case .move(let state) = try place.state.step(on: event, reach: place.progress.reach) else {
            throw Damaged(what: "\(event) leads nowhere")
        }
        try move(place, to: state, earlier(arrival, of: place.message, by: event, at: state))
        try journal(
            event.rawValue, place.message, state: state, by: "gateway",
            facts + [.init("provider", place.provider?.text), .init("deaths", "\(place.progress.deaths)")])
        return Happening(
            message: place.message, purpose: place.purpose, event: event, state: state, channel: place.channel,
            provider: place.provider, reason: arrival.reason)
    }
}

extension Standpoint {
    /// The submission that began and was never settled; nil when none did.
    func openAttempt(_ outcome: Attempt.Outcome, endedAt: Date) -> Attempt? {
        guard state == .sending, let beganAt, let provider, let destination else { return nil }
        return Attempt(
            number: progress.submissions + 1, provider: provider, destination: destination, beganAt: beganAt,
            endedAt: endedAt, outcome: outcome)
    }

    fileprivate var abandoned: Abandoned {
        Abandoned(
            message: message, purpose: purpose, expiresAt: expiresAt, progress: progress,
            provider: beganAt == nil ? nil : provider)
    }
}

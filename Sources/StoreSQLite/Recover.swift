import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue
import Synchronization

extension Transaction {
    /// Claims of processes that owned the file before us.
    func recover() throws -> [Happening] {
        try abandon("SELECT id FROM inflight WHERE session <> ? ORDER BY id", [session.id], died: true)
    }

    /// Claims of our own whose lease is over. Counted in uptime, which no administrator can move.
    func endLeases() throws {
        guard session.earliestLease.withLock({ $0 }) < now.uptime else { return }
        _ = try abandon(
            "SELECT id FROM inflight WHERE session = ? AND lease_until < ? ORDER BY id", [session.id, now.uptime],
            died: false)
        let next = try db.number("SELECT min(lease_until) FROM inflight WHERE session = ?", [session.id])
        session.earliestLease.withLock { $0 = next ?? .max }
    }

    /// - Parameter died: the process did, perhaps of this very message: counted, so that a poison message is recognised.
    private func abandon(_ statement: String, _ arguments: StatementArguments, died: Bool) throws -> [Happening] {
        var ids: [MessageID] = []
        try db.each(statement, arguments) { ids.append(MessageID(raw: $0[0])) }
        return try ids.compactMap { id in
            guard var place = try db.inflight(id) else { return nil }
            if died { place.progress.deaths += 1 }
            return try place.beganAt == nil ? loseLease(place) : loseAnswer(place)
        }
    }

    /// No byte had left: it keeps its place in the queue.
    private func loseLease(_ place: Standpoint) throws -> Happening {
        try ended(place, .leaseLost, Arrival(due: place.due, progress: place.progress), [])
    }

    /// It may have been delivered: the attempt is written down as one without an answer.
    private func loseAnswer(_ place: Standpoint) throws -> Happening {
        let failure = DeliveryFailure(.noAnswer)
        var progress = place.progress
        if let attempt = place.openAttempt(.failed(failure), endedAt: now.wall) {
            try append(attempt, to: place.message)
            progress.submissions += 1
            progress.attempts += 1
        }
        let arrival = Arrival(
            progress: progress, reason: failure.reason.rawValue, failure: failure, channel: place.channel,
            provider: place.provider)
        return try ended(place, .answerLost, arrival, [.init("failure", failure.reason.rawValue)])
    }

    private func ended(
        _ place: Standpoint, _ event: MessageEvent, _ arrival: Arrival, _ facts: [JournalEntry.Fact?]
    ) throws -> Happening {
        guard case .move(let state) = try place.state.step(on: event, afterAcceptance: place.progress.accepted) else {
            throw Damaged(what: "\(event) leads nowhere")
        }
        try move(place, to: state, arrival)
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
}

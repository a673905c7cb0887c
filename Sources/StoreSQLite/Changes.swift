import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension Transaction {
    func apply(_ change: Change) throws -> Applied {
        guard let place = try db.standpoint(change.message) else { return .unknownMessage }
        guard let standing = change.event.standing(from: place.state, hasBegun: place.beganAt != nil),
            try speaksOfThePresent(change, place)
        else { return .illegal(in: place.state) }
        let reach = try change.reach(of: place.progress, attempts: try db.attempts(of: place.message))
        let step: Step
        do { step = try standing.step(on: change.event, reach: reach) } catch { return .illegal(in: place.state) }
        switch step {
        case .note:
            try journal(change, place.state, try reportedAttempt(change))
            return .noted
        case .move(let state):
            let arrival = try arrival(of: change, from: place, at: state)
            try move(place, to: state, earlier(arrival, of: place.message, by: change.event, at: state))
            try journal(change, state, try reportedAttempt(change))
            return .moved(state)
        }
    }

    /// Where another attempt followed meanwhile, or a person has sent the message again, a finding is too late.
    private func speaksOfThePresent(_ change: Change, _ place: Standpoint) throws -> Bool {
        if let attempt = change.attempt, !change.isReport,
            attempt != (try db.attempts(of: place.message).carrier(of: place.state)?.number)
        {
            return false
        }
        return try change.event != .notTaken || !db.isRetried(place.message)
    }

    private func arrival(of change: Change, from place: Standpoint, at state: MessageState) throws -> Arrival {
        var progress = try change.progress(after: place.progress, attempts: try db.attempts(of: place.message))
        var provider = place.provider
        var channel = place.channel
        if change.isReport {
            // A report that overtook our own commit: the answer will find no claim, so the attempt is written now.
            if let attempt = place.openAttempt(.accepted(Receipt()), endedAt: now.wall) {
                try append(attempt, to: place.message)
                progress.submissions += 1
                progress.reach = .accepted
            } else if provider == nil, let last = try db.attempts(of: place.message).last {
                provider = last.provider
                channel = last.destination.channel
            }
        }
        let due = state == .queued ? change.due ?? now.wall : nil
        let reason =
            state == .suppressed
            ? SuppressedReason.superseded.rawValue
            : state == .failed ? change.failure?.reason.rawValue ?? place.reason : nil
        return Arrival(
            due: due, held: due.map { $0 > now.wall } == true ? .backoff : nil, line: change.channel,
            progress: progress, reason: reason,
            failure: state == .failed ? change.failure ?? place.failure : nil, channel: channel, provider: provider)
    }

    /// A report is about the last submission.
    private func reportedAttempt(_ change: Change) throws -> Attempt? {
        change.isReport ? try db.attempts(of: change.message).last : nil
    }

    private func journal(_ change: Change, _ state: MessageState, _ attempt: Attempt?) throws {
        let facts: [JournalEntry.Fact?] = [
            .init("attempt", attempt.map { "\($0.number)" }), .init("provider", attempt?.provider.text),
            .init("due_at", change.due?.ISO8601Format()), .init("receipt", change.receipt?.providerID),
        ]
        try journal(
            change.event.rawValue, change.message, state: state, by: change.by,
            facts + Transaction.facts(change.failure, about: attempt?.destination))
    }
}

import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension Transaction {
    func apply(_ change: Change) throws -> Applied {
        guard let place = try db.standpoint(change.message) else { return .unknownMessage }
        let standing = try standing(of: place, for: change.event)
        guard change.event.comesFromOutside(while: standing) else { return .illegal(in: place.state) }
        if let attempt = change.attempt, attempt != place.progress.submissions { return .illegal(in: place.state) }
        let step: Step
        do { step = try standing.step(on: change.event, reach: place.progress.reach) } catch {
            return .illegal(in: place.state)
        }
        switch step {
        case .note:
            try journal(change, standing, try reportedAttempt(change))
            return .noted
        case .move(let state):
            let arrival = try arrival(of: change, from: place, at: state)
            try move(place, to: state, arrival)
            try journal(change, state, try reportedAttempt(change))
            return .moved(state)
        }
    }

    /// A claim of which no byte has left is no more than a place in the worker's hands, and a thousand may lie there for
    /// hours: whoever takes the message back takes it from there, and the worker finds its claim gone.
    private func standing(of place: Standpoint, for event: MessageEvent) throws -> MessageState {
        guard event == .cancelled || event == .superseded, place.state == .sending, place.beganAt == nil,
            case .move(let state) = try place.state.step(on: .leaseLost, reach: place.progress.reach)
        else { return place.state }
        return state
    }

    private func arrival(of change: Change, from place: Standpoint, at state: MessageState) throws -> Arrival {
        var progress = place.progress
        var provider = place.provider
        var channel = place.channel
        switch change.event {
        case .accepted: progress.reach = .accepted
        // The provider's own word; it speaks of the last attempt, and of earlier ones only where there was just one.
        case .notTaken where progress.reach == .perhaps:
            progress.reach = try db.unknownOutcomes(of: place.message) > 1 ? .perhaps : .nobody
        case .fellBack:
            if let last = try db.attempts(of: place.message).last { progress.exhausted.append(last.destination) }
            progress.attempts = 0
        case .reportedDelivered, .reportedFailed:
            // A report that overtook our own commit: the answer will find no claim, so the attempt is written now.
            if let attempt = place.openAttempt(.accepted(Receipt()), endedAt: now.wall) {
                try append(attempt, to: place.message)
                progress.submissions += 1
                progress.reach = .accepted
            } else if provider == nil, let last = try db.attempts(of: place.message).last {
                provider = last.provider
                channel = last.destination.channel
            }
        case .notTaken, .claimed, .postponed, .refused, .failedTemporarily, .failedPermanently, .leaseLost, .answerLost,
            .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            break
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
        switch change.event {
        case .reportedDelivered, .reportedFailed: try db.attempts(of: change.message).last
        case .claimed, .postponed, .refused, .accepted, .notTaken, .failedTemporarily, .failedPermanently, .fellBack,
            .leaseLost, .answerLost, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            nil
        }
    }

    private func journal(_ change: Change, _ state: MessageState, _ attempt: Attempt?) throws {
        let facts: [JournalEntry.Fact?] = [
            .init("attempt", attempt.map { "\($0.number)" }), .init("provider", attempt?.provider.text),
            .init("due_at", change.due?.ISO8601Format()),
        ]
        try journal(
            change.event.rawValue, change.message, state: state, by: change.by,
            facts + Transaction.facts(change.failure, about: attempt?.destination))
    }
}

extension MessageEvent {
    /// Whether somebody other than the worker may say so. What is being sent belongs to the worker that claimed it; only
    /// a delivery report may overtake it.
    fileprivate func comesFromOutside(while state: MessageState) -> Bool {
        switch self {
        case .reportedDelivered, .reportedFailed: true
        case .accepted, .notTaken, .fellBack, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            state != .sending
        case .claimed, .postponed, .refused, .failedTemporarily, .failedPermanently, .leaseLost, .answerLost: false
        }
    }
}

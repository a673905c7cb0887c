import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

// Messages that left us and of which nothing more was heard.

/// A place in a line of the queue.
struct LineMark: Sendable {
    let priority: Int64
    let due: Int64
    let id: Int64
}

extension Database {
    func overdue(upTo limit: Int, at now: Date) throws -> (found: [Overdue], damaged: [MessageID]) {
        var ids: [MessageID] = []
        try each(
            "SELECT id FROM outcomes WHERE due_at <= ? ORDER BY due_at, id LIMIT ?", [now.milliseconds, max(0, limit)]
        ) { ids.append(MessageID(raw: $0[0])) }
        var found: [Overdue] = []
        var damaged: [MessageID] = []
        for id in ids {
            do {
                guard let place = try outcome(id), let message = try message(id) else {
                    throw Damaged(what: "a message")
                }
                found.append(
                    Overdue(
                        message: message, state: place.state, progress: place.progress,
                        attempt: try attempts(of: id).carrier(of: place.state)))
            } catch is Damaged { damaged.append(id) }
        }
        return (found, damaged)
    }

    /// The state of what waits for a report; nil for everything else. Reads no more than that, so that a row which is
    /// damaged elsewhere can still be set aside.
    func waiting(_ id: MessageID) throws -> MessageState? {
        guard let row = try first("SELECT state FROM outcomes WHERE id = ?", [id.raw]) else { return nil }
        let state: MessageState = try row.word(0)
        return state.isFinal ? nil : state
    }

    /// Whether a person has sent the message again.
    func isRetried(_ id: MessageID) throws -> Bool {
        try number("SELECT 1 FROM messages WHERE retry_of = ? LIMIT 1", [id.raw]) != nil
    }

    /// Looks through a piece of the line, from where the last look ended: a line of millions is not read in one go.
    func expired(
        on channel: Channel, after mark: LineMark?, upTo limit: Int, at now: Date
    ) throws -> (ids: [MessageID], mark: LineMark?) {
        var ids: [MessageID] = []
        var last: LineMark?
        var looked = 0
        let start = mark ?? LineMark(priority: -1, due: 0, id: 0)
        try each(
            """
            SELECT priority, due_at, id, expires_at FROM queue
            WHERE channel = ? AND (priority, due_at, id) > (?, ?, ?) ORDER BY priority, due_at, id LIMIT ?
            """, [channel.rawValue, start.priority, start.due, start.id, limit]
        ) { row in
            looked += 1
            last = LineMark(priority: row[0], due: row[1], id: row[2])
            if (row[3] as Int64) <= now.milliseconds { ids.append(MessageID(raw: row[2])) }
        }
        // The end was reached: the next look begins anew.
        return (ids, looked < limit ? nil : last)
    }

    private func message(_ id: MessageID) throws -> Message? {
        try first("SELECT \(MessageRow.columns) FROM messages m WHERE m.id = ?", [id.raw]).map {
            try MessageRow.read($0)
        }
    }
}

extension Transaction {
    func wait(_ wait: Wait) throws {
        guard let state = try db.waiting(wait.message) else { return }
        if let attempt = wait.attempt, attempt != (try db.attempts(of: wait.message).carrier(of: state)?.number) {
            return
        }
        try db.run(
            "UPDATE outcomes SET due_at = ?, held = ? WHERE id = ?",
            [
                wait.until?.milliseconds, wait.until == nil ? nil : HeldReason.awaitingReport.rawValue,
                wait.message.raw,
            ])
        try journal(
            "waiting", wait.message, state: state, by: "gateway",
            [.init("finding", wait.finding.rawValue), .init("until", wait.until?.ISO8601Format())])
    }
}

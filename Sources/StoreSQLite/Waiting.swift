import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

// Messages that left us and of which nothing more was heard.

extension Database {
    func overdue(upTo limit: Int, at now: Date) throws -> [Overdue] {
        var ids: [MessageID] = []
        try each(
            "SELECT id FROM outcomes WHERE due_at <= ? ORDER BY due_at, id LIMIT ?", [now.milliseconds, max(0, limit)]
        ) { ids.append(MessageID(raw: $0[0])) }
        return try ids.compactMap { id in
            guard let place = try outcome(id), let message = try message(id) else { return nil }
            return Overdue(
                message: message, state: place.state, progress: place.progress, attempt: try attempts(of: id).last)
        }
    }

    /// Due at the latest when it expires, so only what is due is looked through.
    func expired(on channels: [Channel], upTo limit: Int, at now: Date) throws -> [MessageID] {
        var ids: [MessageID] = []
        for channel in channels where ids.count < limit {
            try each(
                """
                SELECT id FROM queue WHERE channel = ?1 AND priority IN (0, 1, 2, 3) AND due_at <= ?2
                    AND expires_at <= ?2 LIMIT ?3
                """, [channel.rawValue, now.milliseconds, limit - ids.count]
            ) { ids.append(MessageID(raw: $0[0])) }
        }
        return ids
    }

    private func message(_ id: MessageID) throws -> Message? {
        try first("SELECT \(MessageRow.columns) FROM messages m WHERE m.id = ?", [id.raw]).map {
            try MessageRow.read($0)
        }
    }

    func unknownOutcomes(of id: MessageID) throws -> Int {
        try attempts(of: id).count { attempt in
            guard case .failed(let failure) = attempt.outcome else { return false }
            return failure.outlook == .unknown
        }
    }

    func earliestWait() throws -> Int64? {
        try number("SELECT due_at FROM outcomes WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
    }
}

extension Transaction {
    func wait(_ wait: Wait) throws {
        guard let place = try db.outcome(wait.message), !place.state.isFinal,
            wait.attempt.map({ $0 == place.progress.submissions }) != false
        else { return }
        try db.run(
            "UPDATE outcomes SET due_at = ?, held = ? WHERE id = ?",
            [
                wait.until?.milliseconds, wait.until == nil ? nil : HeldReason.awaitingReport.rawValue,
                wait.message.raw,
            ])
        try journal(
            "waiting", wait.message, state: place.state, by: "gateway",
            [.init("finding", wait.finding), .init("until", wait.until?.ISO8601Format())])
    }
}

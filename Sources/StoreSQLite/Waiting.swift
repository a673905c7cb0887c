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
}

extension Transaction {
    func wait(_ wait: Wait) throws {
        guard let place = try db.outcome(wait.message), !place.state.isFinal else { return }
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

package import Domain
import FoundationEssentials
import GRDB
package import Journal

extension SQLiteStore {
    package func queueLines(at now: Moment) async throws(StoreError) -> [QueueLine] {
        try await read { try $0.queueLines(at: now.wall.milliseconds) }
    }
}

extension Database {
    /// One walk over the queue in the order of its key.
    fileprivate func queueLines(at now: Int64) throws -> [QueueLine] {
        var lines: [QueueLine] = []
        try each(
            """
            SELECT channel, priority, iif(due_at > ?1, held, NULL) AS reason, count(*), min(due_at)
            FROM queue GROUP BY channel, priority, reason ORDER BY priority, channel
            """, [now]
        ) { row in
            let channel: Channel = try row.word(0)
            let priority = try row.priority(1)
            if lines.last?.channel != channel || lines.last?.priority != priority {
                lines.append(QueueLine(channel: channel, priority: priority))
            }
            let place = lines.count - 1, count: Int = row[3]
            if let reason: HeldReason = try row.word(orNil: 2) {
                lines[place].held[reason] = count
            } else {
                lines[place].waiting = count
                if let due: Int64 = row[4], due <= now { lines[place].oldest = .milliseconds(now - due) }
            }
        }
        return lines
    }
}

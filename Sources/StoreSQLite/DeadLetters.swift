package import Domain
import FoundationEssentials
import GRDB
package import Journal

// What goes no further by itself, and what waits to go.

extension SQLiteStore {
    package func deadLetters(
        _ filter: DeadLetterFilter, limit: Int, after: MessageID?
    ) async throws(StoreError) -> [DeadLetter] {
        try await read { try $0.deadLetters(filter, limit: min(max(limit, 1), 1000), before: after?.raw ?? .max) }
    }

    package func backlog() async throws(StoreError) -> [BacklogRow] { try await read { try $0.backlog() } }
}

extension Database {
    /// Newest first. A word for an unknown outcome belongs to a failed message only where a person wrote it off.
    fileprivate func deadLetters(_ filter: DeadLetterFilter, limit: Int, before: Int64) throws -> [DeadLetter] {
        let given = filter.conditions
        var letters: [DeadLetter] = []
        try each(
            """
            SELECT o.id, m.purpose, m.recipient, m.destinations, o.state, o.failure_reason, o.failure_code,
                o.failure_detail, o.channel, o.provider, o.at
            FROM outcomes o CROSS JOIN messages m ON m.id = o.id
            WHERE o.state IN ('failed', 'unconfirmed') AND o.state <> 'sent' AND o.id < ?
                AND CASE o.state WHEN 'failed' THEN ifnull(o.failure_reason, '') NOT IN (\(Self.unknownOutcomes))
                    ELSE o.due_at IS NULL END
                AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.retry_of = o.id)\(given.sql)
            ORDER BY o.id DESC LIMIT ?
            """, [before] + given.arguments + [limit]
        ) { letters.append(try Self.deadLetter($0)) }
        return letters
    }

    private static let unknownOutcomes = DeliveryFailure.Reason.allCases
        .filter { DeliveryFailure($0).outlook == .unknown }.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    private static func deadLetter(_ row: Row) throws -> DeadLetter {
        let reason: DeliveryFailure.Reason? = try row.word(orNil: 5)
        let destinations = try Packed.destinations(row.bytes(orNil: 3))
        return DeadLetter(
            message: MessageID(raw: row[0]), purpose: try row.purpose(1),
            recipient: (row[2] as String?).flatMap { RecipientID($0) },
            addressee: destinations.first.map(\.address.masked), state: try row.word(4),
            failure: reason.map { DeliveryFailure($0, code: row[6], detail: row[7]) }, channel: try row.word(orNil: 8),
            provider: try row.provider(orNil: 9), endedAt: row.date(10))
    }

    fileprivate func backlog() throws -> [BacklogRow] {
        var rows: [BacklogRow] = []
        try each(
            """
            SELECT 'queued', m.purpose, q.channel, count(*), min(m.accepted_at)
            FROM queue q CROSS JOIN messages m ON m.id = q.id GROUP BY m.purpose, q.channel
            UNION ALL
            SELECT 'awaiting_report', m.purpose, o.channel, count(*), min(m.accepted_at)
            FROM outcomes o CROSS JOIN messages m ON m.id = o.id
            WHERE o.due_at IS NOT NULL AND o.state = 'sent' GROUP BY m.purpose, o.channel
            ORDER BY 5
            """
        ) { row in
            rows.append(
                BacklogRow(
                    kind: try row.word(0), purpose: try row.purpose(1), channel: try row.word(orNil: 2), count: row[3],
                    oldest: row.date(4)))
        }
        return rows
    }
}

extension DeadLetterFilter {
    fileprivate var conditions: (sql: String, arguments: StatementArguments) {
        var sql = ""
        var arguments: StatementArguments = []
        func and(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            sql += " AND \(condition)"
            arguments += [value]
        }
        and("o.failure_reason = ?", reason?.rawValue)
        and("o.channel = ?", channel?.rawValue)
        and("m.purpose = ?", purpose?.text)
        and("o.at >= ?", since?.milliseconds)
        return (sql, arguments)
    }
}

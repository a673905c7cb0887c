import Domain
import FoundationEssentials
import GRDB

/// The row in `messages`: written once, read by position.
enum MessageRow {
    /// Begins with the id; the table stands in the statement as `m`.
    static let columns = """
        m.id, m.client, m.idempotency_key, m.purpose, m.template, m.template_version, m.locale, m.recipient, m.priority, \
        m.send_at, m.expires_at, m.accepted_at, m.thread, m.supersedes, m.reference, m.retry_of, m.destinations, \
        m.channels, m.variables, m.metadata, m.attachments, m.fallback_after
        """
    static let width = 22

    static func insert(_ message: Message, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO messages (id, client, idempotency_key, purpose, template, template_version, locale, recipient,
                priority, send_at, expires_at, accepted_at, thread, supersedes, reference, retry_of, destinations,
                channels, variables, metadata, attachments, fallback_after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                message.id.raw, message.client, message.idempotencyKey.map { Data($0.utf8) }, message.purpose.text,
                message.template.id, message.template.version, message.locale, message.recipient?.text,
                message.priority.rawValue, message.sendAt?.milliseconds, message.expiresAt.milliseconds,
                message.acceptedAt.milliseconds, message.thread, message.supersedes, message.reference,
                message.retryOf?.raw, Packed.destinations(message.destinations), Packed.channels(message.channels),
                Packed.variables(message.variables), Packed.metadata(message.metadata),
                Packed.attachments(message.attachments), message.fallback?.after.milliseconds,
            ])
    }

    /// - Parameter start: where `columns` begin in the row.
    static func read(_ row: Row, from start: Int = 0) throws -> Message {
        Message(
            id: MessageID(raw: row[start]), client: row[start + 1],
            idempotencyKey: row.bytes(start + 2).map { String(decoding: $0, as: UTF8.self) },
            purpose: try row.purpose(start + 3),
            template: TemplateRef(id: row[start + 4], version: row[start + 5]), locale: row[start + 6],
            recipient: try row.recipient(orNil: start + 7),
            destinations: try Packed.destinations(row.bytes(start + 16)),
            channels: try Packed.channels(row.bytes(start + 17)),
            variables: try Packed.variables(row.bytes(start + 18)), priority: try priority(row[start + 8]),
            sendAt: row.date(orNil: start + 9), expiresAt: row.date(start + 10), acceptedAt: row.date(start + 11),
            thread: row[start + 12], supersedes: row[start + 13], reference: row[start + 14],
            metadata: try Packed.metadata(row.bytes(start + 19)),
            attachments: try Packed.attachments(row.bytes(start + 20)),
            retryOf: (row[start + 15] as Int64?).map(MessageID.init(raw:)),
            fallback: (row[start + 21] as Int64?).map { Fallback(after: .milliseconds($0)) })
    }

    static func priority(_ number: Int) throws -> Priority {
        guard let priority = Priority(rawValue: number) else { throw Damaged(what: "priority \(number)") }
        return priority
    }
}

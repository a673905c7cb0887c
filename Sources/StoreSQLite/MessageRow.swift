import Domain
import FoundationEssentials
import GRDB

/// The row in `messages`: written once, read by position.
enum MessageRow {
    /// Begins with the id; the table stands in the statement as `m`.
    static let columns = """
        m.id, m.client, m.idempotency_key, m.purpose, m.template, m.template_version, m.locale, m.recipient, m.priority, \
        m.send_at, m.expires_at, m.accepted_at, m.thread, m.supersedes, m.reference, m.retry_of, m.destinations, \
        m.channels, m.variables, m.metadata, m.attachments, m.fallback_after, m.mode, m.condition
        """

    /// In the order of `HotStatements.insertMessage`.
    static func bind(_ message: Message, _ row: inout HotValues) {
        row.add(message.id.raw)
        row.add(message.client)
        row.add(message.idempotencyKey.map { Array($0.utf8) })
        row.add(message.purpose.text)
        row.add(message.template.id)
        row.add(message.template.version)
        row.add(message.locale)
        row.add(message.recipient?.text)
        row.add(message.priority.rawValue)
        row.add(message.sendAt?.milliseconds)
        row.add(message.expiresAt.milliseconds)
        row.add(message.acceptedAt.milliseconds)
        row.add(message.thread)
        row.add(message.supersedes)
        row.add(message.reference)
        row.add(message.retryOf?.raw)
        row.add(Packed.destinations(message.destinations))
        row.add(Packed.channels(message.channels))
        row.add(Packed.variables(message.variables))
        row.add(Packed.metadata(message.metadata))
        row.add(Packed.attachments(message.attachments))
        row.add(message.fallback?.after.milliseconds)
        row.add(message.mode == .live ? nil : message.mode.rawValue)
        row.add(Packed.condition(message.condition))
    }

    /// - Parameter start: where `columns` begin in the row.
    static func read(_ row: some StoredRow, from start: Int = 0) throws -> Message {
        Message(
            id: MessageID(raw: row.number(start)), client: row.text(start + 1),
            idempotencyKey: row.bytes(orNil: start + 2).map { String(decoding: $0, as: UTF8.self) },
            purpose: try row.purpose(start + 3),
            template: TemplateRef(id: row.text(start + 4), version: row.text(start + 5)),
            locale: row.text(start + 6), recipient: try row.recipient(orNil: start + 7),
            destinations: try Packed.destinations(row.bytes(orNil: start + 16)),
            channels: try Packed.channels(row.bytes(orNil: start + 17)),
            variables: try Packed.variables(row.bytes(orNil: start + 18)), priority: try row.priority(start + 8),
            sendAt: row.date(orNil: start + 9), expiresAt: row.date(start + 10), acceptedAt: row.date(start + 11),
            thread: row.text(orNil: start + 12), supersedes: row.text(orNil: start + 13),
            reference: row.text(orNil: start + 14),
            metadata: try Packed.metadata(row.bytes(orNil: start + 19)),
            attachments: try Packed.attachments(row.bytes(orNil: start + 20)),
            retryOf: row.number(orNil: start + 15).map(MessageID.init(raw:)),
            fallback: row.number(orNil: start + 21).map { Fallback(after: .milliseconds($0)) },
            mode: try row.word(orNil: start + 22) ?? .live,
            condition: try Packed.condition(row.bytes(orNil: start + 23)))
    }
}

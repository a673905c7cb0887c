import Domain
import FoundationEssentials
import GRDB
import Journal
import Policy

extension Transaction {
    func record(_ record: ConsentRecord) throws {
        try db.run(
            """
            INSERT INTO consents (id, recipient, purpose, channel, action, source, recorded_by, evidence, text_version,
                occurred_at, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.id.raw, record.recipient.text, record.purpose.text, record.channel?.rawValue,
                record.action.rawValue, record.source.rawValue, record.recordedBy, record.evidence,
                record.textVersion, record.occurredAt.milliseconds, record.recordedAt.milliseconds,
            ])
        try age(Subject.recipient(record.recipient))
        try journal(
            "consent", by: record.recordedBy,
            [
                .init("consent", record.id.text), .init("recipient", record.recipient.text),
                .init("purpose", record.purpose.text), .init("channel", record.channel?.rawValue),
                .init("action", record.action.rawValue), .init("source", record.source.rawValue),
                .foreign("evidence", record.evidence, about: nil), .init("text_version", record.textVersion),
                .init("occurred_at", record.occurredAt.ISO8601Format()),
            ])
    }

    /// False, and nothing written, where the ledger holds the same word already; whoever brought it and under which id.
    func recordIfNew(_ record: ConsentRecord) throws -> Bool {
        guard try told(record) == nil else { return false }
        try self.record(record)
        return true
    }

    /// Under which id the ledger holds the same word.
    func told(_ record: ConsentRecord) throws -> Int64? {
        try db.number(
            """
            SELECT id FROM consents
            WHERE recipient = ? AND purpose = ? AND channel IS ? AND action = ? AND occurred_at = ? LIMIT 1
            """,
            [
                record.recipient.text, record.purpose.text, record.channel?.rawValue, record.action.rawValue,
                record.occurredAt.milliseconds,
            ])
    }

    /// Of two reasons for one address the one that holds longer stays: a soft bounce does not shorten a refusal. A line
    /// that takes the place of another has a new id: whoever knew the old one knew another line.
    /// - Returns: whether it stands there now; false where the present one holds longer.
    @discardableResult
    func suppress(_ suppression: Suppression, by: String) throws -> Bool {
        let destination = suppression.destination.folded
        try db.run(
            """
            INSERT INTO suppressions (channel, address, reason, since, until, detail, id) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (channel, address) DO UPDATE
            SET reason = excluded.reason, since = excluded.since, until = excluded.until, detail = excluded.detail,
                id = excluded.id
            WHERE until IS NOT NULL AND (excluded.until IS NULL OR excluded.until >= until)
            """,
            [
                destination.channel.rawValue, destination.address.exposed, suppression.reason.rawValue,
                suppression.since.milliseconds, suppression.until?.milliseconds, suppression.detail,
                workbench.suppressionIDs.next(SuppressionKind.self, at: now.wall).raw,
            ])
        let stands = db.changesCount > 0
        try age(Subject.destination(destination))
        try journal(
            "suppression", by: by,
            [
                .init("to", "\(destination.channel.rawValue) \(destination.address.masked)"),
                .init("reason", suppression.reason.rawValue), .init("until", suppression.until?.ISO8601Format()),
                .foreign("detail", suppression.detail, about: destination),
            ])
        return stands
    }

    func lift(_ given: Destination, by: String) throws -> Bool {
        let destination = given.folded
        try db.run(
            "DELETE FROM suppressions WHERE channel = ? AND address = ?",
            [destination.channel.rawValue, destination.address.exposed])
        guard db.changesCount > 0 else { return false }
        try age(Subject.destination(destination))
        try journal(
            "lifted", by: by, [.init("to", "\(destination.channel.rawValue) \(destination.address.masked)")])
        return true
    }
}

extension Database {
    static func suppression(_ row: some StoredRow) throws -> Suppression {
        Suppression(
            destination: try row.destination(0), reason: try row.word(2), since: row.date(3),
            until: row.date(orNil: 4), detail: row.text(orNil: 5))
    }

    static let consentColumns =
        "id, recipient, purpose, channel, action, source, recorded_by, evidence, text_version, occurred_at, recorded_at"

    static func consent(_ row: some StoredRow) throws -> ConsentRecord {
        guard let recipient = try row.recipient(orNil: 1) else { throw Damaged(what: "a consent of nobody") }
        return ConsentRecord(
            id: ConsentID(raw: row.number(0)), recipient: recipient, purpose: try row.purpose(2),
            channel: try row.word(orNil: 3), action: try row.word(4), source: try row.word(5),
            recordedBy: row.text(6), evidence: row.text(orNil: 7), textVersion: row.text(orNil: 8),
            occurredAt: row.date(9), recordedAt: row.date(10))
    }
}

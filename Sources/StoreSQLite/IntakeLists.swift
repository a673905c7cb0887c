package import Domain
package import FoundationEssentials
import GRDB

// What people are shown of the intake file, and what is cleared away.

extension IntakeFile {
    package struct Counts: Sendable, Hashable {
        package var pending = 0
        package var refused = 0
    }

    /// A row as lists show it: never the request, which holds addresses.
    package struct Listed: Sendable, Hashable {
        package let id: Int64
        package let client: String
        package let message: String?
        /// Problem JSON.
        package let error: String?
        package let settledAt: Date?
    }

    package func counts() async throws(StoreError) -> Counts {
        do {
            return try await queue.read { db in
                Counts(
                    pending: Int(
                        try db.number("SELECT count(*) FROM intake WHERE message IS NULL AND error IS NULL") ?? 0),
                    refused: Int(try db.number("SELECT count(*) FROM intake WHERE error IS NOT NULL") ?? 0))
            }
        } catch { throw StoreError(error) }
    }

    package enum Kind: String, Sendable, CaseIterable { case pending, refused, accepted }

    /// Latest first.
    package func rows(_ kind: Kind, limit: Int) async throws(StoreError) -> [Listed] {
        let condition =
            switch kind {
            case .pending: "message IS NULL AND error IS NULL"
            case .refused: "error IS NOT NULL"
            case .accepted: "message IS NOT NULL"
            }
        do {
            return try await queue.read { db in
                var rows: [Listed] = []
                try db.each(
                    """
                    SELECT id, CAST(substr(CAST(client AS BLOB), 1, 64) AS BLOB), message, CAST(error AS BLOB), settled_at
                    FROM intake WHERE \(condition) ORDER BY id DESC LIMIT ?
                    """, [max(0, limit)]
                ) { row in
                    rows.append(
                        Listed(
                            id: row[0], client: String(decoding: row.bytes(1), as: UTF8.self),
                            message: row.text(orNil: 2),
                            error: row.bytes(orNil: 3).map { String(decoding: $0, as: UTF8.self) },
                            settledAt: row.date(orNil: 4)))
                }
                return rows
            }
        } catch { throw StoreError(error) }
    }

    /// Takes away rows whose ending was written before `date`; a piece at a time.
    /// - Returns: how many.
    package func clear(settledBefore date: Date, limit: Int) async throws(StoreError) -> Int {
        do {
            return try await queue.writeWithoutTransaction { db in
                try db.run(
                    """
                    DELETE FROM intake WHERE id IN (
                        SELECT id FROM intake WHERE settled_at < ? AND (message IS NOT NULL OR error IS NOT NULL) LIMIT ?)
                    """, [date.milliseconds, max(0, limit)])
                return db.changesCount
            }
        } catch { throw StoreError(error) }
    }
}

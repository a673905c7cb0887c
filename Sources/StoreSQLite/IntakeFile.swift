package import Domain
import FoundationEssentials
import GRDB

/// `intake.db` beside the gateway's own file: programs on this host insert messages in a transaction of their own, and
/// the gateway drains them. Rollback journal, because strangers and a write-ahead log do not go together on SQLite
/// before 3.51.3.
package final class IntakeFile: Sendable {
    package struct Row: Sendable, Hashable {
        package let id: Int64
        package let client: String
        /// The caller's bytes; nil when there is none.
        package let idempotencyKey: String?
        /// The JSON of `POST /v1/messages`.
        package let request: [UInt8]
    }

    package enum Ending: Sendable, Hashable {
        case message(MessageID)
        /// Problem JSON; the row keeps it.
        case refused(problem: String)
    }

    private let queue: DatabaseQueue

    private init(_ queue: DatabaseQueue) { self.queue = queue }

    /// Creates the file where there is none; its group may write to it.
    package static func open(_ path: String) throws(StoreError) -> IntakeFile {
        try Files.checkFolder(of: path)
        try Migrations.intake.checkAfterRollback(path)
        try Files.prepare(path, mode: 0o660)
        do {
            var configuration = Configuration()
            configuration.label = "intake"
            configuration.busyMode = .timeout(2)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { db in
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try Migrations.intake.apply(db)
            }
            return IntakeFile(queue)
        } catch { throw StoreError(error) }
    }

    /// Oldest first, those that have no ending yet.
    package func pending(limit: Int) async throws(StoreError) -> [Row] {
        do {
            return try await queue.read { db in
                var rows: [Row] = []
                try db.each(
                    """
                    SELECT id, client, CAST(idempotency_key AS BLOB), CAST(request AS BLOB) FROM intake
                    WHERE message IS NULL AND error IS NULL ORDER BY id LIMIT ?
                    """, [limit]
                ) { row in
                    rows.append(
                        Row(
                            id: row[0], client: row[1],
                            idempotencyKey: row.bytes(orNil: 2).map { String(decoding: $0, as: UTF8.self) },
                            request: row.bytes(3)))
                }
                return rows
            }
        } catch { throw StoreError(error) }
    }

    /// All or nothing. A row that has its ending already keeps it.
    package func settle(_ endings: [(row: Int64, ending: Ending)]) async throws(StoreError) {
        do {
            try await queue.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for (row, ending) in endings { try Self.settle(row, ending, db) }
                    return .commit
                }
            }
        } catch { throw StoreError(error) }
    }

    private static func settle(_ row: Int64, _ ending: Ending, _ db: Database) throws {
        switch ending {
        case .message(let id):
            try db.run(
                "UPDATE intake SET message = ? WHERE id = ? AND message IS NULL AND error IS NULL", [id.text, row])
        case .refused(let problem):
            try db.run(
                "UPDATE intake SET error = ? WHERE id = ? AND message IS NULL AND error IS NULL", [problem, row])
        }
    }

    package func close() { try? queue.close() }
}

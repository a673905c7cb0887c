package import Domain
import FoundationEssentials
import GRDB
package import Queue

/// `intake.db` beside the gateway's own file: programs on this host insert messages in a transaction of their own, and
/// the gateway drains them. Rollback journal, because strangers and a write-ahead log do not go together on SQLite
/// before 3.51.3.
package final class IntakeFile: Sendable {
    package let identity: String
    let queue: DatabaseQueue
    private let path: String
    /// Of the file that was opened: another one may be put in its place.
    private let inode: UInt64?

    private init(_ queue: DatabaseQueue, path: String, identity: String) {
        self.queue = queue
        self.path = path
        self.identity = identity
        inode = Files.inode(path)
    }

    /// Creates the file where there is none; its group may write to it.
    package static func open(_ path: String) throws(StoreError) -> IntakeFile {
        try Files.checkFolder(of: path)
        try Migrations.intake.checkAfterRollback(path)
        try Files.prepare(path, mode: 0o660)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: false))
            let identity = try queue.writeWithoutTransaction { db in
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try Migrations.intake.apply(db)
                return try String.fetchOne(db, sql: "SELECT identity FROM intake_identity")
            }
            guard let identity else { throw Damaged(what: "the intake file has lost its name") }
            return IntakeFile(queue, path: path, identity: identity)
        } catch { throw StoreError(error) }
    }

    /// For lists beside the running gateway; it settles nothing.
    package static func openReadOnly(_ path: String) throws(StoreError) -> IntakeFile {
        try Migrations.intake.check(path)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            return IntakeFile(queue, path: path, identity: "")
        } catch { throw StoreError(error) }
    }

    private static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.label = "intake"
        configuration.busyMode = .timeout(2)
        return configuration
    }

    /// False when the file was removed or another one put in its place: what is inserted now, nobody here sees.
    package var isInPlace: Bool { inode != nil && Files.inode(path) == inode }

    package func close() { try? queue.close() }
}

extension IntakeFile: IntakeTable {
    /// Rows of one page are kept in memory together.
    private static let pageBytes = 8 << 20

    package func pending(after: Int64, limit: Int) async throws(StoreError) -> IntakePage {
        do {
            return try await queue.read { db in
                var page = IntakePage(rows: [], isLast: true)
                var bytes = 0
                let cursor = try Row.fetchCursor(
                    try db.cachedStatement(
                        sql: """
                            SELECT id, CAST(client AS BLOB), CAST(idempotency_key AS BLOB),
                                CASE WHEN length(CAST(request AS BLOB)) <= ? THEN CAST(request AS BLOB) END
                            FROM intake WHERE id > ? AND message IS NULL AND error IS NULL ORDER BY id LIMIT ?
                            """), arguments: [IntakeRow.limit, after, limit])
                while let row = try cursor.next() {
                    let request = row.bytes(orNil: 3)
                    page.rows.append(
                        IntakeRow(
                            id: row[0], client: row.bytes(1), idempotencyKey: row.bytes(orNil: 2), request: request))
                    bytes += request?.count ?? 0
                    if page.rows.count == limit || bytes >= Self.pageBytes {
                        page.isLast = false
                        break
                    }
                }
                return page
            }
        } catch { throw StoreError(error) }
    }

    package func settle(_ endings: [IntakeSettling], at now: Moment) async throws(StoreError) {
        do {
            try await queue.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for settling in endings { try Self.settle(settling, at: now.wall, db) }
                    return .commit
                }
            }
        } catch { throw StoreError(error) }
    }

    private static func settle(_ settling: IntakeSettling, at now: Date, _ db: Database) throws {
        switch settling.ending {
        case .message(let id):
            try db.run(
                """
                UPDATE intake SET message = ?, settled_at = ? WHERE id = ? AND message IS NULL AND error IS NULL
                """, [id.text, now.milliseconds, settling.row])
        case .refused(let problem):
            try db.run(
                "UPDATE intake SET error = ?, settled_at = ? WHERE id = ? AND message IS NULL AND error IS NULL",
                [problem, now.milliseconds, settling.row])
        }
    }
}

import Domain
import Glibc
import GRDBSQLite

/// A queue in SQLite with nothing around it: synchronous = FULL, prepared statements, claim and settle in one commit. It
/// says how fast a durable queue can be on this machine, before anybody asks whether a message may go.
final class ThinDatabase {
    struct Message {
        let id: Int64
        let address: [UInt8]
        let payload: [UInt8]
    }

    private let db: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    init(_ path: String) throws(BenchFailure) {
        var handle: OpaquePointer?
        guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else {
            throw BenchFailure(.unavailable, ru: "база \(path) не открылась", en: "the database \(path) did not open")
        }
        db = handle
        for sql in [
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 4000",
            "PRAGMA cache_size = -65536",
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, address BLOB, payload BLOB)",
            "CREATE TABLE queue (priority INTEGER, due INTEGER, id INTEGER, PRIMARY KEY (priority, due, id)) WITHOUT ROWID",
            "CREATE TABLE inflight (id INTEGER PRIMARY KEY, due INTEGER)",
            "CREATE TABLE outcomes (id INTEGER PRIMARY KEY, code INTEGER, at INTEGER)",
        ] { run(sql) }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(db)
    }

    func fill(_ count: Int, _ address: (Int) -> [UInt8], _ payload: [UInt8]) {
        for start in stride(from: 0, to: count, by: 1000) {
            run("BEGIN IMMEDIATE")
            for number in start..<min(count, start + 1000) {
                run("INSERT INTO messages VALUES (?, ?, ?)", Int64(number), address(number), payload)
                run("INSERT INTO queue VALUES (2, ?, ?)", Int64(number), Int64(number))
            }
            run("COMMIT")
        }
    }

    /// One commit: what ended is recorded, more is claimed.
    func turn(ended: [Int64], claiming limit: Int) -> [Message] {
        var claimed: [Message] = []
        run("BEGIN IMMEDIATE")
        for id in ended {
            run("DELETE FROM inflight WHERE id = ?", id)
            run("INSERT INTO outcomes VALUES (?, 250, ?)", id, Int64(Stopwatch.now()))
        }
        let select = statement(
            """
            SELECT q.id, m.address, m.payload FROM queue q CROSS JOIN messages m ON m.id = q.id
            WHERE q.priority = 2 ORDER BY q.due, q.id LIMIT ?
            """)
        sqlite3_bind_int64(select, 1, Int64(limit))
        while limit > 0, sqlite3_step(select) == SQLITE_ROW {
            claimed.append(
                Message(
                    id: sqlite3_column_int64(select, 0), address: Self.bytes(select, 1), payload: Self.bytes(select, 2))
            )
        }
        sqlite3_reset(select)
        for message in claimed {
            run("DELETE FROM queue WHERE priority = 2 AND due = ? AND id = ?", message.id, message.id)
            run("INSERT INTO inflight VALUES (?, ?)", message.id, message.id)
        }
        run("COMMIT")
        return claimed
    }

    // MARK: SQLite

    private static func bytes(_ statement: OpaquePointer, _ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(statement, column))
        return Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count))
    }

    /// A measurement that went wrong is none: the process ends, and its caller says that this peer is missing.
    private func give(up sql: String) -> Never {
        let words = String(cString: sqlite3_errmsg(db))
        let line = Array("missing \(sql): \(words)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
        exit(69)
    }

    private func statement(_ sql: String) -> OpaquePointer {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        guard sqlite3_prepare_v2(db, sql, -1, &made, nil) == SQLITE_OK, let made else { give(up: sql) }
        statements[sql] = made
        return made
    }

    private func run(_ sql: String, _ values: any ThinValue...) {
        let statement = statement(sql)
        for (place, value) in values.enumerated() { value.bind(statement, Int32(place + 1)) }
        let code = sqlite3_step(statement)
        if code != SQLITE_DONE, code != SQLITE_ROW { give(up: sql) }
        sqlite3_reset(statement)
    }
}

protocol ThinValue { func bind(_ statement: OpaquePointer, _ place: Int32) }

extension Int64: ThinValue {
    func bind(_ statement: OpaquePointer, _ place: Int32) { sqlite3_bind_int64(statement, place, self) }
}

extension [UInt8]: ThinValue {
    func bind(_ statement: OpaquePointer, _ place: Int32) {
        // SQLite copies the bytes: SQLITE_TRANSIENT is a cast that Swift does not import.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        withUnsafeBytes { _ = sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied) }
    }
}

// The books of one gateway in one SQLite file: queue, journal, recipients, consents. This file opens and closes it; each
// port is a file of its own; what a statement means stands beside it, in the extensions of Transaction and Database.
//
// One process owns the file, and within it one connection writes (Writer). Readers look at snapshots and never wait.

package import Counting
package import Domain
package import FoundationEssentials
import GRDB
import Synchronization

package final class SQLiteStore: Sendable {
    let pool: DatabasePool
    /// Nil when the file was opened for reading beside its owner.
    let writer: Writer?
    private let lock: OwnerLock?
    let path: String
    /// What has been committed since this process opened the file; nothing where it only reads.
    package let tally: Tally
    let keyChanges = Atomic<UInt64>(0)

    private init(_ path: String, pool: DatabasePool, writer: Writer?, lock: OwnerLock?) {
        self.path = path
        tally = writer?.tally ?? Tally()
        self.pool = pool
        self.writer = writer
        self.lock = lock
    }

    deinit { close() }

    /// Opens the file for this process alone, creates it where there is none and brings it up to date.
    ///
    /// - Parameters:
    ///   - path: the folder must exist. `path.lock`, `path.place`, `path-wal` and `path-shm` stand beside it.
    ///   - holder: what to tell a second process about us: `vestnik serve`.
    ///   - now: since when, in the same words.
    ///   - tally: counts what is committed from now on.
    /// - Throws: `.busy` with the name of the present owner; `.corrupt` for a file that is damaged, not ours or of a newer
    ///   version; `.full` where we may not write; `.unreachable` where there is no such folder.
    package static func open(
        _ path: String, holder: String, at now: Date, tally: Tally = Tally()
    ) throws(StoreError) -> SQLiteStore {
        try Files.checkFolder(of: path)
        let lock = try OwnerLock(path: path + ".lock", holder: holder, since: now)
        try Migrations.gateway.checkAfterRollback(path)
        try Files.prepare(path, mode: 0o600)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration(readonly: false))
            let session = try pool.writeWithoutTransaction { db in
                try prepareWriter(db)
                try greetOlder(db, path)
                try Migrations.gateway.apply(db)
                return try newSession(db, path, holder: holder, at: now)
            }
            let store = SQLiteStore(path, pool: pool, writer: Writer(pool, session: session, tally: tally), lock: lock)
            try store.readPlace().write(beside: path)
            return store
        } catch { throw StoreError(error) }
    }

    /// Opens the file for reading, beside a running owner or without one. Every method that writes throws.
    package static func openReadOnly(_ path: String) throws(StoreError) -> SQLiteStore {
        guard !Files.head(path, count: 1).isEmpty else {
            throw StoreError(.unreachable, "there is no database at \(path)")
        }
        try Migrations.gateway.check(path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration(readonly: true))
            let version = try pool.read { try $0.number("PRAGMA user_version") ?? 0 }
            guard version == Migrations.gateway.newest else {
                throw StoreError(
                    .corrupt, "\(path) has schema \(version), not \(Migrations.gateway.newest): start the gateway once")
            }
            return SQLiteStore(path, pool: pool, writer: nil, lock: nil)
        } catch { throw StoreError(error) }
    }

    /// What was handed over before is written; afterwards every call throws. The lock goes last.
    package func close() {
        writer?.close()
        notePlace()
        // The pool closes its readers last, and a reader cannot empty the log: without this a copy of the file alone
        // would lack what was written lately.
        if writer != nil {
            try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        }
        try? pool.close()
        lock?.release()
    }

    private static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.label = "store"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA cache_size = -3000") }
        return configuration
    }

    /// GRDB sets `synchronous = NORMAL` after `prepareDatabase`; in WAL mode that loses acknowledged rows when the power
    /// goes. So it is set here, on the open writer, and read back.
    private static func prepareWriter(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        try db.execute(sql: "PRAGMA cache_size = -65536")
        guard try db.number("PRAGMA synchronous") == 2 else {
            throw StoreError(.broken, "SQLite does not keep synchronous = FULL")
        }
    }

    /// A database of a version that knew no places gets one before it is upgraded, whatever happens in between.
    private static func greetOlder(_ db: Database, _ path: String) throws {
        guard try db.number("PRAGMA user_version") ?? 0 < Migrations.firstWithPlace, Place.read(beside: path) == nil
        else { return }
        try Place(of: path, session: 0, journal: 0).write(beside: path)
    }

    /// Takes the file over, and in the same transaction holds the queue where something speaks against this file.
    private static func newSession(_ db: Database, _ path: String, holder: String, at now: Date) throws -> Session {
        let doubt = try Place.doubt(about: place(of: path, db), known: Place.read(beside: path))
        var session = Session(id: 0)
        try db.inTransaction(.immediate) {
            try db.run("INSERT INTO sessions (pid, holder) VALUES (?, ?)", [Int64(ProcessID.own), holder])
            session = Session(id: db.lastInsertedRowID)
            let transaction = Transaction(
                db, session: session, workbench: try Workbench(db), now: Moment(wall: now, uptime: 0))
            try transaction.noticeClockSetBackSinceLastEntry()
            if let doubt { try transaction.hold(doubt.reason, doubt.detail, by: "gateway") }
            try transaction.finish()
            return .commit
        }
        return session
    }

    static func place(of path: String, _ db: Database) throws -> Place {
        try Place(
            of: path, session: try db.number("SELECT max(id) FROM sessions") ?? 0,
            journal: try db.number("SELECT sequence FROM journal_head") ?? 0)
    }

    private func readPlace() throws -> Place { try pool.read { [path] in try Self.place(of: path, $0) } }

    /// Writes down how far the file has come, so that an older copy of it is recognised. The owner does it now and then,
    /// and always at its end; a place that cannot be written is only an older one.
    package func notePlace() {
        guard writer != nil, let place = try? readPlace(), place != Place.read(beside: path) else { return }
        try? place.write(beside: path)
    }

    // MARK: For the ports

    func write<Value: Sendable>(
        _ rank: Writer.Rank, rows: Int = 1, mayLag: Bool = false, at now: Moment,
        _ work: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(StoreError) -> Value {
        guard let writer else { throw StoreError(.unreachable, "the database is open for reading only") }
        return try await writer.write(rank, rows: rows, mayLag: mayLag, at: now, work)
    }

    /// As `read`, for what goes at the pace of the worker's turns.
    func look<Value: Sendable>(_ work: @Sendable @escaping (Database) throws -> Value) async throws(StoreError) -> Value
    {
        guard let writer else { return try await read(work) }
        return try await writer.look(work)
    }

    /// All that `work` reads is of one moment.
    func read<Value: Sendable>(_ work: @Sendable @escaping (Database) throws -> Value) async throws(StoreError) -> Value
    {
        do { return try await pool.read(work) } catch { throw StoreError(error) }
    }
}

import Domain
import GRDB

/// The numbered files in Migrations/, compiled into the program. Forward only, each in one transaction;
/// `PRAGMA user_version` says which was last.
struct Migrations: Sendable {
    /// Tells our files from those of other programs: the four letters are the first thing in the file's header.
    let application: Int64
    let steps: [[UInt8]]

    static let gateway = Migrations(
        application: 0x5653_544E,
        steps: [
            PackageResources._001_tables_sql, PackageResources._002_suppressions_folded_sql,
            PackageResources._003_holds_sql, PackageResources._004_keys_sql, PackageResources._005_facts_sql,
            PackageResources._006_webhooks_sql, PackageResources._007_suppression_ids_sql,
            PackageResources._008_provider_notes_sql,
        ])
    /// From here on a database has a place beside it; an older one without it was only upgraded.
    static let firstWithPlace: Int64 = 3
    static let intake = Migrations(
        application: 0x5653_5449,
        steps: [PackageResources.intake_0001_table_sql, PackageResources.intake_0002_settled_sql])

    var newest: Int64 { Int64(steps.count) }

    /// Looks without touching anything: a stranger's database must not even be switched to another journal mode.
    func check(_ path: String) throws(StoreError) {
        let head = Files.head(path, count: 16)
        guard !head.isEmpty else { return }
        guard head == Array("SQLite format 3\0".utf8) else {
            throw StoreError(.corrupt, "\(path) is not an SQLite database")
        }
        do { try look(at: path, readonly: true) } catch {
            let failure = StoreError(error)
            // A plain "error" from a file that was only looked at: SQLite's word for a header it cannot follow.
            throw failure.kind == .broken ? StoreError(.corrupt, failure.detail) : failure
        }
    }

    /// For those who may write to the file: what a power cut or a kill broke off lies in a rollback journal beside it, and
    /// nobody can look before it is rolled back, which SQLite does as soon as somebody who may write opens the file.
    func checkAfterRollback(_ path: String) throws(StoreError) {
        if !Files.head(path + "-journal", count: 1).isEmpty { try rollBack(path) }
        try check(path)
    }

    private func rollBack(_ path: String) throws(StoreError) {
        do { try look(at: path, readonly: true) } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK || error.extendedResultCode == .SQLITE_READONLY
        {
            do { try look(at: path, readonly: false) } catch { throw StoreError(error) }
        } catch {
            // `check` says it better.
        }
    }

    private func look(at path: String, readonly: Bool) throws {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(2)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        try queue.read { try check($0, path) }
    }

    private func check(_ db: Database, _ path: String) throws {
        let owner = try db.number("PRAGMA application_id") ?? 0
        let version = try db.number("PRAGMA user_version") ?? 0
        let tables = try db.number("SELECT count(*) FROM sqlite_schema") ?? 0
        if owner == 0, version == 0, tables == 0 { return }
        guard owner == application else {
            throw StoreError(.corrupt, "\(path) is a database of another program (application id \(owner))")
        }
        guard version <= newest else {
            throw StoreError(
                .corrupt,
                "\(path) was written by a newer version (schema \(version), this program knows \(newest)): upgrade first"
            )
        }
    }

    /// - Parameter db: outside a transaction.
    func apply(_ db: Database) throws {
        let version = try db.number("PRAGMA user_version") ?? 0
        for (place, step) in steps.enumerated() where Int64(place) >= version {
            try db.inTransaction(.immediate) {
                try db.execute(sql: String(decoding: step, as: UTF8.self))
                try db.execute(sql: "PRAGMA application_id = \(application)")
                try db.execute(sql: "PRAGMA user_version = \(place + 1)")
                return .commit
            }
        }
    }
}

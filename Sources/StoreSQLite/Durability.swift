package import Domain
import Glibc
import GRDB

enum ProcessID {
    static var own: Int32 { getpid() }
}

/// What `doctor` wants to know: whether an accepted message survives a power cut.
package struct Durability: Sendable, Hashable {
    /// 2 is FULL, the only value that keeps acknowledged rows.
    package let synchronous: Int
    package let journalMode: String
    package let sqlite: String
    /// SQLite 3.7.0–3.51.2, but 3.44.6 and 3.50.7: a second writer could lose committed rows
    /// (https://sqlite.org/wal.html#walresetbug). Harmless as long as one process owns the file.
    package let hasWALResetBug: Bool

    package var isSafe: Bool { synchronous == 2 && journalMode == "wal" }

    /// - Parameter version: `3.40.1`.
    package static func hasWALResetBug(_ version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0) ?? 0 }
        guard parts.count >= 3, parts[0] == 3 else { return false }
        switch parts[1] {
        case ..<7: return false
        case 44: return parts[2] < 6
        case 50: return parts[2] < 7
        case 51: return parts[2] < 3
        case 52...: return false
        default: return true
        }
    }
}

extension SQLiteStore {
    /// As the writing connection says itself, now.
    package func durability() async throws(StoreError) -> Durability {
        let look: @Sendable (Database) throws -> Durability = { db in
            let version = try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? ""
            return Durability(
                synchronous: try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
                journalMode: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "", sqlite: version,
                hasWALResetBug: Durability.hasWALResetBug(version))
        }
        do {
            return writer == nil ? try await pool.read(look) : try await pool.writeWithoutTransaction(look)
        } catch { throw StoreError(error) }
    }

    /// SQLite's own check of every page and index: empty when all is well. Takes seconds per gigabyte.
    package func damages() async throws(StoreError) -> [String] {
        try await read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        }
    }

    /// Why nothing can be recorded at present; nil when all is well.
    package var health: StoreError? { writer?.health }

    /// Transactions committed by this process, for the metric and for tests of sharing.
    package var commits: Int { writer?.commits ?? 0 }

    /// The greatest message id in the file, so that a clock set back cannot repeat one.
    package func lastMessageID() async throws(StoreError) -> Int64 {
        try await read { try $0.number("SELECT max(id) FROM messages") ?? 0 }
    }

    /// The same for consents.
    package func lastConsentID() async throws(StoreError) -> Int64 {
        try await read { try $0.number("SELECT max(id) FROM consents") ?? 0 }
    }
}

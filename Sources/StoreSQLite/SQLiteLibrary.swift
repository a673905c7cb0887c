import GRDB

/// The SQLite this process runs with.
package enum SQLiteLibrary {
    /// `3.40.1`; empty when it cannot even open a database in memory.
    package static var version: String {
        (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? ""
    }
}

import Domain
import FoundationEssentials
import GRDB

extension StoreError {
    /// SQLite's words in ours. Never holds values of a statement, only its kind of trouble.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as Damaged: self.init(.corrupt, "unreadable row: \(error.what)")
        case let error as DatabaseError: self.init(error)
        default: self.init(.broken, "\(type(of: error))")
        }
    }

    private init(_ error: DatabaseError) {
        let detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, "another program holds the database (\(detail))")
        // A disk that answers with errors keeps nothing either: the caller must not believe in a commit.
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM: self.init(.full, detail)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self.init(.corrupt, detail)
        case .SQLITE_CANTOPEN, .SQLITE_PROTOCOL, .SQLITE_INTERRUPT, .SQLITE_AUTH, .SQLITE_NOLFS:
            self.init(.unreachable, detail)
        default: self.init(.broken, detail)
        }
    }

    /// After one of these nothing that was sent could be recorded.
    var endsSending: Bool {
        switch kind {
        // Busy: somebody else's lock, for as long as it holds; `/readyz` says so too.
        case .full, .corrupt, .unreachable, .busy: true
        case .broken: false
        }
    }

    /// A constraint or a bug: the rest of a batch has nothing to do with it.
    var isAboutOneItem: Bool { kind == .broken }
}

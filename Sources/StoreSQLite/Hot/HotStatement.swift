import GRDB
import GRDBSQLite

/// A statement that runs once for every message. Values go straight from Swift into SQLite and back: boxing them into
/// GRDB's arguments and rows costs more than the statement itself. Same connection, same thread as everything else of the
/// writer; GRDB prepares it and closes it.
final class HotStatement {
    private let statement: Statement
    private let pointer: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        statement = try db.makeStatement(sql: sql)
        pointer = statement.sqliteStatement
    }

    /// For connections that are lent for a while: the connection keeps it, whoever has it next finds it prepared.
    init(cached db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        pointer = statement.sqliteStatement
    }

    /// For statements without result rows.
    ///
    /// - Returns: how many rows it changed, triggers not counted.
    @discardableResult
    func run(_ bind: (inout HotValues) -> Void) throws -> Int {
        try fill(bind)
        let code = sqlite3_step(pointer)
        guard code == SQLITE_DONE else { throw failure(code) }
        // Read before the reset; no other statement runs in between.
        let changes = Int(sqlite3_changes(sqlite3_db_handle(pointer)))
        sqlite3_reset(pointer)
        return changes
    }

    /// - Parameter body: a row is only good until it returns.
    func each(_ bind: (inout HotValues) -> Void, _ body: (HotRow) throws -> Void) throws {
        try fill(bind)
        defer { sqlite3_reset(pointer) }
        while true {
            let code = sqlite3_step(pointer)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            try body(HotRow(pointer))
        }
    }

    /// The first row's answer, nil where there is no row.
    func first<Value>(_ bind: (inout HotValues) -> Void, _ body: (HotRow) throws -> Value) throws -> Value? {
        try fill(bind)
        defer { sqlite3_reset(pointer) }
        let code = sqlite3_step(pointer)
        if code == SQLITE_DONE { return nil }
        guard code == SQLITE_ROW else { throw failure(code) }
        return try body(HotRow(pointer))
    }

    private func fill(_ bind: (inout HotValues) -> Void) throws {
        var values = HotValues(pointer)
        bind(&values)
        guard values.refusal == SQLITE_OK else { throw failure(values.refusal) }
    }

    private func failure(_ code: CInt) -> DatabaseError {
        let handle = sqlite3_db_handle(pointer)
        let message = sqlite3_errmsg(handle).map { String(cString: $0) }
        let extended = sqlite3_extended_errcode(handle)
        sqlite3_reset(pointer)
        return DatabaseError(
            resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended), message: message)
    }
}

/// Binds one value after the other, in the order of the question marks. SQLite keeps a copy of texts and bytes.
struct HotValues {
    private let pointer: OpaquePointer
    private var place: CInt = 0
    /// The first refusal: a text that is too long, no memory.
    private(set) var refusal = SQLITE_OK
    /// SQLITE_TRANSIENT, a macro that Swift does not import.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    mutating func add(_ number: Int64) { bind { sqlite3_bind_int64($0, $1, number) } }
    mutating func add(_ number: Int) { add(Int64(number)) }
    mutating func add(_ number: Int64?) { if let number { add(number) } else { addNull() } }
    mutating func add(_ number: Int?) { add(number.map(Int64.init)) }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(text: UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ text: String?) { if let text { add(text) } else { addNull() } }

    /// Bytes of UTF-8 for a TEXT column.
    mutating func add(text bytes: [UInt8]) { bytes.withUnsafeBytes { add(text: $0) } }

    private mutating func add(text bytes: UnsafeRawBufferPointer) {
        // Without a pointer SQLite would store NULL.
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        bind {
            sqlite3_bind_text64(
                $0, $1, start ?? UnsafeRawPointer(Self.empty.utf8Start).assumingMemoryBound(to: CChar.self),
                UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
        }
    }

    private static let empty: StaticString = ""

    /// A BLOB.
    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            if bytes.isEmpty { return bind { sqlite3_bind_zeroblob($0, $1, 0) } }
            bind { sqlite3_bind_blob64($0, $1, bytes.baseAddress, UInt64(bytes.count), Self.copied) }
        }
    }

    mutating func add(_ bytes: [UInt8]?) { if let bytes { add(bytes) } else { addNull() } }

    mutating func addNull() { bind { sqlite3_bind_null($0, $1) } }

    private mutating func bind(_ value: (OpaquePointer, CInt) -> CInt) {
        place += 1
        let code = value(pointer, place)
        if code != SQLITE_OK, refusal == SQLITE_OK { refusal = code }
    }
}

/// One row under the cursor, read by position.
struct HotRow: StoredRow {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, CInt(column)) == SQLITE_NULL }
    func number(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, CInt(column)) }

    /// The bytes of a text or a BLOB, where SQLite keeps them; empty for NULL.
    func withBytes<Value>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) rethrows -> Value {
        let start = sqlite3_column_blob(pointer, CInt(column))
        let count = Int(sqlite3_column_bytes(pointer, CInt(column)))
        return try body(UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count))
    }

    func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
    func bytes(_ column: Int) -> [UInt8] { withBytes(column) { Array($0) } }
}

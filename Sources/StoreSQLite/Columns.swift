import Domain
import FoundationEssentials
import GRDB

// How our words stand in columns. Empty lists are NULL: most messages have no attachments and no metadata.

extension Date {
    /// Milliseconds since 1970. What no calendar reaches is cut to what an integer holds.
    var milliseconds: Int64 {
        let exact = (timeIntervalSince1970 * 1000).rounded()
        return Int64(Swift.max(-9e15, Swift.min(9e15, exact.isNaN ? 0 : exact)))
    }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Database {
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func first(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// The row is only good until `body` returns.
    func each(_ sql: String, _ arguments: StatementArguments = [], _ body: (Row) throws -> Void) throws {
        let cursor = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
        while let row = try cursor.next() { try body(row) }
    }

    func number(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64? {
        try Int64.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }
}

/// A row that is read by position, through GRDB or straight from SQLite.
protocol StoredRow {
    func isNull(_ column: Int) -> Bool
    func number(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    /// Empty for NULL.
    func bytes(_ column: Int) -> [UInt8]
}

extension Row: StoredRow {
    func isNull(_ column: Int) -> Bool { hasNull(atIndex: column) }
    func number(_ column: Int) -> Int64 { self[column] }
    func text(_ column: Int) -> String { self[column] }
    func bytes(_ column: Int) -> [UInt8] { (self[column] as Data?).map { [UInt8]($0) } ?? [] }
}

extension StoredRow {
    func number(orNil column: Int) -> Int64? { isNull(column) ? nil : number(column) }
    func text(orNil column: Int) -> String? { isNull(column) ? nil : text(column) }
    func bytes(orNil column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
    func date(_ column: Int) -> Date { Date(milliseconds: number(column)) }
    func date(orNil column: Int) -> Date? { number(orNil: column).map(Date.init(milliseconds:)) }

    /// A closed word of ours.
    func word<Word: RawRepresentable<String>>(_ column: Int, _: Word.Type = Word.self) throws -> Word {
        let text = text(column)
        guard let word = Word(rawValue: text) else { throw Damaged(what: "“\(text)” is no \(Word.self)") }
        return word
    }

    func word<Word: RawRepresentable<String>>(orNil column: Int, _: Word.Type = Word.self) throws -> Word? {
        isNull(column) ? nil : try word(column)
    }

    func purpose(_ column: Int) throws -> PurposeID {
        let text = text(column)
        guard let purpose = PurposeID(text) else { throw Damaged(what: "“\(text)” is no purpose") }
        return purpose
    }

    func provider(_ column: Int) throws -> ProviderID {
        let text = text(column)
        guard let provider = ProviderID(text) else { throw Damaged(what: "“\(text)” is no provider") }
        return provider
    }

    func provider(orNil column: Int) throws -> ProviderID? { isNull(column) ? nil : try provider(column) }

    func recipient(orNil column: Int) throws -> RecipientID? {
        guard let text = text(orNil: column) else { return nil }
        guard let recipient = RecipientID(text) else { throw Damaged(what: "a recipient's name") }
        return recipient
    }

    /// Two columns: channel and address.
    func destination(_ column: Int) throws -> Destination {
        try .stored(channel: try word(column), address: text(column + 1))
    }

    /// Four columns: attempts, submissions, reach, deaths; then exhausted.
    func progress(_ column: Int) throws -> Progress {
        guard let reach = Reach(rawValue: Int(number(column + 2))) else { throw Damaged(what: "a reach") }
        return Progress(
            attempts: Int(number(column)), submissions: Int(number(column + 1)),
            exhausted: try Packed.destinations(bytes(orNil: column + 4)), reach: reach,
            deaths: Int(number(column + 3)))
    }

    func priority(_ column: Int) throws -> Priority {
        guard let priority = Priority(rawValue: Int(number(column))) else {
            throw Damaged(what: "priority \(number(column))")
        }
        return priority
    }
}

extension Destination {
    static func stored(channel: Channel, address: String) throws -> Destination {
        do { return Destination(channel: channel, address: try Address(stored: address)) } catch {
            throw Damaged(what: "an address of \(channel.rawValue)")
        }
    }
}

/// Lists inside a column.
enum Packed {
    static func destinations(_ list: [Destination]) -> [UInt8]? {
        pack(list) { writer, destination in
            writer.text(destination.channel.rawValue)
            writer.text(destination.address.exposed)
        }
    }

    static func destinations(_ bytes: [UInt8]?) throws -> [Destination] {
        try unpack(bytes) { reader in
            let name = try reader.text()
            guard let channel = Channel(rawValue: name) else { throw Damaged(what: "“\(name)” is no channel") }
            return try .stored(channel: channel, address: try reader.text())
        }
    }

    static func channels(_ list: [Channel]) -> [UInt8]? { pack(list) { $0.text($1.rawValue) } }

    static func channels(_ bytes: [UInt8]?) throws -> [Channel] {
        try unpack(bytes) { reader in
            let name = try reader.text()
            guard let channel = Channel(rawValue: name) else { throw Damaged(what: "“\(name)” is no channel") }
            return channel
        }
    }

    static func attachments(_ list: [Attachment]) -> [UInt8]? {
        pack(list) { writer, attachment in
            writer.text(attachment.name)
            writer.text(attachment.type)
            writer.block(attachment.bytes)
        }
    }

    static func attachments(_ bytes: [UInt8]?) throws -> [Attachment] {
        try unpack(bytes) { reader in
            Attachment(name: try reader.text(), type: try reader.text(), bytes: try reader.block())
        }
    }

    /// Account, then the comparison as it is read.
    static func condition(_ condition: Condition?) -> [UInt8]? {
        guard let condition else { return nil }
        var writer = ByteWriter()
        writer.text(condition.account.text)
        writer.text(condition.text)
        return writer.bytes
    }

    static func condition(_ bytes: [UInt8]?) throws -> Condition? {
        guard let bytes else { return nil }
        var reader = ByteReader(bytes)
        // A condition that cannot be read must not let the message go.
        guard let account = AccountID(try reader.text()),
            let condition = Condition(account: account, try reader.text())
        else { throw Damaged(what: "a condition") }
        return condition
    }

    static func metadata(_ metadata: [String: String]) -> [UInt8]? {
        pack(metadata.sorted { $0.key < $1.key }) { writer, pair in
            writer.text(pair.key)
            writer.text(pair.value)
        }
    }

    static func metadata(_ bytes: [UInt8]?) throws -> [String: String] {
        var metadata: [String: String] = [:]
        for (name, value) in try unpack(bytes, { (try $0.text(), try $0.text()) }) { metadata[name] = value }
        return metadata
    }

    static func variables(_ variables: Variables) -> [UInt8]? {
        guard !variables.isEmpty else { return nil }
        var writer = ByteWriter()
        writer.variables(variables)
        return writer.bytes
    }

    static func variables(_ bytes: [UInt8]?) throws -> Variables {
        guard let bytes else { return [:] }
        var reader = ByteReader(bytes)
        return try reader.variables()
    }

    private static func pack<Item>(_ list: [Item], _ write: (inout ByteWriter, Item) -> Void) -> [UInt8]? {
        guard !list.isEmpty else { return nil }
        var writer = ByteWriter()
        for item in list { write(&writer, item) }
        return writer.bytes
    }

    private static func unpack<Item>(_ bytes: [UInt8]?, _ read: (inout ByteReader) throws -> Item) throws -> [Item] {
        guard let bytes else { return [] }
        var reader = ByteReader(bytes)
        var list: [Item] = []
        while !reader.isAtEnd { list.append(try read(&reader)) }
        return list
    }
}

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

extension Row {
    func date(_ column: Int) -> Date { Date(milliseconds: self[column]) }
    func date(orNil column: Int) -> Date? { (self[column] as Int64?).map(Date.init(milliseconds:)) }
    func bytes(_ column: Int) -> [UInt8]? { (self[column] as Data?).map { [UInt8]($0) } }

    /// A closed word of ours.
    func word<Word: RawRepresentable<String>>(_ column: Int, _: Word.Type = Word.self) throws -> Word {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else { throw Damaged(what: "“\(text)” is no \(Word.self)") }
        return word
    }

    func word<Word: RawRepresentable<String>>(orNil column: Int, _: Word.Type = Word.self) throws -> Word? {
        hasNull(atIndex: column) ? nil : try word(column)
    }

    func purpose(_ column: Int) throws -> PurposeID {
        let text: String = self[column]
        guard let purpose = PurposeID(text) else { throw Damaged(what: "“\(text)” is no purpose") }
        return purpose
    }

    func provider(_ column: Int) throws -> ProviderID {
        let text: String = self[column]
        guard let provider = ProviderID(text) else { throw Damaged(what: "“\(text)” is no provider") }
        return provider
    }

    func provider(orNil column: Int) throws -> ProviderID? { hasNull(atIndex: column) ? nil : try provider(column) }

    func recipient(orNil column: Int) throws -> RecipientID? {
        guard let text: String = self[column] else { return nil }
        guard let recipient = RecipientID(text) else { throw Damaged(what: "a recipient's name") }
        return recipient
    }

    /// Two columns: channel and address.
    func destination(_ column: Int) throws -> Destination {
        try .stored(channel: try word(column), address: self[column + 1])
    }

    /// Four columns: attempts, submissions, reach, deaths; then exhausted.
    func progress(_ column: Int) throws -> Progress {
        guard let reach = Reach(rawValue: self[column + 2]) else { throw Damaged(what: "a reach") }
        return Progress(
            attempts: self[column], submissions: self[column + 1],
            exhausted: try Packed.destinations(bytes(column + 4)), reach: reach, deaths: self[column + 3])
    }
}

extension Destination {
    static func stored(channel: Channel, address: String) throws -> Destination {
        do { return try Destination(channel, address) } catch {
            throw Damaged(what: "an address of \(channel.rawValue)")
        }
    }
}

/// Lists inside a column.
enum Packed {
    static func destinations(_ list: [Destination]) -> Data? {
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

    static func channels(_ list: [Channel]) -> Data? { pack(list) { $0.text($1.rawValue) } }

    static func channels(_ bytes: [UInt8]?) throws -> [Channel] {
        try unpack(bytes) { reader in
            let name = try reader.text()
            guard let channel = Channel(rawValue: name) else { throw Damaged(what: "“\(name)” is no channel") }
            return channel
        }
    }

    static func attachments(_ list: [Attachment]) -> Data? {
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

    static func metadata(_ metadata: [String: String]) -> Data? {
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

    static func variables(_ variables: Variables) -> Data? {
        guard !variables.isEmpty else { return nil }
        var writer = ByteWriter()
        writer.variables(variables)
        return Data(writer.bytes)
    }

    static func variables(_ bytes: [UInt8]?) throws -> Variables {
        guard let bytes else { return [:] }
        var reader = ByteReader(bytes)
        return try reader.variables()
    }

    private static func pack<Item>(_ list: [Item], _ write: (inout ByteWriter, Item) -> Void) -> Data? {
        guard !list.isEmpty else { return nil }
        var writer = ByteWriter()
        for item in list { write(&writer, item) }
        return Data(writer.bytes)
    }

    private static func unpack<Item>(_ bytes: [UInt8]?, _ read: (inout ByteReader) throws -> Item) throws -> [Item] {
        guard let bytes else { return [] }
        var reader = ByteReader(bytes)
        var list: [Item] = []
        while !reader.isAtEnd { list.append(try read(&reader)) }
        return list
    }
}

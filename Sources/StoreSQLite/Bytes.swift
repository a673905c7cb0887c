import Domain
import FoundationEssentials

/// Bytes in a column do not say what they should. Becomes `StoreError(.corrupt)`.
struct Damaged: Error {
    let what: String
}

/// Compact columns of a message: numbers in seven-bit groups, texts behind their length. Read once per claim, so there
/// is no JSON here.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func block(_ block: some Collection<UInt8>) {
        number(block.count)
        bytes.append(contentsOf: block)
    }

    mutating func text(_ text: String) { block(text.utf8) }

    mutating func variables(_ variables: Variables) {
        number(variables.count)
        // In order of name, so that equal messages are equal bytes.
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            text(name)
            variable(value)
        }
    }

    private mutating func variable(_ value: Variable) {
        switch value {
        case .text(let words):
            number(0)
            text(words)
        case .flag(let flag):
            number(flag ? 2 : 1)
        case .list(let rows):
            number(3)
            number(rows.count)
            for row in rows { variables(row) }
        }
    }
}

struct ByteReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number() throws -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard place < bytes.count else { throw Damaged(what: "a number is cut off") }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(Int64(bitPattern: value)) }
        }
        throw Damaged(what: "a number has too many bytes")
    }

    mutating func block() throws -> [UInt8] {
        let count = try number()
        guard count >= 0, count <= bytes.count - place else { throw Damaged(what: "a text is cut off") }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    mutating func text() throws -> String {
        let count = try count()
        defer { place += count }
        return String(decoding: bytes[place..<place + count], as: UTF8.self)
    }

    /// How many things follow; each takes a byte at least, so a damaged number cannot make us allocate the world.
    mutating func count() throws -> Int {
        let count = try number()
        guard count >= 0, count <= bytes.count - place else { throw Damaged(what: "a list is cut off") }
        return count
    }

    mutating func variables(depth: Int = 0) throws -> Variables {
        guard depth < 64 else { throw Damaged(what: "lists are nested too deeply") }
        var variables: Variables = [:]
        for _ in 0..<(try count()) {
            let name = try text()
            variables[name] = try variable(depth: depth)
        }
        return variables
    }

    private mutating func variable(depth: Int) throws -> Variable {
        switch try number() {
        case 0: return .text(try text())
        case 1: return .flag(false)
        case 2: return .flag(true)
        case 3:
            var rows: [[String: Variable]] = []
            for _ in 0..<(try count()) { rows.append(try variables(depth: depth + 1)) }
            return .list(rows)
        case let kind: throw Damaged(what: "a variable of kind \(kind)")
        }
    }
}

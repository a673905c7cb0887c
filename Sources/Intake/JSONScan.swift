package import Domain

/// Why bytes are no request. Offsets count bytes from 0.
package enum JSONFault: Error, Sendable, Hashable {
    case notUTF8, byteOrderMark, empty
    case unexpected(offset: Int)
    case unfinished
    case trailing(offset: Int)
    case tooDeep
    /// Equal after NFC: two parsers would not agree which one counts.
    case duplicate(pointer: String)
    case loneSurrogate(offset: Int)
    case nul(pointer: String)
    case numberTooLong(offset: Int)

    package var words: Words {
        switch self {
        case .notUTF8: Words(ru: "тело не в UTF-8", en: "the body is not UTF-8")
        case .byteOrderMark:
            Words(ru: "в начале тела метка BOM, уберите её", en: "the body begins with a byte order mark")
        case .empty: Words(ru: "тело пусто", en: "the body is empty")
        case .unexpected(let offset): Words(ru: "не JSON: байт \(offset)", en: "not JSON: byte \(offset)")
        case .unfinished: Words(ru: "JSON обрывается", en: "the JSON breaks off")
        case .trailing(let offset):
            Words(ru: "после JSON есть ещё что-то: байт \(offset)", en: "something follows the JSON: byte \(offset)")
        case .tooDeep: Words(ru: "вложенность больше 32", en: "nested deeper than 32")
        case .duplicate(let pointer): Words(ru: "повторяется \(pointer)", en: "\(pointer) is repeated")
        case .loneSurrogate(let offset):
            Words(ru: "половина суррогатной пары: байт \(offset)", en: "half of a surrogate pair: byte \(offset)")
        case .nul(let pointer): Words(ru: "\\u0000 в \(pointer)", en: "\\u0000 in \(pointer)")
        case .numberTooLong(let offset):
            Words(ru: "слишком длинное число: байт \(offset)", en: "the number is too long: byte \(offset)")
        }
    }
}

/// RFC 8259 to the letter and a little narrower, over bytes: UTF-8 without BOM, no repeated members, at most 32 levels,
/// nothing after the value, no `\u0000`, no half surrogates.
package struct JSONScan {
    private let bytes: [UInt8]
    private var at = 0
    private var path: [String] = []
    private static let deepest = 32

    package static func value(of bytes: [UInt8]) throws(JSONFault) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var scan = JSONScan(bytes: bytes)
        scan.skipSpace()
        guard scan.at < bytes.count else { throw .empty }
        let value = try scan.value(depth: 0)
        scan.skipSpace()
        guard scan.at == bytes.count else { throw .trailing(offset: scan.at) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private func here() throws(JSONFault) -> UInt8 {
        guard at < bytes.count else { throw .unfinished }
        return bytes[at]
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSON {
        switch try here() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: return try word()
        }
    }

    private mutating func word() throws(JSONFault) -> JSON {
        for (word, value) in [("true", JSON.bool(true)), ("false", .bool(false)), ("null", .null)]
        where bytes[at...].starts(with: word.utf8) {
            at += word.utf8.count
            return value
        }
        throw .unexpected(offset: at)
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSON {
        guard depth <= Self.deepest else { throw .tooDeep }
        var members: [JSON.Member] = []
        var names = NamesMet()
        at += 1
        skipSpace()
        if try here() == UInt8(ascii: "}") {
            at += 1
            return .object([])
        }
        while true {
            skipSpace()
            guard try here() == UInt8(ascii: "\"") else { throw .unexpected(offset: at) }
            let name = try string().nfc
            path.append(name)
            guard names.isNew(name, beside: members) else { throw .duplicate(pointer: pointer) }
            skipSpace()
            guard try here() == UInt8(ascii: ":") else { throw .unexpected(offset: at) }
            at += 1
            skipSpace()
            members.append(JSON.Member(name, try value(depth: depth)))
            path.removeLast()
            if try closes(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSON {
        guard depth <= Self.deepest else { throw .tooDeep }
        var items: [JSON] = []
        at += 1
        skipSpace()
        if try here() == UInt8(ascii: "]") {
            at += 1
            return .array([])
        }
        while true {
            skipSpace()
            path.append("\(items.count)")
            items.append(try value(depth: depth))
            path.removeLast()
            if try closes(with: UInt8(ascii: "]")) { return .array(items) }
        }
    }

    /// True behind the closing bracket, false behind a comma.
    private mutating func closes(with bracket: UInt8) throws(JSONFault) -> Bool {
        skipSpace()
        let byte = try here()
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw .unexpected(offset: at) }
        at += 1
        return byte == bracket
    }

    private mutating func number() throws(JSONFault) -> String {
        let start = at
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = try here()
        guard try digits() > 0 else { throw .unexpected(offset: at) }
        if first == UInt8(ascii: "0"), at - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
            throw .unexpected(offset: start)
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard try digits() > 0 else { throw .unexpected(offset: at) }
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard try digits() > 0 else { throw .unexpected(offset: at) }
        }
        guard at - start <= 64 else { throw .numberTooLong(offset: start) }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func digits() throws(JSONFault) -> Int {
        let start = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        if at == start, at == bytes.count { throw .unfinished }
        return at - start
    }

    private mutating func string() throws(JSONFault) -> String {
        var text: [UInt8] = []
        at += 1
        while true {
            let start = at
            while at < bytes.count, bytes[at] >= 0x20, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\")
            {
                at += 1
            }
            let plain = bytes[start..<at]
            switch try here() {
            case UInt8(ascii: "\""):
                at += 1
                // Nearly all of them hold no escape: nothing is copied twice.
                return String(decoding: text.isEmpty ? plain : (text + plain)[...], as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += plain
                try escape(into: &text)
            default: throw .unexpected(offset: at)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        let start = at
        at += 1
        let byte = try here()
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicode(from: start, into: &text)
        default: throw .unexpected(offset: start)
        }
    }

    private mutating func unicode(from start: Int, into text: inout [UInt8]) throws(JSONFault) {
        var code = try fourDigits()
        if code == 0 { throw .nul(pointer: pointer) }
        if (0xD800...0xDBFF).contains(code) {
            guard bytes[min(at, bytes.count)...].starts(with: "\\u".utf8) else { throw .loneSurrogate(offset: start) }
            at += 2
            let low = try fourDigits()
            guard (0xDC00...0xDFFF).contains(low) else { throw .loneSurrogate(offset: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .loneSurrogate(offset: start) }
        text += UTF8.encode(scalar).map(Array.init) ?? []
    }

    private mutating func fourDigits() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = try here()
            switch byte {
            case 0x30...0x39: code = code << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: code = code << 4 | UInt32((byte | 0x20) - 0x57)
            default: throw .unexpected(offset: at)
            }
            at += 1
        }
        return code
    }

    private var pointer: String { JSONPointer(path).text }
}

/// The names of one object. A few are compared one by one, which is faster than hashing; where there are many that would
/// be a way to keep us busy.
private struct NamesMet {
    private var many: Set<[UInt8]> = []
    private static let few = 24

    /// - Parameters:
    ///   - name: in NFC; compared by bytes.
    ///   - members: those before it.
    mutating func isNew(_ name: String, beside members: [JSON.Member]) -> Bool {
        if members.count < Self.few { return !members.contains { $0.name.sameBytes(as: name) } }
        if many.isEmpty { many = Set(members.map { Array($0.name.utf8) }) }
        return many.insert(Array(name.utf8)).inserted
    }
}

/// RFC 6901: `/to/sms`.
package struct JSONPointer: Sendable, Hashable {
    package let text: String
    package init(_ path: [String]) {
        text = path.map { name in
            var escaped: [UInt8] = [UInt8(ascii: "/")]
            for byte in name.utf8 {
                switch byte {
                case UInt8(ascii: "~"): escaped += "~0".utf8
                case UInt8(ascii: "/"): escaped += "~1".utf8
                default: escaped.append(byte)
                }
            }
            return String(decoding: escaped, as: UTF8.self)
        }.joined()
    }
}

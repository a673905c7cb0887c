import Domain

/// JSON as a provider speaks it. Numbers keep the digits they were written with: an id of 19 digits or a price never
/// passes through a Double.
enum JSONValue: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let key: String
        let value: JSONValue
    }
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([JSONValue])
    /// In the order of the text; keys differ as bytes.
    case object([Member])

    /// The member with this very key, nil for anything but an object.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.sameBytes(as: key) }?.value
    }

    /// A scalar as it would stand in the reply without quotes: `true`, `5`, `text`.
    var written: String? {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .number(let digits): digits
        case .text(let text): text
        case .null, .list, .object: nil
        }
    }

    var isNull: Bool { self == .null }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let flag): out += (flag ? "true" : "false").utf8
        case .number(let digits): out += digits.utf8
        case .text(let text): Self.quote(text, to: &out)
        case .list(let items): Self.join(items, "[", "]", to: &out) { $0.write(to: &$1) }
        case .object(let members):
            Self.join(members, "{", "}", to: &out) { member, out in
                Self.quote(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
        }
    }

    private static func join<Item>(
        _ items: [Item], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to out: inout [UInt8],
        write: (Item, inout [UInt8]) -> Void
    ) {
        out.append(UInt8(ascii: open))
        for (index, item) in items.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(item, &out)
        }
        out.append(UInt8(ascii: close))
    }

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        writeInside(text.utf8, to: &out)
        out.append(UInt8(ascii: "\""))
    }

    /// RFC 8259 §7: quote, backslash and control bytes are escaped, everything else is UTF-8 as it is.
    static func writeInside(_ bytes: some Collection<UInt8>, to out: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(0x30 + (byte >> 4))
                out.append((byte & 15) < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15))
            default: out.append(byte)
            }
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}

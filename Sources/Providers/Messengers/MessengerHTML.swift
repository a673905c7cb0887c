import Domain

/// Our messenger HTML, made safe for one messenger: only tags it knows, properly nested and closed, only links of
/// schemes we allow. A lone `<b>` or a `tg://` link becomes plain text here, because the messenger would refuse the
/// whole message. Decided on bytes: a combining mark after `<` hides it from a comparison of Characters.
struct MessengerHTML {
    enum Dialect {
        case telegram, max
        var tags: Set<String> {
            switch self {
            case .telegram: ["b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "a", "blockquote"]
            case .max: ["b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "a"]
            }
        }
        var schemes: [String] {
            switch self {
            case .telegram: ["https://", "http://", "tel:", "mailto:"]
            case .max: ["https://", "http://"]
            }
        }
    }

    private let dialect: Dialect
    private var out: [UInt8] = []
    private var open: [String] = []
    /// UTF-16 units that a person sees, which is what Telegram counts.
    private(set) var visibleUnits = 0

    var text: String { String(decoding: out, as: UTF8.self) }

    init(_ html: String, for dialect: Dialect) {
        self.dialect = dialect
        let bytes = Array(html.utf8)
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "<"): at = tag(bytes, at) ?? literal(bytes, at)
            case UInt8(ascii: "&"): at = entity(bytes, at) ?? literal(bytes, at)
            default: at = literal(bytes, at)
            }
        }
        for name in open.reversed() { out += "</\(name)>".utf8 }
    }

    /// Escapes plain text for a place between tags.
    static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 { out += escaped(byte) }
        return String(decoding: out, as: UTF8.self)
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "&"): Array("&amp;".utf8)
        case UInt8(ascii: "<"): Array("&lt;".utf8)
        case UInt8(ascii: ">"): Array("&gt;".utf8)
        case UInt8(ascii: "\""): Array("&quot;".utf8)
        case 0x0A, 0x09: [byte]
        case 0..<0x20, 0x7F: []
        default: [byte]
        }
    }

    private mutating func literal(_ bytes: [UInt8], _ at: Int) -> Int {
        let byte = bytes[at]
        let written = byte == UInt8(ascii: "\"") ? [byte] : Self.escaped(byte)
        out += written
        // A UTF-8 sequence counts where it begins; four bytes are a surrogate pair.
        if !written.isEmpty, byte & 0xC0 != 0x80 { visibleUnits += byte >= 0xF0 ? 2 : 1 }
        return at + 1
    }

    // MARK: tags

    private struct Tag {
        var name: String
        var closing: Bool
        var attributes: [UInt8]
        var end: Int
    }

    /// Where the tag ends; nil when there is none here and the `<` is a character.
    private mutating func tag(_ bytes: [UInt8], _ at: Int) -> Int? {
        guard let tag = Self.scan(bytes, at) else { return nil }
        if tag.name == "br" {
            out.append(0x0A)
            visibleUnits += 1
        } else if dialect.tags.contains(tag.name) {
            tag.closing ? close(tag.name) : begin(tag)
        }
        return tag.end
    }

    private static func scan(_ bytes: [UInt8], _ start: Int) -> Tag? {
        var at = start + 1
        let closing = at < bytes.count && bytes[at] == UInt8(ascii: "/")
        if closing { at += 1 }
        let name = bytes[at...].prefix { (0x61...0x7A).contains($0.lowered) || (0x30...0x39).contains($0) }
        guard let first = name.first, (0x61...0x7A).contains(first.lowered) else { return nil }
        at = name.endIndex
        guard at < bytes.count, [UInt8(ascii: ">"), UInt8(ascii: "/"), 0x20, 0x0A, 0x09].contains(bytes[at]) else {
            return nil
        }
        var quote: UInt8?
        let attributes = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == quote {
                quote = nil
            } else if quote == nil {
                if byte == UInt8(ascii: ">") {
                    let word = String(decoding: name.map(\.lowered), as: UTF8.self)
                    return Tag(name: word, closing: closing, attributes: Array(bytes[attributes..<at]), end: at + 1)
                }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
            }
            at += 1
        }
        return nil
    }

    private mutating func begin(_ tag: Tag) {
        guard tag.name == "a" else {
            out += "<\(tag.name)>".utf8
            return open.append(tag.name)
        }
        guard !open.contains("a"), let link = Self.href(tag.attributes), isAllowed(link) else { return }
        out += "<a href=\"\(Self.escape(link))\">".utf8
        open.append("a")
    }

    private mutating func close(_ name: String) {
        guard open.contains(name) else { return }
        while let last = open.popLast() {
            out += "</\(last)>".utf8
            if last == name { break }
        }
    }

    private func isAllowed(_ link: String) -> Bool {
        let lowered = link.utf8.map(\.lowered)
        return link.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            && dialect.schemes.contains { lowered.starts(with: $0.utf8) && lowered.count > $0.utf8.count }
    }

    private static func href(_ attributes: [UInt8]) -> String? {
        let name = Array("href=".utf8)
        guard let at = attributes.indices.first(where: { attributes[$0...].map(\.lowered).starts(with: name) }) else {
            return nil
        }
        let rest = attributes[(at + name.count)...]
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let value = rest.dropFirst()
        guard let end = value.firstIndex(of: quote) else { return nil }
        return HTMLEntity.decode(Array(value[..<end]))
    }

    private mutating func entity(_ bytes: [UInt8], _ at: Int) -> Int? {
        guard let (scalar, end) = HTMLEntity.read(bytes, at) else { return nil }
        for byte in String(scalar).utf8 { out += Self.escaped(byte) }
        visibleUnits += UTF16.width(scalar)
        return end
    }
}

/// HTML that we rendered ourselves → plain text that reads well: links spelled out, blocks on lines of their own. Not a
/// parser for strangers' HTML.
enum SpokenMarkup {
    static func text(of html: String) -> String {
        html.withBytes { bytes in
            var speaker = Speaker(bytes)
            var index = 0
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "<") {
                    let end = bytes.next(UInt8(ascii: ">"), from: index) ?? bytes.count - 1
                    // A lone `<` at the very end opens nothing.
                    speaker.tag(bytes.part(min(index + 1, end)..<end))
                    index = end + 1
                } else {
                    let end = bytes.next(UInt8(ascii: "<"), from: index) ?? bytes.count
                    speaker.say(bytes.part(index..<end))
                    index = end
                }
            }
            return speaker.text
        }
    }
}

private struct Speaker {
    private let keepsLines: Bool
    private var bytes: [UInt8] = []
    /// The element whose end is waited for.
    private var silence: String?
    private var link: (url: Bytes, start: Int)?

    init(_ html: Bytes) {
        // A whole document is broken into lines by its elements, a messenger's text by its lines.
        keepsLines = !(html.count >= 2 && html[0] == UInt8(ascii: "<") && html[1] == UInt8(ascii: "!"))
        bytes.reserveCapacity(html.count)
    }

    mutating func tag(_ inside: Bytes) {
        let closing = inside.first == UInt8(ascii: "/")
        let name = Self.name(inside.part((closing ? 1 : 0)..<inside.count))
        if let quiet = silence {
            if closing, name == quiet { silence = nil }
            return
        }
        switch name {
        case "style", "title", "head": if !closing { silence = name }
        case "p", "div", "tr", "table", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "br", "hr", "caption":
            newLine()
        case "td", "th": space()
        case "a": closing ? endLink() : beginLink(inside)
        default: break
        }
    }

    /// In small letters, at most sixteen: no name that we know is longer.
    private static func name(_ bytes: Bytes) -> String {
        let length = bytes.firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "/") } ?? bytes.count
        return String(unsafeUninitializedCapacity: 16) { name in
            for index in 0..<min(length, 16) { name[index] = lowerASCII(bytes[index]) }
            return min(length, 16)
        }
    }

    mutating func say(_ text: Bytes) {
        guard silence == nil else { return }
        var start = 0
        for index in 0..<text.count where text[index] <= 0x20 || text[index] == UInt8(ascii: "&") {
            // Inside an entity that was decoded already.
            guard index >= start else { continue }
            bytes.append(contentsOf: text[start..<index])
            start = index + 1
            switch text[index] {
            case UInt8(ascii: "&"):
                if let (character, end) = Self.entity(text, at: index) {
                    bytes.append(character)
                    start = end
                } else {
                    bytes.append(UInt8(ascii: "&"))
                }
            case 0x0A where keepsLines: bytes.append(0x0A)
            default: space()
            }
        }
        bytes.append(contentsOf: text[start...])
    }

    /// What an entity says, and where it ends.
    private static func entity(_ text: Bytes, at start: Int) -> (StaticString, end: Int)? {
        guard let end = text[start...].prefix(10).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let character: StaticString? =
            switch String(decoding: text.part(start + 1..<end), as: UTF8.self) {
            case "amp": "&"
            case "lt": "<"
            case "gt": ">"
            case "quot": "\""
            case "#39": "'"
            case "#96": "`"
            case "nbsp": "\u{A0}"
            case "laquo": "«"
            case "raquo": "»"
            case "mdash": "—"
            case "zwnj", "#847": ""
            default: nil
            }
        return character.map { ($0, end + 1) }
    }

    private mutating func space() {
        if let last = bytes.last, last > 0x20 { bytes.append(0x20) }
    }

    private mutating func newLine() {
        while bytes.last == 0x20 { bytes.removeLast() }
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    }

    private mutating func beginLink(_ inside: Bytes) {
        var start = 0
        while let quote = inside.next(UInt8(ascii: "\""), from: start) {
            if inside[start..<quote].suffix(5).elementsEqual("href=".utf8) {
                let end = inside.next(UInt8(ascii: "\""), from: quote + 1) ?? inside.count
                link = (inside.part(quote + 1..<end), bytes.count)
                return
            }
            start = quote + 1
        }
    }

    /// «Оплатить: https://…»; nothing is added when the words are the address, nor for phones.
    private mutating func endLink() {
        guard let (url, start) = link else { return }
        link = nil
        guard let scheme = url.end(of: "https://") else { return }
        let plain = Self.replacingAmpersands(url)
        let words = bytes[min(start, bytes.count)...]
        // The scheme has no ampersand: it is as long in the plain address.
        guard !words.elementsEqual(plain), !words.elementsEqual(plain[scheme...]) else { return }
        bytes.append(": ")
        bytes.append(contentsOf: plain)
    }

    /// The only entity that our own link escaper writes.
    private static func replacingAmpersands(_ url: Bytes) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(url.count)
        var index = 0
        while index < url.count {
            plain.append(url[index])
            let isEntity = url[index] == UInt8(ascii: "&") && url[index...].starts(with: "&amp;".utf8)
            index += isEntity ? 5 : 1
        }
        return plain
    }

    var text: String { bytes.withUnsafeBufferPointer { String(decoding: $0.trimmed, as: UTF8.self) } }
}

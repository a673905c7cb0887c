@testable import Rendering

extension Plainly {
    enum SpokenMarkup {
        private static let blocks: Set<String> = [
            "p", "div", "tr", "table", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "br", "hr", "caption",
        ]
        private static let silent: Set<String> = ["style", "title", "head"]

        static func text(of html: String) -> String {
            var speaker = Speaker()
            let bytes = Array(html.utf8)
            let keepsLines = !html.utf8.starts(with: "<!".utf8)
            var index = 0
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "<") {
                    let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
                    speaker.tag(bytes[(index + 1)..<end], blocks: blocks, silent: silent)
                    index = end + 1
                } else {
                    let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                    speaker.say(decoded(bytes[index..<end]), keepsLines: keepsLines)
                    index = end
                }
            }
            return speaker.text
        }

        private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            var text: [UInt8] = []
            var index = bytes.startIndex
            while index < bytes.endIndex {
                if bytes[index] == UInt8(ascii: "&"),
                    let end = bytes[index...].prefix(10).firstIndex(of: UInt8(ascii: ";")),
                    let character = entity(bytes[(index + 1)..<end])
                {
                    text += character
                    index = end + 1
                } else {
                    text.append(bytes[index])
                    index += 1
                }
            }
            return text
        }

        private static func entity(_ name: ArraySlice<UInt8>) -> [UInt8]? {
            switch String(decoding: name, as: UTF8.self) {
            case "amp": Array("&".utf8)
            case "lt": Array("<".utf8)
            case "gt": Array(">".utf8)
            case "quot": Array("\"".utf8)
            case "#39": Array("'".utf8)
            case "#96": Array("`".utf8)
            case "nbsp": Array("\u{A0}".utf8)
            case "laquo": Array("«".utf8)
            case "raquo": Array("»".utf8)
            case "mdash": Array("—".utf8)
            case "zwnj", "#847": []
            default: nil
            }
        }
    }
}

private struct Speaker {
    private var bytes: [UInt8] = []
    private var silence: String?
    private var link: (url: [UInt8], start: Int)?

    mutating func tag(_ inside: ArraySlice<UInt8>, blocks: Set<String>, silent: Set<String>) {
        let closing = inside.first == UInt8(ascii: "/")
        let name = String(
            decoding: (closing ? inside.dropFirst() : inside).prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }.map(
                lowerASCII),
            as: UTF8.self)
        if let quiet = silence {
            if closing, name == quiet { silence = nil }
            return
        }
        if !closing, silent.contains(name) { silence = name }
        if blocks.contains(name) { newLine() }
        if name == "td" || name == "th", let last = bytes.last, last > 0x20 { bytes.append(0x20) }
        if name == "a" { closing ? endLink() : beginLink(inside) }
    }

    mutating func say(_ text: [UInt8], keepsLines: Bool) {
        guard silence == nil else { return }
        for byte in text {
            if byte > 0x20 {
                bytes.append(byte)
            } else if byte == 0x0A, keepsLines {
                bytes.append(byte)
            } else {
                space()
            }
        }
    }

    private mutating func space() {
        if let last = bytes.last, last > 0x20 { bytes.append(0x20) }
    }

    private mutating func newLine() {
        while bytes.last == 0x20 { bytes.removeLast() }
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    }

    private mutating func beginLink(_ inside: ArraySlice<UInt8>) {
        let halves = inside.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
        guard let href = halves.firstIndex(where: { $0.suffix(5).elementsEqual("href=".utf8) }), href + 1 < halves.count
        else { return }
        link = (Array(halves[href + 1]), bytes.count)
    }

    /// «Оплатить: https://…»; nothing is added when the words are the address, nor for phones.
    private mutating func endLink() {
        guard let (url, start) = link else { return }
        link = nil
        let words = Array(bytes[min(start, bytes.count)...])
        guard url.following("https://") != nil else { return }
        let plain = String(decoding: url, as: UTF8.self).replacingAmpersands
        let bare = Plainly.LinkURL.withoutScheme(plain)
        guard !words.elementsEqual(plain.utf8), !words.elementsEqual(bare.utf8) else { return }
        bytes += ": ".utf8
        bytes += plain.utf8
    }

    var text: String {
        var rest = bytes[...]
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}

extension String {
    /// The only entity that our own link escaper writes.
    fileprivate var replacingAmpersands: String {
        var text: [UInt8] = []
        let bytes = Array(utf8)
        var index = 0
        while index < bytes.count {
            text.append(bytes[index])
            index += bytes[index...].starts(with: "&amp;".utf8) ? 5 : 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension SMTPReply {
    private static let longestName = 64

    /// The relay's name for a mail it took, from the text of its last 250: plain ASCII, at most 64 bytes.
    package var queueID: String? {
        let text = text.utf8.span
        let plain = text.withUnsafeBufferPointer { $0.allSatisfy { (0x20...0x7E).contains($0) } }
        return plain ? plainQueueID : anyQueueID
    }

    /// Once for each mail, so by bytes: each of them is printable ASCII.
    private var plainQueueID: String? {
        var rest = Substring(text).utf8[...]
        if enhanced != nil { rest = rest.drop { $0 != 0x20 }.drop { $0 == 0x20 } }
        let words = rest.split(separator: 0x20)
        var name: [UInt8] = []
        if let index = words.lastIndex(where: Self.isAs), index + 1 < words.count {
            name = Self.shown(words[index + 1])
        } else if let word = words.first(where: { $0.starts(with: "id=".utf8) && !Self.isAddress($0) }) {
            name = Array(word.dropFirst(3))
        } else {
            for (place, word) in words.enumerated() {
                if place > 0 { name.append(0x20) }
                name += Self.shown(word)
            }
        }
        return name.isEmpty ? nil : String(decoding: name.prefix(Self.longestName), as: UTF8.self)
    }

    private static func isAs(_ word: Substring.UTF8View) -> Bool {
        word.count == 2 && word.first.map { $0 | 0x20 } == UInt8(ascii: "a")
            && word.last.map { $0 | 0x20 } == UInt8(ascii: "s")
    }

    private static func isAddress(_ word: Substring.UTF8View) -> Bool { word.contains(UInt8(ascii: "@")) }

    private static func shown(_ word: Substring.UTF8View) -> [UInt8] { isAddress(word) ? [] : Array(word) }

    /// A text with other characters in it.
    var anyQueueID: String? {
        let words = words.split(separator: " ").map(String.init)
        let named: String? =
            if let index = words.lastIndex(where: { $0.lowercased() == "as" }), index + 1 < words.count {
                words[index + 1]
            } else if let word = words.first(where: { $0.utf8.starts(with: "id=".utf8) }) {
                String(word.dropFirst(3))
            } else {
                words.joined(separator: " ")
            }
        let plain = (named ?? "").unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(Self.longestName)
        return plain.isEmpty ? nil : String(String.UnicodeScalarView(plain))
    }
}

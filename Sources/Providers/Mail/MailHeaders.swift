import Domain

/// The header lines of a mail or of a part (RFC 5322). The only place where they are made: a value is printable ASCII,
/// already encoded, and a byte that could end a line is refused, so no value can become a header of its own.
struct MailHeaders {
    private(set) var bytes: [UInt8] = []

    /// - Parameter lines: the value; each further line begins a folded one.
    mutating func add(_ name: String, _ lines: [String]) throws(DeliveryFailure) {
        let length = max(name.utf8.count + 2 + (lines.first?.utf8.count ?? 0), (lines.map(\.utf8.count).max() ?? 0) + 1)
        guard length <= 998, lines.allSatisfy({ $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) else {
            throw DeliveryFailure(.contentRejected, detail: "the header \(name) would hold forbidden bytes")
        }
        bytes += "\(name): ".utf8
        bytes += lines.joined(separator: "\r\n ").utf8
        bytes += "\r\n".utf8
    }

    mutating func add(_ name: String, _ value: String) throws(DeliveryFailure) { try add(name, [value]) }

    /// Text for people: as it is when it is short plain ASCII, otherwise encoded words.
    mutating func add(_ name: String, words text: String) throws(DeliveryFailure) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw DeliveryFailure(.contentRejected, detail: "the header \(name) holds control bytes")
        }
        try add(name, EncodedWord.lines(text, after: name.utf8.count + 2))
    }
}

/// Encoded words (RFC 2047): text for people inside a header that holds only ASCII.
enum EncodedWord {
    private static let opening = "=?UTF-8?B?", closing = "?="
    /// A line has at most 76 bytes, with the space that begins a folded one.
    private static let line = 76

    /// - Parameter column: where on its line the first word begins.
    static func lines(_ text: String, after column: Int) -> [String] {
        isPlain(text) && column + text.utf8.count <= line ? [text] : encoded(text, after: column)
    }

    /// Plain ASCII that no reader could take for an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.allSatisfy { (0x20...0x7E).contains($0) } && !bytes.holds(Array("=?".utf8))
            && bytes.first != 0x20 && bytes.last != 0x20
    }

    /// Each word holds whole characters of UTF-8, since readers decode words one by one.
    static func encoded(_ text: String, after column: Int) -> [String] {
        var lines: [String] = []
        var word: [UInt8] = []
        var room = room(after: column)
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if word.count + next.count > room {
                lines.append(wrapped(word))
                word = []
                room = Self.room(after: 1)
            }
            word += next
        }
        return lines + [wrapped(word)]
    }

    private static func wrapped(_ bytes: [UInt8]) -> String { opening + Base64.text(bytes) + closing }

    /// Bytes that fit into one word: three for each four of base64.
    private static func room(after column: Int) -> Int {
        max(4, (line - column - opening.utf8.count - closing.utf8.count) / 4 * 3)
    }
}

import Domain

/// Encoded words (RFC 2047): text for people inside a header that holds only ASCII.
enum EncodedWord {
    private static let opening: StaticString = "=?UTF-8?B?"
    private static let closing: StaticString = "?="
    /// A line has at most 76 bytes, with the space that begins a folded one.
    private static let line = 76

    /// Plain ASCII that no reader could take for an encoded word, and that fits behind `column` bytes.
    static func isPlain(_ text: [UInt8], after column: Int) -> Bool {
        column + text.count <= line && text.allSatisfy { (0x20...0x7E).contains($0) }
            && text.first != 0x20 && text.last != 0x20 && !text.holds(Array("=?".utf8))
    }

    /// Each word holds whole characters of UTF-8, since readers decode words one by one; each stands on a line of its
    /// own.
    /// - Parameter column: where on its line the first word begins.
    static func add(_ text: [UInt8], after column: Int, to out: inout [UInt8]) {
        var start = 0
        var room = room(after: column)
        repeat {
            let end = end(of: text, from: start, upTo: room)
            if start > 0 { out += [0x0D, 0x0A, 0x20] }
            out.add(opening)
            Base64.add(text[start..<end], to: &out)
            out.add(closing)
            start = end
            room = Self.room(after: 1)
        } while start < text.count
    }

    /// Where the last whole character that fits ends. At least one: the smallest room holds four bytes or more.
    private static func end(of text: [UInt8], from start: Int, upTo room: Int) -> Int {
        guard start + room < text.count else { return text.count }
        var end = start + room
        // A byte 10xxxxxx goes on with a character.
        while end > start + 1, text[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// Bytes that fit into one word: three for each four of base64.
    private static func room(after column: Int) -> Int {
        max(4, (line - column - opening.utf8CodeUnitCount - closing.utf8CodeUnitCount) / 4 * 3)
    }
}

/// One whole reply, its lines joined.
package struct SMTPReply: Sendable, Hashable {
    /// Three digits, 200…599.
    package var code: Int
    /// What stood after the codes, lines joined by a space. Bytes of a stranger: show only through `words`.
    package var text: String
    package init(_ code: Int, _ text: String = "") {
        self.code = code
        self.text = text
    }

    package var isPositive: Bool { (200...299).contains(code) }
    package var isRefusal: Bool { code >= 400 }

    /// RFC 3463, if the text begins with one that agrees with the code: `5.1.1`.
    package var enhanced: SMTPEnhancedCode? { SMTPEnhancedCode(text).flatMap { $0.kind == code / 100 ? $0 : nil } }

    /// For people: without the enhanced code and without anybody's address.
    package var words: String {
        let rest = enhanced == nil ? Substring(text) : text.drop { $0 != " " }.drop { $0 == " " }
        return rest.split(separator: " ").map { $0.utf8.contains(UInt8(ascii: "@")) ? "…" : $0 }.joined(separator: " ")
    }

    /// `550 5.1.1`
    package var codes: String { enhanced.map { "\(code) \($0)" } ?? "\(code)" }

    /// The relay's name for a mail it took, from the text of its last 250: plain ASCII, at most 64 bytes.
    package var queueID: String? {
        let words = words.split(separator: " ").map(String.init)
        let named: String? =
            if let index = words.lastIndex(where: { $0.lowercased() == "as" }), index + 1 < words.count {
                words[index + 1]
            } else if let word = words.first(where: { $0.utf8.starts(with: "id=".utf8) }) {
                String(word.dropFirst(3))
            } else {
                words.joined(separator: " ")
            }
        let plain = (named ?? "").unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(64)
        return plain.isEmpty ? nil : String(String.UnicodeScalarView(plain))
    }
}

package struct SMTPEnhancedCode: Sendable, Hashable, CustomStringConvertible {
    package let kind: Int
    package let subject: Int
    package let detail: Int

    init?(_ text: String) {
        let word = text.utf8.prefix { $0 != 0x20 }
        let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            (1...3).contains(part.count) && part.allSatisfy({ (0x30...0x39).contains($0) })
                ? Int(String(decoding: part, as: UTF8.self)) : nil
        }
        guard parts.count == 3, numbers.count == 3, [2, 4, 5].contains(numbers[0]) else { return nil }
        (kind, subject, detail) = (numbers[0], numbers[1], numbers[2])
    }
    package var description: String { "\(kind).\(subject).\(detail)" }
}

/// Cuts a stream of bytes into replies, however they were split on the way.
package struct SMTPReplyParser: Sendable {
    /// The other side does not speak SMTP, or has no end: the session is over.
    package struct Nonsense: Error, Sendable, Hashable {}

    private static let longestLine = 2048
    private static let mostLines = 100
    private var bytes: [UInt8] = []
    private var start = 0
    private var lines: [String] = []
    private var code = 0

    package init() {}

    package mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The next whole reply, or nil when more bytes are needed.
    package mutating func next() throws(Nonsense) -> SMTPReply? {
        while let line = try nextLine() {
            guard let (code, isLast, text) = Self.read(line), lines.isEmpty || code == self.code else {
                throw Nonsense()
            }
            self.code = code
            lines.append(text)
            guard lines.count <= Self.mostLines else { throw Nonsense() }
            guard isLast else { continue }
            defer { lines = [] }
            return SMTPReply(code, Self.join(lines))
        }
        return nil
    }

    private mutating func nextLine() throws(Nonsense) -> ArraySlice<UInt8>? {
        guard let end = bytes[start...].firstIndex(of: 0x0A) else {
            guard bytes.count - start <= Self.longestLine else { throw Nonsense() }
            bytes.removeFirst(start)
            start = 0
            return nil
        }
        defer { start = end + 1 }
        let line = bytes[start..<end]
        guard line.count <= Self.longestLine else { throw Nonsense() }
        return line.last == 0x0D ? line.dropLast() : line
    }

    private static func read(_ line: ArraySlice<UInt8>) -> (Int, Bool, String)? {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let code = Int(String(decoding: digits, as: UTF8.self)), (200...599).contains(code)
        else { return nil }
        let rest = line.dropFirst(3)
        guard let mark = rest.first else { return (code, true, "") }
        guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else { return nil }
        return (code, mark != UInt8(ascii: "-"), String(decoding: rest.dropFirst(), as: UTF8.self))
    }

    /// Some servers repeat the enhanced code on each line: it is kept once.
    private static func join(_ lines: [String]) -> String {
        guard let first = lines.first, let code = SMTPEnhancedCode(first)?.description else {
            return lines.joined(separator: " ")
        }
        let rest = lines.dropFirst().map { line in
            SMTPEnhancedCode(line)?.description == code
                ? String(decoding: line.utf8.dropFirst(code.utf8.count + 1), as: UTF8.self) : line
        }
        return ([first] + rest).joined(separator: " ")
    }
}

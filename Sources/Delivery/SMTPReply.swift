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
}

package struct SMTPEnhancedCode: Sendable, Hashable, CustomStringConvertible {
    package let kind: Int
    package let subject: Int
    package let detail: Int

    init?(_ text: String) {
        var numbers = (0, 0, 0)
        var (part, digits) = (0, 0)
        for byte in text.utf8 {
            if byte == 0x20 { break }
            if byte == UInt8(ascii: "."), digits > 0, part < 2 {
                (part, digits) = (part + 1, 0)
                continue
            }
            guard (0x30...0x39).contains(byte), digits < 3 else { return nil }
            digits += 1
            let digit = Int(byte - 0x30)
            switch part {
            case 0: numbers.0 = numbers.0 * 10 + digit
            case 1: numbers.1 = numbers.1 * 10 + digit
            default: numbers.2 = numbers.2 * 10 + digit
            }
        }
        guard part == 2, digits > 0, numbers.0 == 2 || numbers.0 == 4 || numbers.0 == 5 else { return nil }
        (kind, subject, detail) = numbers
    }
    package var description: String { "\(kind).\(subject).\(detail)" }
}

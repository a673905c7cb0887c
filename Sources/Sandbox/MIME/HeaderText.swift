import Foundation

/// Reading of header fields: unfolding (RFC 5322), encoded words (RFC 2047), parameters (RFC 2231).
enum HeaderText {
    /// `=?utf-8?B?…?= =?utf-8?Q?…?=` as a person reads it.
    static func decode(_ text: String) -> String {
        var decoded = ""
        /// Bytes of neighbouring words of one charset: a letter may be torn between two words by careless senders.
        var pending: (charset: String, bytes: [UInt8])?
        func flush() {
            if let pending { decoded += Charset.decode(pending.bytes, pending.charset) }
            pending = nil
        }
        var rest = Substring(text)
        while let found = rest.range(of: "=?") {
            let between = rest[..<found.lowerBound]
            guard let word = EncodedWord(rest[found.lowerBound...]) else {
                flush()
                decoded += rest[..<found.upperBound]
                rest = rest[found.upperBound...]
                continue
            }
            // Blanks between two encoded words are not part of the text.
            if pending == nil || !between.allSatisfy(\.isWhitespace) {
                flush()
                decoded += between
            }
            if let open = pending, open.charset == word.charset {
                pending = (open.charset, open.bytes + word.bytes)
            } else {
                flush()
                pending = (word.charset, word.bytes)
            }
            rest = rest[word.end...]
        }
        flush()
        return decoded + rest
    }

    private struct EncodedWord {
        let charset: String
        let bytes: [UInt8]
        let end: Substring.Index

        /// At the start of the text; nil when it is none.
        init?(_ text: Substring) {
            let fields = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, fields[3].utf8.first == UInt8(ascii: "="), fields[1].utf8.count == 1 else {
                return nil
            }
            guard !fields[2].utf8.contains(where: { $0 == 32 || $0 == 9 || $0 == 13 || $0 == 10 }) else { return nil }
            // RFC 2231 allows a language behind `*`.
            charset = fields[0].prefix { $0 != "*" }.lowercased()
            switch fields[1] {
            case "B", "b": bytes = TransferEncoding.base64(ArraySlice(Array(fields[2].utf8)))
            case "Q", "q":
                let spaced = fields[2].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(32) : $0 }
                bytes = TransferEncoding.quotedPrintable(ArraySlice(spaced))
            default: return nil
            }
            end = text.utf8.index(after: fields[3].startIndex)
        }
    }

    /// `multipart/mixed; boundary="x"` → the value in lower case and its parameters, RFC 2231 ones decoded.
    static func parameters(_ text: String) -> (value: String, parameters: [String: String]) {
        var pieces = split(text)
        guard !pieces.isEmpty else { return ("", [:]) }
        let value = pieces.removeFirst().trimmingCharacters(in: .whitespaces).lowercased()
        var plain: [String: String] = [:]
        var sections: [String: [(number: Int, text: String, encoded: Bool)]] = [:]
        for piece in pieces {
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { continue }
            let name = halves[0].trimmingCharacters(in: .whitespaces).lowercased()
            let content = unquoted(halves[1].trimmingCharacters(in: .whitespaces))
            guard name.contains("*") else {
                plain[name] = content
                continue
            }
            let parts = name.split(separator: "*", omittingEmptySubsequences: false)
            let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            sections[String(parts[0]), default: []].append((number, content, name.hasSuffix("*")))
        }
        for (name, found) in sections { plain[name] = join(found.sorted { $0.number < $1.number }) }
        return (value, plain)
    }

    private static func join(_ sections: [(number: Int, text: String, encoded: Bool)]) -> String {
        var charset = "utf-8"
        var bytes: [UInt8] = []
        for (index, section) in sections.enumerated() {
            guard section.encoded else {
                bytes += Array(section.text.utf8)
                continue
            }
            var text = Substring(section.text)
            if index == 0 {
                let fields = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                if fields.count == 3 { (charset, text) = (String(fields[0]), fields[2]) }
            }
            bytes += FormBody.percentDecoded(Array(text.utf8), plusIsSpace: false)
        }
        return Charset.decode(bytes, charset)
    }

    /// At semicolons outside quotes.
    private static func split(_ text: String) -> [String] {
        var pieces = [[UInt8]()]
        var isQuoted = false
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: ";"), !isQuoted {
                pieces.append([])
                continue
            }
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && byte == UInt8(ascii: "\\") && !isEscaped
            pieces[pieces.count - 1].append(byte)
        }
        return pieces.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8.dropFirst().dropLast() {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                bytes.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

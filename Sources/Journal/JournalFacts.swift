import FoundationEssentials

package import Domain

/// The facts of a journal line on their way into the store: cleaned of control bytes, bounded, without full addresses.
extension JournalEntry.Fact {
    /// At most this many bytes of a value are kept.
    package static let limit = 400

    /// For words we chose ourselves.
    package init?(_ name: String, _ value: String?) {
        guard let value else { return nil }
        self.init(name, Plain.text(value, limit: Self.limit))
    }

    /// For words of a stranger: whatever looks like an address is masked, above all the one that was written to.
    package static func foreign(_ name: String, _ value: String?, about destination: Destination?) -> Self? {
        guard let value else { return nil }
        return Self(name, Plain.withoutAddresses(Plain.text(value, limit: limit), known: destination?.address))
    }
}

extension [JournalEntry.Fact] {
    /// Nil for bytes that `FactWriter` never wrote.
    package init?(bytes: [UInt8]) {
        guard let rows = try? JSONDecoder().decode([[String]].self, from: Data(bytes)),
            rows.allSatisfy({ $0.count == 2 })
        else { return nil }
        self = rows.map { JournalEntry.Fact($0[0], $0[1]) }
    }
}

package enum Plain {
    /// Without control and invisible formatting scalars, at most `limit` bytes.
    package static func text(_ text: String, limit: Int) -> String {
        if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var plain = ""
        for scalar in text.unicodeScalars {
            guard plain.utf8.count + UTF8.width(scalar) <= limit else { break }
            let control =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.generalCategory == .format || scalar.value == 0x2028 || scalar.value == 0x2029
            plain.unicodeScalars.append(control ? " " : scalar)
        }
        return plain
    }

    /// Mailboxes keep their domain, long numbers their last two digits.
    static func withoutAddresses(_ text: String, known: Address?) -> String {
        var text = text
        if let known { text = text.replacing(known.exposed, with: known.masked) }
        return text.split(separator: " ", omittingEmptySubsequences: false).map(maskMailbox).joined(separator: " ")
    }

    private static func maskMailbox(_ word: Substring) -> String {
        var bytes = Array(word.utf8)
        if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
            let start = bytes[..<at].lastIndex { "<(\"':,;=[".utf8.contains($0) }.map { $0 + 1 } ?? 0
            bytes.replaceSubrange(start..<at, with: Array("···".utf8))
        }
        return maskNumbers(bytes)
    }

    /// Seven digits or more in a row, as in every phone.
    private static func maskNumbers(_ bytes: [UInt8]) -> String {
        var masked: [UInt8] = []
        var digits: [UInt8] = []
        func flush() {
            masked += digits.count >= 7 ? Array("···".utf8) + digits.suffix(2) : digits
            digits = []
        }
        for byte in bytes {
            if (0x30...0x39).contains(byte) {
                digits.append(byte)
            } else {
                flush()
                masked.append(byte)
            }
        }
        flush()
        return String(decoding: masked, as: UTF8.self)
    }

    /// The inside of a JSON string.
    static func appendEscaped(_ text: String, to json: inout [UInt8]) {
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { json.append(UInt8(ascii: "\\")) }
            // Control bytes were taken out before; one that slipped through must still not break the line.
            json.append(byte < 0x20 ? UInt8(ascii: " ") : byte)
        }
    }
}

import Domain

/// The header lines of a mail or of a part (RFC 5322). The only place where they are made: a value is printable ASCII,
/// already encoded, and a byte that could end a line is refused, so no value can become a header of its own.
enum MailHeader {
    /// The longest line (RFC 5322 §2.1.1).
    private static let longest = 998

    static func add(_ name: StaticString, _ value: String, to mail: inout [UInt8]) throws(DeliveryFailure) {
        let start = begin(name, &mail)
        mail.add(value)
        try end(name, from: start, &mail)
    }

    /// A value made of bytes, for those that are written piece by piece.
    static func add(
        _ name: StaticString, to mail: inout [UInt8], value: (inout [UInt8]) -> Void
    ) throws(DeliveryFailure) {
        let start = begin(name, &mail)
        value(&mail)
        try end(name, from: start, &mail)
    }

    /// - Parameter lines: the value; each further line begins a folded one.
    static func add(_ name: StaticString, _ lines: [String], to mail: inout [UInt8]) throws(DeliveryFailure) {
        var start = begin(name, &mail)
        for (place, line) in lines.enumerated() {
            if place > 0 {
                try end(name, from: start, &mail)
                start = mail.count
                mail.append(0x20)
            }
            mail.add(line)
        }
        try end(name, from: start, &mail)
    }

    /// Text for people: as it is when it is short plain ASCII, otherwise encoded words.
    static func add(_ name: StaticString, words text: String, to mail: inout [UInt8]) throws(DeliveryFailure) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw DeliveryFailure(.contentRejected, detail: "the header \(name) holds control bytes")
        }
        let column = name.utf8CodeUnitCount + 2
        if EncodedWord.isPlain(bytes, after: column) { return try add(name, text, to: &mail) }
        _ = begin(name, &mail)
        // Base64 between constants: nothing of the text is left in it.
        EncodedWord.add(bytes, after: column, to: &mail)
        mail += [0x0D, 0x0A]
    }

    /// - Returns: where the line begins.
    private static func begin(_ name: StaticString, _ mail: inout [UInt8]) -> Int {
        let start = mail.count
        mail.add(name)
        mail.append(UInt8(ascii: ":"))
        mail.append(0x20)
        return start
    }

    private static func end(_ name: StaticString, from start: Int, _ mail: inout [UInt8]) throws(DeliveryFailure) {
        guard mail.count - start <= longest, isPrintable(mail, from: start) else {
            throw DeliveryFailure(.contentRejected, detail: "the header \(name) would hold forbidden bytes")
        }
        mail.append(0x0D)
        mail.append(0x0A)
    }

    /// Without a branch for each byte: the compiler takes many at once.
    private static func isPrintable(_ bytes: [UInt8], from start: Int) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var stranger = false
            for at in start..<bytes.count { stranger = stranger || bytes[at] &- 0x20 > 0x7E - 0x20 }
            return !stranger
        }
    }
}

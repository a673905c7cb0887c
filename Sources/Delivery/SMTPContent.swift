import Domain

/// A mail's bytes as they follow the 354: dots doubled at line starts (RFC 5321 §4.5.2), final dot included.
enum SMTPContent {
    private static let longestLine = 998
    private static let cr = UInt8(ascii: "\r"), lf = UInt8(ascii: "\n"), dot = UInt8(ascii: ".")

    /// - Throws: `unrenderable` for a line end that is not CR LF, a NUL or a line over 998 bytes. A lone LF before a
    ///   dot would end the mail early at some servers and let its rest be read as commands.
    static func stuffed(_ bytes: [UInt8]) throws(DeliveryFailure) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 64 + 8)
        var column = 0
        var afterCR = false
        for byte in bytes {
            guard byte != 0, afterCR == (byte == lf) else { throw broken("a line end is not CR LF") }
            if byte == dot, column == 0 { out.append(dot) }
            out.append(byte)
            afterCR = byte == cr
            column = byte == lf ? 0 : column + 1
            // The CR counts with the line's end.
            guard column <= longestLine + (afterCR ? 1 : 0) else { throw broken("a line is too long") }
        }
        guard !afterCR else { throw broken("a line end is not CR LF") }
        if column > 0 { out += [cr, lf] }
        return out + [dot, cr, lf]
    }

    private static func broken(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.unrenderable, detail: "the mail cannot be sent as it is: " + what)
    }
}

/// What a server says it can do: only what it said last, after TLS.
struct SMTPCapabilities: Equatable {
    private(set) var pipelining = false
    private(set) var eightBit = false
    private(set) var sizeOffered = false
    /// Largest mail it takes, in bytes; nil when it names no limit.
    private(set) var size: Int?
    private(set) var lastReply: SMTPReply?

    /// One line of the set-up. A 220 begins a new chapter: what was offered in clear does not count after TLS.
    mutating func hear(_ line: some Collection<UInt8>) {
        let text = line.prefix(512).filter { $0 != 0x0D && $0 != 0x0A }
        guard text.count >= 3, let code = Int(String(decoding: text.prefix(3), as: UTF8.self)) else { return }
        lastReply = SMTPReply(code, String(decoding: text.dropFirst(4), as: UTF8.self))
        if code == 220 {
            let said = lastReply
            self = SMTPCapabilities()
            lastReply = said
        }
        guard code == 250 else { return }
        let words = text.dropFirst(4).split(separator: 0x20).map { String(decoding: $0, as: UTF8.self).uppercased() }
        switch words.first {
        case "PIPELINING": pipelining = true
        case "8BITMIME": eightBit = true
        case "SIZE":
            sizeOffered = true
            size = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        default: break
        }
    }
}

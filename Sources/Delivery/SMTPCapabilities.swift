import Domain

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

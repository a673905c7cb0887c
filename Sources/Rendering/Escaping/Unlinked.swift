/// Values that callers copy from people's forms: a name "www.evil.ru" must not become a link that a program makes by
/// itself. A space is put where such programs look: visible, harmless, the same in every channel, and «ул.Ленина»
/// only gains by it.
enum Unlinked {
    static func text(_ value: String) -> String {
        let bytes = Array(value.utf8)
        guard
            bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: "@")) || bytes.contains(UInt8(ascii: ":"))
        else { return value }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            result.append(byte)
            guard index + 1 < bytes.count else { continue }
            let previous = index > 0 ? bytes[index - 1] : 0x20
            if makesLink(previous, byte, bytes[index + 1]) { result.append(0x20) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func makesLink(_ previous: UInt8, _ byte: UInt8, _ next: UInt8) -> Bool {
        switch byte {
        // "evil.ru", but not "12.5", not "05.12.2026", not the last dot before a quote or a no-break space
        case UInt8(ascii: "."): isWord(previous) && isLetter(next) && next != 0xC2 && next != 0xE2
        // "@channel" of a messenger
        case UInt8(ascii: "@"): isWord(next)
        // "https://…", "tg://…", "tel:112"
        case UInt8(ascii: ":"): isLetter(previous) && !(next == 0x20)
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
    }
    private static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
}

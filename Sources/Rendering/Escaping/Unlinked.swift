/// Values that callers copy from people's forms: a name "www.evil.ru" must not become a link that a program makes by
/// itself. A space is put where such programs look: visible, harmless, the same in every channel, and «ул.Ленина»
/// only gains by it.
enum Unlinked {
    /// Lends a value with those spaces: the value itself where none is needed.
    static func lend<Result>(_ value: Bytes, _ body: (Bytes) -> Result) -> Result {
        var parted: [UInt8] = []
        var start = 0
        // The last byte is followed by nothing.
        for index in 0..<max(0, value.count - 1) where isSign(value[index]) {
            let previous = index > 0 ? value[index - 1] : 0x20
            guard makesLink(previous, value[index], value[index + 1]) else { continue }
            parted.append(contentsOf: value[start...index])
            parted.append(0x20)
            start = index + 1
        }
        guard start > 0 else { return body(value) }
        parted.append(contentsOf: value[start...])
        return parted.withUnsafeBufferPointer(body)
    }

    static func text(_ value: String) -> String {
        value.withBytes { bytes in lend(bytes) { String(decoding: $0, as: UTF8.self) } }
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: ":")
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

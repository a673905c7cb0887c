/// What every escaper wants done first: a value becomes one line without signs that nobody sees but that change what is
/// seen.
///
/// Line breaks and tabs become a space: a value cannot forge a header, a line of a notice or a new paragraph. Other
/// control characters, directions (U+202E and its kin), zero-width signs, fillers and tags are dropped.
enum CleanText {
    /// Lends a value without them: the value itself where there are none, which is nearly always.
    static func lend<Result>(_ value: Bytes, _ body: (Bytes) -> Result) -> Result {
        isClean(value) ? body(value) : scrubbed(value).withUnsafeBufferPointer(body)
    }

    static func text(of value: String) -> String {
        value.withBytes { raw in lend(raw) { String(decoding: $0, as: UTF8.self) } }
    }

    /// Certain that nothing in it is invisible. Knows ASCII, Cyrillic and the typographic signs; what it does not know
    /// is looked at scalar by scalar.
    private static func isClean(_ value: Bytes) -> Bool {
        var index = 0
        while index < value.count {
            switch value[index] {
            case 0x20...0x7E, 0x80...0xBF, 0xD0, 0xD1: index += 1
            // U+0080…U+00BF: controls, then signs like « and the no-break space, among them the soft hyphen.
            case 0xC2:
                guard index + 1 < value.count, value[index + 1] >= 0xA0, value[index + 1] != 0xAD else { return false }
                index += 2
            // U+2000…U+2FFF: dashes, quotes, №, ₽, among them what U+2000…U+207F hides.
            case 0xE2:
                guard index + 2 < value.count, !isHidden(value[index + 1], value[index + 2]) else { return false }
                index += 3
            default: return false
            }
        }
        return true
    }

    /// U+200B…U+200F, U+2028…U+202E and U+2060…U+206F by their second and third byte.
    private static func isHidden(_ second: UInt8, _ third: UInt8) -> Bool {
        switch second {
        case 0x80: (0x8B...0x8F).contains(third) || (0xA8...0xAE).contains(third)
        case 0x81: (0xA0...0xAF).contains(third)
        default: false
        }
    }

    private static func scrubbed(_ value: Bytes) -> [UInt8] {
        var clean: [UInt8] = []
        clean.reserveCapacity(value.count)
        var broken = false
        // Scalars, not Characters: CR LF is one Character, and a combining mark hides what it stands on.
        for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
            if isBreak(scalar) {
                if !broken { clean.append(0x20) }
                broken = true
                continue
            }
            if isInvisible(scalar) { continue }
            broken = false
            clean.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        }
        return clean
    }

    /// Whether anything of it can be seen.
    static func isBlank(_ value: String) -> Bool {
        // Nearly every value begins with a Latin or Cyrillic letter or a digit; asking Unicode is ten times as dear.
        if let first = value.utf8.first, (0x21...0x7E).contains(first) || first == 0xD0 || first == 0xD1 {
            return false
        }
        return value.unicodeScalars.allSatisfy { isBreak($0) || isInvisible($0) || $0.properties.isWhitespace }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        // soft hyphen, combining joiner, Arabic letter mark, fillers, Mongolian separator
        case 0xAD, 0x34F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0: true
        // zero-width, directions, invisible operators, byte order mark, annotations
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF0...0xFFFB: true
        case 0xE0000...0xE0FFF: true
        default: false
        }
    }
}

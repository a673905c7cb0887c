/// What every escaper does first: a value becomes one line without signs that nobody sees but that change what is seen.
///
/// Line breaks and tabs become a space: a value cannot forge a header, a line of a notice or a new paragraph. Other
/// control characters, directions (U+202E and its kin), zero-width signs, fillers and tags are dropped.
enum CleanText {
    static func bytes(of value: String) -> [UInt8] {
        let raw = Array(value.utf8)
        // ASCII and Cyrillic, nearly every value: nothing in them is invisible.
        if raw.allSatisfy({ (0x20...0x7E).contains($0) || (0x80...0xBF).contains($0) || $0 == 0xD0 || $0 == 0xD1 }) {
            return raw
        }
        var clean: [UInt8] = []
        clean.reserveCapacity(raw.count)
        var broken = false
        // Scalars, not Characters: CR LF is one Character, and a combining mark hides what it stands on.
        for scalar in value.unicodeScalars {
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

    static func text(of value: String) -> String { String(decoding: bytes(of: value), as: UTF8.self) }

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

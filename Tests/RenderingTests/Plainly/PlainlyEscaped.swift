@testable import Rendering

/// The same rules once more, written for the eye and not for the clock: what the fast ways must agree with, byte by byte.
enum Plainly {
    static func write(_ value: String, at place: Place, into output: inout [UInt8]) -> Bool {
        switch place {
        case .htmlText: HTMLText.escape(value, into: &output)
        case .attribute: HTMLAttribute.escape(value, into: &output)
        case .messengerText, .messengerAttribute: MessengerHTML.escape(value, into: &output)
        case .plain, .sms, .voice, .push: PlainText.escape(value, into: &output)
        case .header: HeaderText.escape(value, into: &output)
        case .link: return LinkURL.escape(value, into: &output)
        case .linkPiece: LinkURL.escapePiece(value, into: &output)
        case .telephone:
            guard let phone = PhoneText(value) else { return false }
            output += phone.dialled.utf8
        }
        return true
    }
}

extension Plainly {
    enum CleanText {
        static func bytes(of value: String) -> [UInt8] {
            let raw = Array(value.utf8)
            // ASCII and Cyrillic, nearly every value: nothing in them is invisible.
            if raw.allSatisfy({ (0x20...0x7E).contains($0) || (0x80...0xBF).contains($0) || $0 == 0xD0 || $0 == 0xD1 })
            {
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

    enum HTMLText {
        static func escape(_ value: String, into output: inout [UInt8]) {
            for byte in CleanText.bytes(of: value) {
                switch byte {
                case UInt8(ascii: "&"): output += "&amp;".utf8
                case UInt8(ascii: "<"): output += "&lt;".utf8
                case UInt8(ascii: ">"): output += "&gt;".utf8
                case UInt8(ascii: "\""): output += "&quot;".utf8
                case UInt8(ascii: "'"): output += "&#39;".utf8
                default: output.append(byte)
                }
            }
        }
    }

    enum HTMLAttribute {
        static func escape(_ value: String, into output: inout [UInt8]) {
            for byte in CleanText.bytes(of: value) {
                switch byte {
                case UInt8(ascii: "&"): output += "&amp;".utf8
                case UInt8(ascii: "<"): output += "&lt;".utf8
                case UInt8(ascii: ">"): output += "&gt;".utf8
                case UInt8(ascii: "\""): output += "&quot;".utf8
                case UInt8(ascii: "'"): output += "&#39;".utf8
                // Old mail programs took it for a quote.
                case UInt8(ascii: "`"): output += "&#96;".utf8
                default: output.append(byte)
                }
            }
        }
    }

    enum MessengerHTML {
        static func escape(_ value: String, into output: inout [UInt8]) {
            for byte in CleanText.bytes(of: value) {
                switch byte {
                case UInt8(ascii: "&"): output += "&amp;".utf8
                case UInt8(ascii: "<"): output += "&lt;".utf8
                case UInt8(ascii: ">"): output += "&gt;".utf8
                case UInt8(ascii: "\""): output += "&quot;".utf8
                default: output.append(byte)
                }
            }
        }
    }

    enum HeaderText {
        static func escape(_ value: String, into output: inout [UInt8]) {
            output += CleanText.bytes(of: value)
        }

        /// A whole subject: runs of spaces and line breaks, the template's own too, become one space; no control bytes.
        static func line(_ bytes: [UInt8]) -> [UInt8] {
            var line: [UInt8] = []
            for byte in bytes {
                let blank = byte <= 0x20 || byte == 0x7F
                if !blank { line.append(byte) } else if let last = line.last, last != 0x20 { line.append(0x20) }
            }
            if line.last == 0x20 { line.removeLast() }
            return line
        }
    }

    enum PlainText {
        static func escape(_ value: String, into output: inout [UInt8]) {
            output += CleanText.bytes(of: value)
        }
    }

    enum Unlinked {
        static func text(_ value: String) -> String {
            let bytes = Array(value.utf8)
            guard
                bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: "@"))
                    || bytes.contains(UInt8(ascii: ":"))
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

    enum LinkURL {
        /// `https://host…` without user name, `tel:` with digits, `mailto:` with an address; ASCII, at most 2000 bytes.
        /// Words of another alphabet come percent-encoded, their host names as `xn--…`.
        static func isSafe(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            guard bytes.count <= 2000, bytes.allSatisfy(isPlain) else { return false }
            if let rest = bytes.following("https://") { return isHostAndMore(rest) }
            if let rest = bytes.following("tel:") {
                return (3...20).contains(rest.count)
                    && rest.allSatisfy {
                        (0x30...0x39).contains($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                    }
            }
            if let rest = bytes.following("mailto:") {
                return rest.first.map { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "@") } ?? false
                    && rest.contains(UInt8(ascii: "@"))
            }
            return false
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            (0x21...0x7E).contains(byte) && !"<>\"\\^`{|}'".utf8.contains(byte)
        }

        /// `https://bank.example@evil.example` shows one host and opens another.
        private static func isHostAndMore(_ rest: ArraySlice<UInt8>) -> Bool {
            let authority = rest.prefix { !"/?#".utf8.contains($0) }
            guard let first = authority.first, first != UInt8(ascii: "."), first != UInt8(ascii: ":") else {
                return false
            }
            return !authority.contains(UInt8(ascii: "@"))
        }

        /// A whole link into an attribute.
        static func escape(_ url: String, into output: inout [UInt8]) -> Bool {
            guard isSafe(url) else { return false }
            HTMLAttribute.escape(url, into: &output)
            return true
        }

        /// A value as one piece of a link that the template writes itself: all but unreserved bytes are percent-encoded
        /// (RFC 3986, 2.3).
        static func escapePiece(_ value: String, into output: inout [UInt8]) {
            let hexadecimal = Array("0123456789ABCDEF".utf8)
            for byte in CleanText.bytes(of: value) {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"):
                    output.append(byte)
                default: output += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
                }
            }
        }

        /// For people's eyes: `dom.ru/m/7Fq2` is read as a link by phones and is eight signs shorter.
        static func withoutScheme(_ url: String) -> String {
            guard let rest = Array(url.utf8).following("https://") else { return url }
            return String(decoding: rest, as: UTF8.self)
        }
    }
}

extension [UInt8] {
    func following(_ prefix: StaticString) -> ArraySlice<UInt8>? {
        let wanted = prefix.withUTF8Buffer { Array($0) }
        guard count > wanted.count else { return nil }
        for (index, byte) in wanted.enumerated() where lowerASCII(self[index]) != byte { return nil }
        return self[wanted.count...]
    }
}

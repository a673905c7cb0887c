/// Links in `href`, in buttons and in text. An allow-list of schemes and of bytes, whatever the escaper says.
package enum LinkURL {
    /// `https://host…` without user name, `tel:` with digits, `mailto:` with an address; ASCII, at most 2000 bytes.
    /// Words of another alphabet come percent-encoded, their host names as `xn--…`.
    package static func isSafe(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 2000, bytes.allSatisfy(isPlain) else { return false }
        if let rest = bytes.rest(after: "https://") { return isHostAndMore(rest) }
        if let rest = bytes.rest(after: "tel:") {
            return (3...20).contains(rest.count)
                && rest.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        }
        if let rest = bytes.rest(after: "mailto:") {
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
        guard let first = authority.first, first != UInt8(ascii: "."), first != UInt8(ascii: ":") else { return false }
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
        guard let rest = Array(url.utf8).rest(after: "https://") else { return url }
        return String(decoding: rest, as: UTF8.self)
    }
}

extension [UInt8] {
    /// What follows an ASCII prefix, compared without regard to case; nil when it is not there.
    func rest(after prefix: StaticString) -> ArraySlice<UInt8>? {
        let wanted = prefix.withUTF8Buffer { Array($0) }
        guard count > wanted.count else { return nil }
        for (index, byte) in wanted.enumerated() where lowerASCII(self[index]) != byte { return nil }
        return self[wanted.count...]
    }
}

func lowerASCII(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

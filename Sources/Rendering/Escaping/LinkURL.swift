/// Links in `href`, in buttons and in text. An allow-list of schemes and of bytes, whatever the escaper says.
package enum LinkURL {
    /// `https://host…` without user name, `tel:` with digits, `mailto:` with an address; ASCII, at most 2000 bytes.
    /// Words of another alphabet come percent-encoded, their host names as `xn--…`.
    package static func isSafe(_ text: String) -> Bool { text.withBytes(isSafe) }

    static func isSafe(_ bytes: Bytes) -> Bool {
        guard bytes.count <= 2000, bytes.allSatisfy(isPlain) else { return false }
        if let end = bytes.end(of: "https://") { return isHostAndMore(bytes[end...]) }
        if let end = bytes.end(of: "tel:") {
            let rest = bytes[end...]
            return (3...20).contains(rest.count)
                && rest.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        }
        if let end = bytes.end(of: "mailto:") {
            return bytes[end] != UInt8(ascii: "?") && bytes[end] != UInt8(ascii: "@")
                && bytes[end...].contains(UInt8(ascii: "@"))
        }
        return false
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "'"):
            false
        default: (0x21...0x7E).contains(byte)
        }
    }

    /// `https://bank.example@evil.example` shows one host and opens another.
    private static func isHostAndMore(_ rest: Slice<Bytes>) -> Bool {
        let authority = rest.prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard let first = authority.first, first != UInt8(ascii: "."), first != UInt8(ascii: ":") else { return false }
        return !authority.contains(UInt8(ascii: "@"))
    }

    /// A whole link into an attribute; false where it is not safe. A safe one is ASCII that can be seen.
    static func write(_ url: Bytes, into output: inout [UInt8]) -> Bool {
        guard isSafe(url) else { return false }
        HTMLAttribute.write(url, into: &output)
        return true
    }

    /// A value as one piece of a link that the template writes itself: all but unreserved bytes are percent-encoded
    /// (RFC 3986, 2.3).
    static func writePiece(_ clean: Bytes, into output: inout [UInt8]) {
        for byte in clean {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            default:
                output.append(UInt8(ascii: "%"))
                output.append(hexadecimal(byte >> 4))
                output.append(hexadecimal(byte & 15))
            }
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    /// For people's eyes: `dom.ru/m/7Fq2` is read as a link by phones and is eight signs shorter.
    static func withoutScheme(_ url: Bytes) -> Bytes {
        url.end(of: "https://").map { url.part($0..<url.count) } ?? url
    }
}

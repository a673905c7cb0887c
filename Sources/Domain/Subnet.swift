/// An IP address as 16 bytes; IPv4 stands where IPv6 maps it, so that `10.0.0.5` and `::ffff:10.0.0.5` are one caller.
package struct IPAddress: Sendable, Hashable {
    package let bytes: [UInt8]
    fileprivate let isShort: Bool
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    /// - Parameter text: `10.0.0.5`, `fd00::1`, `fe80::1%eth0`. Nil for anything else; a number with a leading zero is
    ///   refused, because some read it as octal.
    package init?(_ text: String) {
        let address = text.utf8.prefix { $0 != UInt8(ascii: "%") }
        if address.contains(UInt8(ascii: ":")) {
            guard let long = Self.long(Array(address)) else { return nil }
            bytes = long
            isShort = false
        } else {
            guard let short = Self.short(address) else { return nil }
            bytes = Self.mapped + short
            isShort = true
        }
    }

    private static func short(_ text: some Collection<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { part -> UInt8? in
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            return UInt8(exactly: part.reduce(0) { $0 * 10 + Int($1) - 0x30 })
        }
        return numbers.count == 4 ? numbers : nil
    }

    /// RFC 4291, 2.2: groups of four hex digits, once `::`, at the end perhaps an IPv4 address.
    private static func long(_ text: [UInt8]) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        let gaps = text.indices.dropLast().filter { text[$0] == colon && text[$0 + 1] == colon }
        guard gaps.count <= 1 else { return nil }
        guard let gap = gaps.first else {
            guard let whole = groups(text[...]), whole.count == 16 else { return nil }
            return whole
        }
        guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...]), head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if place == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let short = short(part) else { return nil }
                bytes += short
                continue
            }
            guard (1...4).contains(part.count), let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16),
                part.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }
}

/// A range of addresses as people write it: `10.20.0.0/16`, `fd00::/8`; one address alone is a range too.
package struct Subnet: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let text: String
    private let base: [UInt8]
    /// Of the 128.
    private let length: Int

    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !text.utf8.contains(UInt8(ascii: "%")),
            let address = IPAddress(String(decoding: parts[0], as: UTF8.self))
        else { return nil }
        let longest = address.isShort ? 32 : 128
        var length = longest
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count), parts[1].allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            length = parts[1].reduce(0) { $0 * 10 + Int($1) - 0x30 }
            guard length <= longest else { return nil }
        }
        self.text = text
        base = address.bytes
        self.length = length + 128 - longest
    }

    package func contains(_ address: IPAddress) -> Bool {
        let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
        guard base.prefix(whole) == address.bytes.prefix(whole) else { return false }
        return rest == 0 || base[whole] >> UInt8(8 - rest) == address.bytes[whole] >> UInt8(8 - rest)
    }

    package var description: String { text }
}

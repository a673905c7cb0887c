import Glibc

/// An address on the wire, as the kernel takes it: no spelling can hide what it is. IPv4 within IPv6 is IPv4.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    let bytes: [UInt8]

    /// IPv4 in IPv6 is unwrapped where packets for it leave as IPv4: mapped (`::ffff:…`) and NAT64 (`64:ff9b::…`).
    init(bytes: [UInt8]) {
        let isWrapped = bytes.count == 16 && Self.wrappings.contains { bytes.starts(with: $0) }
        self.bytes = isWrapped ? Array(bytes[12...]) : bytes
    }

    private static let wrappings: [[UInt8]] = [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0],
    ]

    /// `10.0.0.1`, `fe80::1`: plain forms only.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: &four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
        } else {
            return nil
        }
    }

    /// Nil for anything that is neither IPv4 nor IPv6.
    init?(_ address: UnsafeRawPointer, family: Int32, length: Int) {
        switch family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            var four = address.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(bytes: withUnsafeBytes(of: &four) { Array($0) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            var six = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
        default: return nil
        }
    }
}

/// `10.0.0.0/8`, `fd00::/8`, or one address.
package struct AddressRange: Sendable, Hashable {
    private let start: IPAddress
    private let bits: Int
    package let text: String

    package init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = halves.first, halves.count <= 2, let start = IPAddress(String(first)) else { return nil }
        var bits = start.bytes.count * 8
        if halves.count == 2 {
            guard halves[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let given = Int(halves[1]),
                (0...bits).contains(given)
            else { return nil }
            bits = given
        }
        (self.start, self.bits, self.text) = (start, bits, text)
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == start.bytes.count else { return false }
        let whole = bits / 8, rest = bits % 8
        guard address.bytes[..<whole] == start.bytes[..<whole] else { return false }
        return rest == 0 || (address.bytes[whole] ^ start.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}

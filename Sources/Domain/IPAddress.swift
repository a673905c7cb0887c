import Glibc

/// An IP address as the kernel takes it, 4 or 16 bytes: no spelling can hide what it is. IPv4 mapped into IPv6 is IPv4, so
/// that `10.0.0.5` and `::ffff:10.0.0.5` are one.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    package let bytes: [UInt8]

    /// - Parameter bytes: 4 or 16, in the order of the network.
    package init(bytes: [UInt8]) {
        self.bytes = bytes.count == 16 && bytes.starts(with: Self.mapped) ? Array(bytes[12...]) : bytes
    }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    /// - Parameter text: `10.0.0.5`, `fd00::1`, `fe80::1%eth0`. Nil for anything else; a number with a leading zero is
    ///   refused, because some read it as octal.
    package init?(_ text: String) {
        let (address, zone) = text.utf8.cut(at: UInt8(ascii: "%"))
        guard address.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let plain = String(decoding: address, as: UTF8.self)
        var four = in_addr()
        var six = in6_addr()
        if zone == nil, inet_pton(AF_INET, plain, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: &four) { Array($0) })
        } else if inet_pton(AF_INET6, plain, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
        } else {
            return nil
        }
    }
}

/// A range of addresses as people write it: `10.20.0.0/16`, `fd00::/8`; one address alone is a range too. IPv4 and IPv6
/// are ranges apart: `::/0` holds no IPv4 address.
package struct Subnet: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let text: String
    private let base: IPAddress
    private let length: Int

    package init?(_ text: String) {
        let (start, bits) = text.utf8.cut(at: UInt8(ascii: "/"))
        guard !text.utf8.contains(UInt8(ascii: "%")), let base = IPAddress(String(decoding: start, as: UTF8.self))
        else {
            return nil
        }
        var length = base.bytes.count * 8
        if let bits {
            guard (1...3).contains(bits.count), bits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let given = bits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
            guard given <= length else { return nil }
            length = given
        }
        (self.text, self.base, self.length) = (text, base, length)
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
        guard base.bytes.prefix(whole) == address.bytes.prefix(whole) else { return false }
        return rest == 0 || (base.bytes[whole] ^ address.bytes[whole]) >> UInt8(8 - rest) == 0
    }

    package var description: String { text }
}

extension String.UTF8View {
    /// Before the first such byte, and after it; nil where there is none.
    fileprivate func cut(at byte: UInt8) -> (SubSequence, SubSequence?) {
        guard let place = firstIndex(of: byte) else { return (self[...], nil) }
        return (self[..<place], self[index(after: place)...])
    }
}

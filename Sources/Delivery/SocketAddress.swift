import Domain
import Glibc

extension IPAddress {
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

    /// Packets for `64:ff9b::a.b.c.d` (NAT64, RFC 6052) leave as IPv4.
    var beyondTranslation: IPAddress {
        bytes.count == 16 && bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
            ? IPAddress(bytes: Array(bytes[12...])) : self
    }
}

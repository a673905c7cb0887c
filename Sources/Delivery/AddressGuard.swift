import CCurl
package import Domain
import Glibc

/// Where requests to addresses that strangers name may go. Asked at the moment a socket is about to open, with the
/// address in binary: a name that resolves to something else a second later, and every odd spelling, is seen as what it is.
package struct AddressGuard: Sendable, Hashable {
    /// May be reached although nobody outside should: a receiver on our own network.
    package var allowed: [Subnet]

    package init(allowed: [Subnet] = []) { self.allowed = allowed }

    /// - Parameter encrypted: without TLS only what is allowed by name is reached.
    package func admits(_ address: IPAddress, encrypted: Bool) -> Bool {
        let address = address.beyondTranslation
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return encrypted && !Self.closed.contains { $0.contains(address) }
    }

    /// Everything that is not the public internet, after the special-purpose registries of IANA (RFC 6890).
    private static let closed = [
        // This host, private, shared (CGNAT), loopback, link-local (the metadata services of clouds among them).
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        // Protocol assignments, documentation, 6to4 relays, private, AS112, benchmarks.
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        // A cloud's metadata that is not link-local; multicast, reserved, broadcast.
        "168.63.129.16", "224.0.0.0/4", "240.0.0.0/4",
        // IPv6: unspecified, loopback and IPv4 in its oldest form, local NAT64, discard, protocol assignments (Teredo in
        // them), documentation, 6to4, SRv6, unique local, link-local, site-local, multicast.
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap(Subnet.init)
}

extension AddressGuard {
    /// Where nothing is allowed by name, nothing is reached without TLS.
    var protocols: String { allowed.isEmpty ? "https" : "https,http" }

    /// The socket for an address that libcurl has resolved; -1 where it must not be opened.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>, encrypted: Bool) -> curl_socket_t {
        let family = address.pointee.family, length = Int(address.pointee.addrlen)
        guard let bytes = curl_address(address), let found = IPAddress(bytes, family: family, length: length),
            admits(found, encrypted: encrypted)
        else { return CURL_SOCKET_BAD }
        return socket(family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }
}

extension DeliveryFailure {
    /// What `refusedAddress` says as its code.
    package static let addressRefused = "address_refused"

    /// No address of the name was one that may be reached.
    static func refusedAddress(_ failure: DeliveryFailure) -> DeliveryFailure {
        guard failure.reason == .unreachable else { return failure }
        return DeliveryFailure(.unreachable, code: addressRefused, detail: "the address may not be reached")
    }
}

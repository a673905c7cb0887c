import Delivery
import Domain

/// The address of a provider without the path of one call. Checked on bytes once, when the configuration is read; what
/// is appended later is our own text or percent-encoded.
struct BaseURL: Sendable, Hashable {
    /// Without a trailing slash.
    let text: String
    let scheme: String
    /// `host` or `host:port`, as written, in lower case.
    let authority: String

    var host: String {
        let bytes = Array(authority.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), !bytes[colon...].contains(UInt8(ascii: "]")) else {
            return authority
        }
        return String(decoding: bytes[..<colon], as: UTF8.self)
    }

    /// - Parameter path: false when a query may stand in it, as in an address that a provider gave us.
    /// - Returns: nil for another scheme, a user in the address, spaces, control bytes, or bytes outside ASCII.
    init?(_ text: String, schemes: [String] = ["https", "http"], queryAllowed: Bool = false) {
        var bytes = Array(text.utf8)[...]
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
            let scheme = schemes.first(where: { text.utf8.starts(with: ($0 + "://").utf8) })
        else { return nil }
        let separators: [UInt8] = [UInt8(ascii: "?"), UInt8(ascii: "#")]
        if !queryAllowed, bytes.contains(where: { separators.contains($0) }) { return nil }
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        let authority = bytes.dropFirst(scheme.utf8.count + 3).prefix {
            $0 != UInt8(ascii: "/") && !separators.contains($0)
        }
        // Only what a host name, an address or a port is made of: `\`, `@` and `%` are how hosts are disguised.
        let plain: (UInt8) -> Bool = {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")]
                    .contains($0)
        }
        guard !authority.isEmpty, authority.allSatisfy(plain) else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
        self.scheme = scheme
        self.authority = String(decoding: authority.map(\.lowered), as: UTF8.self)
    }
}

extension ProviderSettings {
    func base() throws(CatalogError) -> BaseURL {
        guard let base = BaseURL(account.baseURL) else {
            throw CatalogError("base_url", ru: "это не адрес", en: "this is no address")
        }
        return base
    }
}

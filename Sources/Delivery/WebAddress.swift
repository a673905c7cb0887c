import CCurl
import Glibc

/// A URL taken apart by libcurl itself, so that who judges it and who follows it read the same text the same way.
package struct WebAddress: Sendable, Hashable {
    /// In lower case.
    package let scheme: String
    package let host: String
    /// The scheme's own where none is written; nil for a scheme that libcurl knows no port of.
    package let port: Int?
    package let hasUser: Bool
    package let hasFragment: Bool

    /// Nil for what is no absolute URL.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: url)
        else { return nil }
        self.scheme = scheme.lowercased()
        host = Self.part(CURLUPART_HOST, of: url) ?? ""
        port = Self.part(CURLUPART_PORT, of: url, UInt32(CURLU_DEFAULT_PORT)).flatMap(Int.init)
        hasUser = Self.part(CURLUPART_USER, of: url) != nil || Self.part(CURLUPART_PASSWORD, of: url) != nil
        hasFragment = Self.part(CURLUPART_FRAGMENT, of: url) != nil
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

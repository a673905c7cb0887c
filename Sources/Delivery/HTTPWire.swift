import Domain

/// What may stand in a request line and in headers. Checked on bytes: "\r\n" is one Character in Swift and hides from
/// a comparison with "\n".
extension HTTPRequest {
    /// - Throws: `misconfigured` when a part of the request would end a line early or be something else on the wire than
    ///   here. The values are not quoted: they may be secrets.
    func check() throws(DeliveryFailure) {
        guard !method.utf8.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw DeliveryFailure(.misconfigured, detail: "the request has no usable method")
        }
        guard HTTPRequest.isPlainURL(url) else {
            throw DeliveryFailure(.misconfigured, detail: "the request's URL is not a plain http or https URL")
        }
        for header in headers { try header.check() }
    }

    private static func isPlainURL(_ url: String) -> Bool {
        let bytes = Array(url.utf8)
        let known = ["https://", "http://"].contains { bytes.starts(with: $0.utf8) && bytes.count > $0.utf8.count }
        return known && bytes.count <= 16_384 && bytes.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension HTTPRequest.Header {
    /// libcurl counts the body and chooses these itself; a second opinion is request smuggling.
    private static let ours: Set<String> = ["content-length", "transfer-encoding", "expect", "connection"]
    private static let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    fileprivate func check() throws(DeliveryFailure) {
        guard !name.utf8.isEmpty, name.utf8.allSatisfy(Self.token.contains), !Self.ours.contains(name.lowercased())
        else {
            throw DeliveryFailure(.misconfigured, detail: "a header of the request has a forbidden name")
        }
        guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw DeliveryFailure(.misconfigured, detail: "the header \(name) holds a control character")
        }
    }

    /// `Name;` is libcurl's way of writing a header without a value.
    var line: String { value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? name + ";" : name + ": " + value }
}

import Domain

/// What may stand in a request line, checked on bytes. Headers check themselves.
extension HTTPRequest {
    /// - Throws: `misconfigured` when the method would be something else on the wire than here.
    func checkMethod() throws(DeliveryFailure) {
        guard !method.utf8.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw DeliveryFailure(.misconfigured, detail: "the request has no usable method")
        }
    }

    /// - Throws: `misconfigured`; the URL is not quoted, it may hold a secret.
    func checkURL() throws(DeliveryFailure) {
        let bytes = url.utf8
        let known = ["https://", "http://"].contains { bytes.starts(with: $0.utf8) && bytes.count > $0.utf8.count }
        guard known, bytes.count <= 16_384, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw DeliveryFailure(.misconfigured, detail: "the request's URL is not a plain http or https URL")
        }
    }
}

package import Domain

/// One request as a value. `url` and header values may hold secrets: they are never logged.
package struct HTTPRequest: Sendable, Hashable {
    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
    package var method: String
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    package init(_ method: String, _ url: String, headers: HTTPHeaders, body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
    package init(_ method: String, _ url: String, headers: [Header] = [], body: [UInt8] = []) {
        self.init(method, url, headers: HTTPHeaders(headers), body: body)
    }
}

/// A request together with what its reply means. A provider that needs several requests for one message (upload a file,
/// then send) chains them; each link is a pure value.
package struct HTTPExchange: Sendable {
    package var request: HTTPRequest
    /// True for the request that may reach the resident: only then is a lost answer `unconfirmed`. A lost answer to an
    /// upload is safe to repeat.
    package var delivers: Bool
    /// Reads a complete reply. Called for every status; `HTTPAnswer.common` handles what all providers share.
    package var read: @Sendable (HTTPResponse) throws(DeliveryFailure) -> HTTPStep
    package init(
        _ request: HTTPRequest, delivers: Bool = true,
        read: @escaping @Sendable (HTTPResponse) throws(DeliveryFailure) -> HTTPStep
    ) {
        self.request = request
        self.delivers = delivers
        self.read = read
    }
}

package enum HTTPStep: Sendable {
    case done(Receipt)
    case next(HTTPExchange)
}

/// A provider over HTTP is a pure function from a submission to an exchange; the conversation itself is written once, in
/// `HTTPAccount`.
package protocol HTTPProvider: Sendable {
    func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange
    /// How to ask about a message by our own name for it; nil where that is not possible.
    func question(about inquiry: Inquiry) throws(DeliveryFailure) -> HTTPQuestion?
}

extension HTTPProvider {
    package func question(about inquiry: Inquiry) throws(DeliveryFailure) -> HTTPQuestion? { nil }
}

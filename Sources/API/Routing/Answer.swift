package import Intake

/// What goes back. A refusal is not an answer: handlers throw a `Problem`.
package struct Answer: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Written as it comes, until the sequence ends or the other side goes.
        case stream(any AsyncSequence<[UInt8], Never> & Sendable)
        /// The same, and it may fail half-way: then the connection breaks off, so that nobody takes a part for the whole.
        case pages(any AsyncSequence<[UInt8], Problem> & Sendable)
    }
    package var status: Int
    /// Lower-case names.
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(
        _ json: JSON, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> Answer {
        Answer(status, headers: [("content-type", "application/json")] + headers, body: .bytes(json.bytes))
    }

    package static func text(_ status: Int = 200, _ text: String) -> Answer {
        Answer(status, headers: [("content-type", "text/plain; charset=utf-8")], body: .bytes(Array(text.utf8)))
    }

    package static func html(_ status: Int = 200, _ bytes: [UInt8]) -> Answer {
        Answer(
            status,
            headers: [
                ("content-type", "text/html; charset=utf-8"),
                // Nothing but our own style runs, loads or frames.
                ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
            ], body: .bytes(bytes))
    }

    /// `{"data": […], "next": "…"|null}`
    package static func page(_ items: [JSON], next: String?) -> Answer {
        .json(JSON.object([.init("data", .array(items)), .init("next", next.map(JSON.string) ?? .null)]))
    }
}

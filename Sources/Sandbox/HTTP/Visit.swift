import Foundation
import HTTPTypes

/// One HTTP request, read whole: what a counter decides by.
struct Visit: Sendable {
    let method: HTTPRequest.Method
    let path: String
    /// As it stands behind `?`, still encoded.
    let rawQuery: String
    let fields: HTTPFields
    let body: [UInt8]
    let at: Date
    /// Our own port, for the addresses that some replies contain.
    let port: Int

    var query: FormBody { FormBody(Array(rawQuery.utf8)) }
    var form: FormBody { FormBody(body) }
    var contentType: String { header("content-type") ?? "" }

    func header(_ name: String) -> String? {
        fields.first { $0.name.canonicalName == name }?.value
    }

    /// For people to look at; secrets are not shown even here, screenshots travel.
    var shownHeaders: [CapturedMessage.Header] {
        fields.map { field in
            let isSecret = ["authorization", "x-kannel-password", "cookie"].contains(field.name.canonicalName)
            return .init(name: field.name.rawName, value: isSecret ? "•••" : field.value)
        }
    }
}

/// What a counter answers.
struct Reply: Sendable {
    var status: Int
    var type: String
    var body: [UInt8]
    var retryAfter: Int?
    /// Whether the sender may believe that the message was taken. HTTP 200 alone does not say so.
    var accepts: Bool
    /// What a person needs of a long answer: the id that was given out.
    var gist: String?

    static func text(_ status: Int, _ body: String, accepts: Bool = false) -> Reply {
        Reply(status: status, type: "text/plain; charset=utf-8", body: Array(body.utf8), accepts: accepts)
    }

    static func json(_ status: Int, _ value: JSONValue, accepts: Bool = false) -> Reply {
        Reply(status: status, type: "application/json; charset=utf-8", body: JSONReply.bytes(value), accepts: accepts)
    }

    func retry(after seconds: Int) -> Reply {
        var reply = self
        reply.retryAfter = seconds
        return reply
    }

    func saying(_ gist: String) -> Reply {
        var reply = self
        reply.gist = gist
        return reply
    }

    /// One line for the inbox.
    var summary: String {
        let text = gist ?? String(String(decoding: body, as: UTF8.self).prefix(200))
        return "\(status) \(text.split(whereSeparator: \.isNewline).joined(separator: " "))"
    }
}

/// What a counter made of a visit.
struct Reading: Sendable {
    /// One for each recipient; none when the request made no sense.
    var messages: [CapturedMessage] = []
    var reply: Reply
    /// Trouble that a magic recipient asked for.
    var fault: Fault?
    var reports: [DeliveryReport] = []

    init(_ reply: Reply, _ messages: [CapturedMessage] = []) {
        self.reply = reply
        self.messages = messages
    }
}

/// One service that takes messages over HTTP, in its own dialect.
protocol HTTPCounter: Sendable {
    var group: any KeyPath<Chaos, Chaos.Switches> & Sendable { get }
    /// The largest body, in bytes.
    var limit: Int { get }
    func read(_ visit: Visit) -> Reading
    /// How this service says that it is overloaded (429) or broken (500).
    func trouble(_ status: Int, retryAfter: Int) -> Reply
}

import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The REST of the inbox, for tests of whoever sends: what arrived, forget it, what goes wrong.
///
///     GET    /sandbox/messages?channel=&to=&after=&limit=&wait=5s     newest first; waits until something matches
///     GET    /sandbox/messages/{id} · …/{id}/raw · …/{id}/attachments/{number}
///     DELETE /sandbox/messages
///     GET · PUT /sandbox/chaos
struct InboxResource: Sendable {
    let counters: Counters

    /// Longer waits belong into a loop of the caller.
    private static let longestWait = Duration.seconds(60)

    func addRoutes(to router: Router<WireContext>) {
        router.get("/sandbox/messages") { request, _ in try await guarded(request) { try await list(request) } }
        router.delete("/sandbox/messages") { request, _ in
            try await guarded(request) {
                counters.inbox.clear()
                return Response(status: .noContent)
            }
        }
        router.get("/sandbox/messages/{id}") { request, context in
            try await guarded(request) { try Self.json(MessageBody(message(context))) }
        }
        router.get("/sandbox/messages/{id}/raw") { request, context in
            try await guarded(request) { raw(try message(context)) }
        }
        router.get("/sandbox/messages/{id}/attachments/{number}") { request, context in
            try await guarded(request) { try attachment(try message(context), context.parameters.get("number")) }
        }
        router.get("/sandbox/chaos") { request, _ in
            try await guarded(request) { Self.json(bytes: counters.dice.chaos.json) }
        }
        router.put("/sandbox/chaos") { request, context in
            try await guarded(request) { try await setChaos(request, context) }
        }
    }

    // MARK: Messages

    private func list(_ request: Request) async throws -> Response {
        let query = FormBody(Array((request.uri.query ?? "").utf8))
        var filter = InboxFilter()
        if let name = query["channel"], !name.isEmpty {
            guard let channel = Domain.Channel(rawValue: name) else {
                let hint = nearestName(to: name, among: Domain.Channel.allCases.map(\.rawValue)).map {
                    "; did you mean \($0)?"
                }
                throw Problem(.badRequest, "unknown channel \(name)\(hint ?? "")")
            }
            filter.channels = [channel]
        }
        filter.to = query["to"].flatMap { $0.isEmpty ? nil : $0 }
        if let after = query["after"] { filter.after = try Self.number(after, "after", 0...Int.max) }
        if let limit = query["limit"] { filter.limit = try Self.number(limit, "limit", 1...1_000) }
        let wait = try query["wait"].map(Self.duration) ?? .zero
        let found = await counters.inbox.list(filter, waitingUpTo: wait)
        return Self.json(
            ListBody(data: found.map { MessageBody($0) }, latest_id: counters.inbox.capturedTotal))
    }

    private func message(_ context: WireContext) throws -> CapturedMessage {
        guard let id = context.parameters.get("id").flatMap({ Int($0) }), let message = counters.inbox.message(id)
        else {
            throw Problem(.notFound, "no such message; the inbox remembers the last ones only")
        }
        return message
    }

    private func raw(_ message: CapturedMessage) -> Response {
        Response(
            status: .ok, headers: Self.inert([.contentType: "text/plain; charset=utf-8"]),
            body: .init(byteBuffer: ByteBuffer(bytes: message.raw)))
    }

    /// Always a download: what strangers sent is never opened under our own address.
    private func attachment(_ message: CapturedMessage, _ number: String?) throws -> Response {
        guard let index = number.flatMap({ Int($0) }), message.attachments.indices.contains(index) else {
            throw Problem(.notFound, "no such attachment")
        }
        let file = message.attachments[index]
        return Response(
            status: .ok,
            headers: Self.inert([
                .contentType: "application/octet-stream",
                .contentDisposition: "attachment; filename*=UTF-8''\(FormBody.percentEncoded(file.name))",
            ]), body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    // MARK: Chaos

    private func setChaos(_ request: Request, _ context: WireContext) async throws -> Response {
        guard let visit = try await counters.visit(request, context, limit: 64 << 10) else {
            throw Problem(.contentTooLarge, "64 KiB at most")
        }
        do throws(Chaos.Mistake) {
            counters.dice.chaos = try Chaos(json: visit.body)
        } catch {
            throw Problem(.badRequest, error.detail)
        }
        return Self.json(bytes: counters.dice.chaos.json)
    }

    // MARK: Pieces

    /// What a caller did wrong, as RFC 9457 says it.
    private struct Problem: Error {
        let status: HTTPResponse.Status
        let detail: String
        init(_ status: HTTPResponse.Status, _ detail: String) {
            self.status = status
            self.detail = detail
        }

        var response: Response {
            let body: [String: JSONValue] = [
                "title": .string(status.reasonPhrase), "status": .integer(status.code), "detail": .string(detail),
            ]
            return InboxResource.json(.object(body), status: status, type: "application/problem+json")
        }
    }

    private func guarded(_ request: Request, _ answer: () async throws -> Response) async throws -> Response {
        guard Visitor.isLocal(request) else { return Problem(.misdirectedRequest, Visitor.advice).response }
        do {
            return try await answer()
        } catch let problem as Problem {
            return problem.response
        }
    }

    private static func json(_ value: some Encodable) -> Response { json(bytes: JSONReply.bytes(value)) }

    private static func json(_ value: JSONValue, status: HTTPResponse.Status, type: String) -> Response {
        json(bytes: JSONReply.bytes(value), status: status, type: type)
    }

    private static func json(
        bytes: [UInt8], status: HTTPResponse.Status = .ok, type: String = "application/json; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: inert([.contentType: type]), body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func inert(_ fields: HTTPFields) -> HTTPFields {
        var fields = fields
        fields[.xContentTypeOptions] = "nosniff"
        fields[.cacheControl] = "no-store"
        fields[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return fields
    }

    private static func number(_ text: String, _ name: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Problem(.badRequest, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `5s`, `300ms`, `1m`.
    private static func duration(_ text: String) throws -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let amount = Int(digits), amount <= 3_600_000 else {
            throw Problem(.badRequest, "wait looks like 5s or 300ms")
        }
        switch text.dropFirst(digits.count) {
        case "ms": return min(.milliseconds(amount), longestWait)
        case "s": return min(.seconds(amount), longestWait)
        case "m": return min(.seconds(amount * 60), longestWait)
        default: throw Problem(.badRequest, "wait looks like 5s or 300ms")
        }
    }
}

/// A page of another site, open in the same browser, must not read the inbox or throw the switches.
enum Visitor {
    static let advice = "open the sandbox by its own address, http://127.0.0.1:PORT/"

    /// Compares names only: a foreign name that resolves to 127.0.0.1 is the trick that this is against.
    static func isLocal(_ request: Request) -> Bool {
        guard let authority = request.head.authority, isLoopback(authority) else { return false }
        if let origin = request.headers[.origin] { return origin == "http://\(authority)" }
        guard let site = HTTPField.Name("Sec-Fetch-Site"), let from = request.headers[site] else { return true }
        return from == "same-origin" || from == "none" || request.method == .get
    }

    private static func isLoopback(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        return Loopback.hosts.contains(String(authority.prefix { $0 != ":" }))
    }
}

private struct ListBody: Encodable {
    let data: [MessageBody]
    let latest_id: Int
}

/// A captured message as the REST shows it.
struct MessageBody: Encodable {
    private let id: Int
    private let at: String
    private let channel: String
    private let counter: String
    private let to: [String]
    private let from: String
    private let subject: String?
    private let text: String
    private let html: String?
    private let format: String?
    private let attachments: [File]
    private let buttons: [[CapturedMessage.Button]]
    private let headers: [CapturedMessage.Header]
    private let reference: String?
    private let arrived: Bool
    private let answer: String

    private struct File: Encodable {
        let name: String
        let type: String
        let size: Int
    }

    init(_ message: CapturedMessage) {
        id = message.id
        at = timestamp(message.at)
        channel = message.channel.rawValue
        counter = message.counter.rawValue
        to = message.to
        from = message.from
        subject = message.subject
        text = message.text
        html = message.html
        format = message.format
        attachments = message.attachments.map { File(name: $0.name, type: $0.type, size: $0.bytes.count) }
        buttons = message.buttons
        headers = message.headers
        reference = message.reference
        arrived = message.arrived
        answer = message.answer
    }
}

import Foundation
import Testing

/// TRUST §6, HTTP: requests that two programs could read in two ways. Each row names every answer that comes back on its
/// connection: one answer too many is a request that was smuggled in.
struct SmugglingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let answers: [Int]
        /// - Parameter text: lines end with CR LF already.
        init(_ name: String, _ text: String, _ answers: Int...) {
            self.init(name, Array(text.utf8), answers)
        }
        init(_ name: String, _ bytes: [UInt8], _ answers: [Int]) {
            (self.name, self.bytes, self.answers) = (name, bytes, answers)
        }
        var testDescription: String { name }
    }

    private static let next = "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    /// A message with these lines of framing and this body, and a second request behind it.
    private static func post(_ lines: String, _ body: String = "0\r\n\r\n") -> String {
        "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer vk_live_billing\r\n"
            + "Content-Type: application/json\r\n" + lines + "\r\n\r\n" + body + next
    }

    private static func get(_ target: String, _ lines: String = "Connection: close\r\n") -> String {
        "GET \(target) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n"
    }

    static let framing: [Row] = [
        Row("length, then chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400),
        Row("chunked, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400),
        Row("two lengths", post("Content-Length: 5\r\nContent-Length: 6", "hello"), 400),
        Row("the same length twice", post("Content-Length: 5\r\nContent-Length: 5", "hello"), 400),
        Row("a list of lengths", post("Content-Length: 5, 5", "hello"), 400),
        Row("a length with a sign", post("Content-Length: +5", "hello"), 400),
        Row("a negative length", post("Content-Length: -1", ""), 400),
        Row("a hexadecimal length", post("Content-Length: 0x5", "hello"), 400),
        Row("a length over 2^64", post("Content-Length: 99999999999999999999", "hello"), 400),
        Row("chunked is not last", post("Transfer-Encoding: chunked, identity"), 400),
        Row("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), 400),
        Row("another coding", post("Transfer-Encoding: xchunked"), 415, 400),
        Row("compressed on the way", post("Transfer-Encoding: gzip, chunked"), 415, 200),
        Row("a vertical tab before chunked", post("Transfer-Encoding: \u{0B}chunked"), 400),
        Row("a space before the colon", post("Transfer-Encoding : chunked"), 400),
        Row("chunk size over 2^64", post("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\nx"), 400),
        Row("a negative chunk", post("Transfer-Encoding: chunked", "-1\r\nx"), 400),
        Row("a chunk that ends too late", post("Transfer-Encoding: chunked", "2\r\n{}XX0\r\n\r\n"), 400),
        Row("chunks with bare LF", post("Transfer-Encoding: chunked", "2\n{}\n0\n\n"), 400),
        Row("a body where none is read", get("/livez", "Content-Length: 5\r\n") + "hello" + next, 200, 200),
        Row(
            "a refusal before the body",
            "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + next, 401, 200),
    ]

    static let heads: [Row] = [
        Row("a folded line", get("/livez", "X: a\r\n b\r\n"), 400),
        Row("a folded key", get("/v1/messages", "Authorization: Bearer\r\n vk_live_billing\r\n"), 400),
        Row("bare LF", "GET /livez HTTP/1.1\nHost: x\n\n", 400),
        Row("a bare CR in a value", get("/livez", "X: a\rY: b\r\n"), 400),
        Row("NUL in a value", get("/livez", "X: a\0b\r\n"), 400),
        Row("NUL in a name", get("/livez", "X\0: a\r\n"), 400),
        Row("no name", get("/livez", ": a\r\n"), 400),
        Row("no colon", get("/livez", "hello\r\n"), 400),
        Row("two hosts", get("/livez", "Host: y\r\nConnection: close\r\n"), 400),
        Row(
            "two keys",
            get(
                "/v1/messages",
                "Authorization: Bearer vk_live_billing\r\nAuthorization: Bearer x\r\nConnection: close\r\n"), 401),
        Row("HTTP/1.0", "GET /livez HTTP/1.0\r\nConnection: close\r\n\r\n", 200),
        Row("HTTP/0.9", "GET /livez\r\n\r\n", 400),
        Row("HTTP/1.2", "GET /livez HTTP/1.2\r\nHost: x\r\n\r\n", 400),
        Row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        Row(
            "an upgrade that is not offered", get("/livez", "Upgrade: h2c\r\nConnection: Upgrade\r\n") + next, 200),
        Row(
            "a head too large behind another",
            get("/livez", "") + get("/livez", "X: \(String(repeating: "a", count: 100_000))\r\n"), 200, 400),
        Row("three at once", get("/livez", "") + get("/nowhere", "") + next, 200, 404, 200),
    ]

    static let targets: [Row] = [
        Row("absolute", get("http://evil.example/livez"), 200),
        Row("a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        Row("no target", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        Row("up", get("/docs/../livez"), 404), Row("up, encoded", get("/docs/%2e%2e/livez"), 404),
        Row("an encoded slash", get("/v1%2fmessages"), 404), Row("two slashes", get("//livez"), 404),
        Row("a slash behind", get("/livez/"), 404), Row("a fragment", get("/livez#x"), 404),
        Row("encoded CR LF", get("/livez%0d%0aX:a"), 404), Row("encoded NUL", get("/docs/errors/a%00"), 404),
        Row("overlong UTF-8", get("/docs/errors/%c0%ae%c0%ae"), 404),
        Row("half an escape", get("/docs/errors/%e"), 404), Row("a space", get("/livez x"), 400),
        Row("bytes that are not ASCII", get("/docs/errors/й"), 400), Row("NUL", get("/livez\0"), 400),
        Row(
            "overlong UTF-8, raw",
            Array("GET /docs/errors/".utf8) + [0xC0, 0xAE] + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [400]),
        Row("a target over the limit", get("/livez?" + String(repeating: "a", count: 100_000)), 431),
    ]

    @Test(arguments: framing + heads + targets) func isReadInOneWay(row: Row) async throws {
        try await withFront { front in
            let answers = await front.wire.answers(row.bytes)
            #expect(answers == row.answers, "\(row.name): \(answers)")
            let queued = try await front.queued()
            #expect(queued == 0)
            // It is still there for others.
            #expect(await front.wire.ask("GET", "/livez", key: nil).status == 200)
        }
    }

    /// What stands behind the head of an answer to HEAD would be taken for the next answer.
    @Test(arguments: ["/livez", "/nowhere", "/v1/messages"]) func headHasNoBody(target: String) async throws {
        try await withFront { front in
            let alike = await front.wire.ask("GET", target, key: nil)
            let head = await front.wire.ask("HEAD", target, key: nil)
            #expect(head.status == alike.status && head.body.isEmpty, "\(head.text)")
            #expect(head.headers["content-length"] == alike.headers["content-length"])
        }
    }

    /// Java's client offers HTTP/2 with its first request. Behind that our parser reads nothing: the client has to hear of it,
    /// or it would wait for its second answer.
    @Test func whoOffersAnotherProtocolIsToldToComeAgain() async throws {
        try await withFront { front in
            let reply = await front.wire.send(Array(Self.get("/livez", "Connection: Upgrade\r\nUpgrade: h2c\r\n").utf8))
            #expect(reply.status == 200 && reply.headers["connection"] == "close" && reply.text == "ok\n")
        }
    }

    @Test func whatIsSaidTwiceIsRefused() async throws {
        try await withFront { front in
            let reply = await front.wire.ask(
                "POST", "/v1/messages", headers: ["Idempotency-Key": "a\r\nIdempotency-Key: b"],
                json: MessagesTests.body)
            #expect(reply.status == 400 && reply.code == "invalid_value", "\(reply.text)")
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }
}

extension Wire {
    /// The status of every answer on one connection. A fault ends it; all else should ask for its end.
    func answers(_ bytes: [UInt8]) async -> [Int] {
        let all: [UInt8] = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let socket = open(patience: 5)
                defer { close(socket) }
                Self.write(bytes, to: socket)
                continuation.resume(returning: Self.readAll(socket))
            }
        }
        return String(decoding: all, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst()
            .compactMap { Int($0.prefix(3)) }
    }
}

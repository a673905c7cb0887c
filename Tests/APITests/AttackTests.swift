import Foundation
import Testing

/// TRUST §6: what a hostile or broken caller sends, and the answer that is expected.
struct AttackTests {
    private static let body = MessagesTests.body

    private static func request(_ lines: [String], _ body: String = "") -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    @Test func strangersHearNothing() async throws {
        try await withFront { front in
            let id = try #require(await front.wire.ask("POST", "/v1/messages", json: Self.body).json["id"] as? String)
            var answers: [Wire.Reply] = []
            for key in [nil, "", "garbage", "vk_live_billinh"] {
                answers.append(await front.wire.ask("GET", "/v1/messages", key: key))
            }
            // A key in the query is none.
            answers.append(await front.wire.ask("GET", "/v1/messages?key=vk_live_billing", key: nil))
            for answer in answers {
                #expect(answer.status == 401 && answer.code == "unauthorized")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                #expect(!answer.text.contains("billin"))
            }
            #expect(
                await front.wire.ask("POST", "/v1/messages", key: "vk_live_reader", json: Self.body).code
                    == "forbidden_scope")
            for target in [
                "/v1/messages/\(id)", "/v1/messages/\(id)/timeline", "/v1/messages/msg_0000000000000", "/v1/messages/x",
            ] {
                let foreign = await front.wire.ask("GET", target, key: "vk_live_dispatch")
                #expect(foreign.status == 404 && foreign.code == "not_found")
            }
            #expect(await front.wire.ask("POST", "/v1/messages/\(id)/cancel", key: "vk_live_dispatch").status == 404)
            #expect(
                await (front.wire.ask("GET", "/v1/messages", key: "vk_live_dispatch").json["data"] as? [Any])?.isEmpty
                    == true)
        }
    }

    @Test func bodies() async throws {
        try await withFront { front in
            let rows: [(String, String, Int, String)] = [
                ("twice", #"{"template":"a","template":"b"}"#, 400, "invalid_json"),
                ("twice after NFC", "{\"variables\":{\"й\":1,\"и\u{306}\":2}}", 400, "invalid_json"),
                ("deep", String(repeating: "[", count: 10_000), 400, "invalid_json"),
                ("NUL", #"{"template":"a\u0000"}"#, 422, "invalid_value"),
                ("trailing comma", #"{"template":"a",}"#, 400, "invalid_json"),
                ("trailing bytes", Self.body + "x", 400, "invalid_json"),
                ("BOM", "\u{FEFF}" + Self.body, 400, "invalid_json"),
                ("lone surrogate", #"{"template":"\ud800"}"#, 400, "invalid_json"),
                ("unknown", Self.body.dropLast() + #","status":"sent"}"#, 400, "unknown_field"),
                ("empty", "", 400, "invalid_json"),
                ("array", "[]", 400, "invalid_json"),
            ]
            for (name, body, status, code) in rows {
                let reply = await front.wire.ask("POST", "/v1/messages", json: body)
                #expect(reply.status == status && reply.code == code, "\(name): \(reply.status) \(reply.text)")
                #expect(reply.headers["content-type"] == "application/problem+json")
            }
            let bad = await front.wire.send(
                Self.request(
                    [
                        "POST /v1/messages HTTP/1.1", "Host: x", "Authorization: Bearer vk_live_billing",
                        "Content-Type: application/json", "Content-Length: 2", "Connection: close",
                    ]) + [0xFF, 0xFE])
            #expect(bad.status == 400 && bad.code == "invalid_json")
        }
    }

    @Test func typesAndSizes() async throws {
        try await withFront { front in
            func send(_ headers: [String: String], _ body: String = Self.body) async -> Wire.Reply {
                await front.wire.ask("POST", "/v1/messages", headers: headers, json: body)
            }
            #expect(await send(["Content-Type": "text/plain"]).code == "unsupported_media_type")
            #expect(await send(["Content-Type": ""]).code == "unsupported_media_type")
            #expect(await send(["Content-Encoding": "gzip"]).code == "unsupported_media_type")
            #expect(await send(["Content-Type": "Application/JSON; charset=utf-8"]).status == 202)
            let large = await front.wire.ask(
                "POST", "/v1/messages", json: String(repeating: " ", count: (256 << 10) + 1))
            #expect(large.status == 413 && large.code == "payload_too_large")
            // Without a length, too.
            let chunk = String(repeating: " ", count: 0x10000)
            let chunks = String(repeating: "10000\r\n\(chunk)\r\n", count: 6) + "0\r\n\r\n"
            let dripped = await front.wire.send(
                Self.request(
                    [
                        "POST /v1/messages HTTP/1.1", "Host: x", "Authorization: Bearer vk_live_billing",
                        "Content-Type: application/json", "Transfer-Encoding: chunked",
                    ], chunks))
            #expect(dripped.status == 413)
            let batch = await front.wire.send(
                Self.request(
                    [
                        "POST /v1/messages/batch HTTP/1.1", "Host: x", "Authorization: Bearer vk_live_billing",
                        "Content-Type: application/x-ndjson", "Content-Length: 17000000",
                    ]))
            #expect(batch.status == 413)
        }
    }

    @Test func requests() async throws {
        try await withFront { front in
            let rows: [(String, [UInt8], Set<Int>)] = [
                (
                    "TE and CL",
                    Self.request(
                        ["POST /v1/messages HTTP/1.1", "Host: x", "Content-Length: 5", "Transfer-Encoding: chunked"],
                        "0\r\n\r\n"), [400]
                ),
                (
                    "two lengths",
                    Self.request(
                        ["POST /v1/messages HTTP/1.1", "Host: x", "Content-Length: 5", "Content-Length: 6"], "hello!"),
                    [400]
                ),
                (
                    "large header",
                    Self.request(["GET /livez HTTP/1.1", "Host: x", "X: " + String(repeating: "a", count: 100_000)]),
                    [431]
                ),
                (
                    "many headers", Self.request(["GET /livez HTTP/1.1", "Host: x"] + (0..<2000).map { "X-\($0): a" }),
                    [431]
                ),
                ("TRACE", Self.request(["TRACE /livez HTTP/1.1", "Host: x", "Connection: close"]), [405]),
                ("unknown method", Self.request(["FOO /livez HTTP/1.1", "Host: x", "Connection: close"]), [400, 405]),
                (
                    "path up", Self.request(["GET /..%2f..%2fetc/passwd HTTP/1.1", "Host: x", "Connection: close"]),
                    [404]
                ),
                ("no HTTP", Array("hello\r\n\r\n".utf8), [400]),
            ]
            for (name, bytes, expected) in rows {
                let reply = await front.wire.send(bytes)
                #expect(expected.contains(reply.status), "\(name): \(reply.status)")
            }
            let post = await front.wire.ask("DELETE", "/v1/messages")
            #expect(post.status == 405 && post.headers["allow"] == "GET, POST" && post.code == "not_found")
            let query = await front.wire.ask("GET", "/v1/messages?statsu=queued")
            #expect(query.status == 400 && query.code == "unknown_field" && query.text.contains("status"))
            for target in [
                "/v1/messages?limit=0", "/v1/messages?limit=251", "/v1/messages?limit=٣",
                "/v1/messages?limit=1&limit=2",
                "/v1/messages?after=x", "/v1/messages?status=gone", "/v1/messages?recipient=%zz",
            ] {
                #expect(await front.wire.ask("GET", target).status == 400, "\(target)")
            }
        }
    }
}

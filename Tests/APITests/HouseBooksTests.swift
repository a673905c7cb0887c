import API
import Domain
import Foundation
import GatewayTesting
import Journal
import Policy
import StoreSQLite
import Testing

/// What holds for all books of residents.
struct HouseBooksTests {
    /// What is said while a message waits decides when its turn comes.
    @Test func theLastWordStopsAQueuedMessage() async throws {
        let off = #"{"purposes":{"payment_reminder":{"on":true,"channels":{"sms":false}}}}"#
        let none = #"{"purposes":{"payment_reminder":{"on":false}}}"#
        let rows: [(method: String, path: String, body: String?, ends: SuppressedReason)] = [
            ("DELETE", "/v1/recipients/ls%3A1", nil, .noAddress),
            ("PUT", "/v1/recipients/ls%3A1", #"{"destinations":[{"email":"anna@example.ru"}]}"#, .noAddress),
            ("PUT", "/v1/recipients/ls%3A1/preferences", off, .channelOff),
            ("PUT", "/v1/recipients/ls%3A1/preferences", none, .purposeOff),
            ("POST", "/v1/suppressions", #"{"to":{"sms":"8 900 123-45-67"}}"#, .onSuppressionList),
        ]
        for (method, path, body, ends) in rows {
            try await withFront { front async throws in
                let message = MessagesTests.body.dropLast() + #","channels":["sms"]}"#
                let sent = await front.wire.ask("POST", "/v1/messages", json: String(message))
                #expect(sent.status == 202 && sent.json["status"] as? String == "queued", "\(sent.text)")
                #expect(try await front.refusal(of: sent) == nil)
                let said = await front.crm(method, path, body, headers: ["If-Match": "*"])
                #expect([200, 201, 204].contains(said.status), "\(said.text)")
                let refusal = try await front.refusal(of: sent)
                #expect(refusal == ends, "\(method) \(path) \(body ?? "")")
            }
        }
    }

    private static let targets: [(method: String, path: String, scope: String)] = [
        ("PUT", "/v1/recipients/ls%3A1", "write"), ("GET", "/v1/recipients/ls%3A1", "read"),
        ("DELETE", "/v1/recipients/ls%3A1", "write"), ("POST", "/v1/recipients/import", "write"),
        ("GET", "/v1/recipients/ls%3A1/export", "admin"), ("POST", "/v1/consents", "write"),
        ("GET", "/v1/recipients/ls%3A1/consents", "read"), ("POST", "/v1/consents/check", "read"),
        ("GET", "/v1/consents/export", "read"), ("GET", "/v1/recipients/ls%3A1/preferences", "read"),
        ("PUT", "/v1/recipients/ls%3A1/preferences", "write"), ("GET", "/v1/suppressions", "ops"),
        ("POST", "/v1/suppressions", "write"), ("DELETE", "/v1/suppressions/sup_0000000000001", "write"),
        ("POST", "/v1/suppressions/lookup", "read"), ("PUT", "/v1/accounts/1/facts", "write"),
        ("GET", "/v1/accounts/1/facts", "read"),
    ]

    /// The scope is asked before the body is read: none of these bodies is one.
    @Test func whoMayNotLearnsNothing() async throws {
        try await withFront { front async throws in
            for (method, path, scope) in Self.targets {
                #expect(await front.crm(method, path, key: "vk_live_nobody").status == 401, "\(method) \(path)")
                if scope == "read" { continue }
                let reply = await front.crm(method, path, key: "vk_live_reader")
                #expect(reply.status == 403 && reply.code == "forbidden_scope", "\(method) \(path): \(reply.text)")
                #expect(!reply.text.contains("Анна") && !reply.text.contains("9001234567"))
            }
            let exported = await front.crm("GET", "/v1/recipients/ls%3A1/export")
            #expect(exported.status == 403, "nobody's but the administrator's")
        }
    }

    @Test func otherMethods() async throws {
        try await withFront { front async throws in
            let rows = [
                ("PATCH", "/v1/recipients/ls%3A1", "DELETE GET PUT"), ("DELETE", "/v1/consents", "POST"),
                ("POST", "/v1/recipients/ls%3A1/consents", "GET"), ("POST", "/v1/recipients/ls%3A1/export", "GET"),
                ("DELETE", "/v1/recipients/ls%3A1/preferences", "GET PUT"), ("PUT", "/v1/suppressions", "GET POST"),
                ("PUT", "/v1/suppressions/sup_1", "DELETE"), ("DELETE", "/v1/accounts/1/facts", "GET PUT"),
            ]
            for (method, path, allowed) in rows {
                let reply = await front.crm(method, path)
                let allow = (reply.headers["allow"] ?? "").split { $0 == "," || $0 == " " }.filter { $0 != "HEAD" }
                #expect(reply.status == 405, "\(method) \(path): \(reply.text)")
                #expect(allow.sorted().joined(separator: " ") == allowed, "\(method) \(path): \(reply.headers)")
            }
        }
    }

    /// What is wrong is told without what was sent.
    @Test func noAddressIsSaidBack() async throws {
        let secret = "79007654321"
        let rows: [(method: String, path: String, body: String)] = [
            ("PUT", "/v1/recipients/ls%3A7", #"{"destinations":[{"sms":"+790076543210000"}]}"#),
            ("PUT", "/v1/recipients/ls%3A7", #"{"destinations":[{"email":"79007654321@localhost"}]}"#),
            ("PUT", "/v1/recipients/ls%3A7", #"{"locale":"+79007654321"}"#),
            ("PUT", "/v1/recipients/ls%3A7", #"{"time_zone":"+79007654321"}"#),
            ("POST", "/v1/suppressions", #"{"to":{"email":"79007654321@b"}}"#),
            ("POST", "/v1/suppressions", #"{"to":{"sms":"+790076543210000"}}"#),
            ("POST", "/v1/suppressions", #"{"to":{"sms":"+79001112233"},"reason":"79007654321"}"#),
            ("POST", "/v1/suppressions/lookup", #"{"to":{"max":"+79007654321"}}"#),
            ("POST", "/v1/consents", #"{"recipient":"ls:1","purpose":"news","action":"79007654321","source":"x"}"#),
            ("POST", "/v1/consents/check", #"{"recipient":"ls:1","purpose":"news","channel":"79007654321"}"#),
            ("PUT", "/v1/accounts/1/facts", #"{"balance":"+79007654321"}"#),
        ]
        try await withFront { front async throws in
            for (method, path, body) in rows {
                let reply = await front.crm(method, path, body)
                #expect(reply.status == 422, "\(path) \(body): \(reply.text)")
                #expect(!reply.text.contains(secret), "\(reply.text)")
            }
            let file = await front.crm(
                "POST", "/v1/recipients/import", "id;phone;email\nls:7;+790076543210000;79007654321@b\n",
                headers: ["Content-Type": "text/csv"])
            #expect(file.errors == ["/2/phone invalid_value", "/2/email invalid_value"], "\(file.text)")
            #expect(!file.text.contains(secret))
            // The journal keeps what was done, and no full address either.
            let body = #"{"destinations":[{"sms":"+79007654321"}]}"#
            #expect(await front.crm("PUT", "/v1/recipients/ls%3A7", body).status == 201)
            let listed = #"{"to":{"sms":"+79007654321"},"detail":"+79007654321"}"#
            #expect(await front.crm("POST", "/v1/suppressions", listed).status == 201)
            #expect(await front.crm("DELETE", "/v1/recipients/ls%3A7").status == 204)
            let facts = try await front.store.entries(after: 0, limit: 100).flatMap(\.facts)
            #expect(!facts.isEmpty && facts.allSatisfy { !$0.value.contains(secret) }, "\(facts)")
        }
    }

    @Test func aTableOutOfAnOffice() async throws {
        try await withFront { front async throws in
            // «Анна» as Excel and 1C write it.
            let file =
                Array("id;name;phone\r\nls:8;".utf8) + [0xC0, 0xED, 0xED, 0xE0]
                + Array(";8 (900) 765-43-21\r\n".utf8)
            let head = [
                "POST /v1/recipients/import HTTP/1.1", "Host: x", "Connection: close",
                "Authorization: Bearer vk_live_crm", "Content-Type: text/csv", "Content-Length: \(file.count)",
            ].joined(separator: "\r\n")
            let reply = await front.wire.send(Array((head + "\r\n\r\n").utf8) + file)
            #expect(reply.status == 200 && reply.json["recipients"] as? Int == 1, "\(reply.text)")
            let kept = try await front.store.recipient(RecipientID("ls:8")!)
            #expect(kept?.name == "Анна" && kept?.destinations == [.sms("+79007654321")])
        }
    }

    /// More messages than one page holds; and of somebody who said nothing and was removed.
    @Test func aLongExportIsWhole() async throws {
        try await withFront { front async throws in
            let items = Array(repeating: MessagesTests.body, count: 251).joined(separator: ",")
            let sent = await front.wire.ask("POST", "/v1/messages/batch", json: #"{"items":[\#(items)]}"#)
            #expect([200, 202, 207].contains(sent.status), "\(sent.text.prefix(300))")
            for removed in [false, true] {
                if removed { #expect(await front.crm("DELETE", "/v1/recipients/ls%3A1").status == 204) }
                let reply = await front.crm("GET", "/v1/recipients/ls%3A1/export", key: "vk_live_admin")
                #expect(reply.status == 200, "removed: \(removed): \(reply.text.prefix(300))")
                let text = try #require(reply.whole)
                let all = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
                let ids = (all?["messages"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
                #expect(ids.count == 251 && Set(ids).count == 251 && ids == ids.sorted(by: >))
            }
        }
    }
}

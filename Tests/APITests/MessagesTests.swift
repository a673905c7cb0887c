import API
import Domain
import Foundation
import Journal
import StoreSQLite
import Synchronization
import Testing

struct MessagesTests {
    static let body = #"{"template":"payment-reminder","to":{"recipient":"ls:1"},"variables":{"amount":"3250.50"}}"#

    @Test func oneInAndWhatBecameOfIt() async throws {
        try await withFront { front in
            let sent = await front.wire.ask("POST", "/v1/messages", json: Self.body)
            #expect(sent.status == 202)
            let id = try #require(sent.json["id"] as? String)
            #expect(sent.json["status"] as? String == "queued")
            #expect((sent.json["plan"] as? [[String: String]])?.first == ["channel": "sms", "provider": "sms-a"])
            #expect(sent.headers["x-request-id"]?.hasPrefix("req_") == true)
            #expect(sent.headers["ratelimit"] != nil && sent.headers["ratelimit-policy"] != nil)
            let shown = await front.wire.ask("GET", "/v1/messages/\(id)")
            #expect(shown.status == 200 && shown.json["id"] as? String == id)
            let timeline = await front.wire.ask("GET", "/v1/messages/\(id)/timeline")
            #expect((timeline.json["data"] as? [[String: Any]])?.first?["event"] as? String == "accepted")
            let cancelled = await front.wire.ask("POST", "/v1/messages/\(id)/cancel")
            #expect(cancelled.status == 200 && cancelled.json["status"] as? String == "cancelled")
            #expect(await front.wire.ask("POST", "/v1/messages/\(id)/cancel").code == "not_cancellable")
            let again = await front.wire.ask("POST", "/v1/messages/\(id)/retry")
            #expect(again.status == 202 && again.json["retry_of"] as? String == id)
        }
    }

    /// TRUST 8, 9, 11, 13: the key decides, by its bytes and its client.
    @Test func theSameKeyIsTheSameMessage() async throws {
        try await withFront { front in
            func send(_ key: String, _ body: String = Self.body, by caller: String = "vk_live_billing") async
                -> Wire.Reply
            {
                await front.wire.ask("POST", "/v1/messages", key: caller, headers: ["Idempotency-Key": key], json: body)
            }
            let first = await send("invoice-1"), second = await send("\"invoice-1\"")
            #expect(first.headers["idempotent-replayed"] == nil && second.headers["idempotent-replayed"] == "true")
            #expect(first.status == 202 && second.status == 202 && first.text == second.text)
            let other = await send("invoice-1", Self.body.replacingOccurrences(of: "3250.50", with: "1.00"))
            #expect(other.status == 422 && other.code == "idempotency_key_reused")
            #expect(await send("invoice-1", by: "vk_live_dispatch").headers["idempotent-replayed"] == nil)
            #expect(await send("й").headers["idempotent-replayed"] == nil)
            #expect(await send("и\u{306}").headers["idempotent-replayed"] == nil)
            #expect(await send(String(repeating: "x", count: 256)).status == 400)
        }
    }

    /// TRUST 10: fifty at once make one message.
    @Test func fiftyAtOnceAreOne() async throws {
        try await withFront { front in
            let replies = await withTaskGroup(of: (Int, String?).self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let reply = await front.wire.ask(
                            "POST", "/v1/messages", headers: ["Idempotency-Key": "one"], json: Self.body)
                        return (reply.status, reply.json["id"] as? String)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.0 == 202 } && Set(replies.map(\.1)).count == 1)
            let queued = try await front.queued()
            #expect(queued == 1)
        }
    }

    @Test func aDryRunStoresNothing() async throws {
        try await withFront { front in
            let reply = await front.wire.ask("POST", "/v1/messages?dry_run=true", json: Self.body)
            #expect(reply.status == 200 && reply.json["dry_run"] as? Bool == true)
            let texts = try #require(reply.json["texts"] as? [[String: Any]])
            #expect(
                (texts.first?["text"] as? String)?.contains("3\u{A0}250,50") == true
                    || (texts.first?["text"] as? String)?.contains("3 250,50") == true
                    || (texts.first?["text"] as? String)?.contains("3250,50") == true)
            #expect(texts.first?["parts"] as? Int == 1)
            #expect((reply.json["explanation"] as? [Any])?.isEmpty == false)
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }

    @Test func listsGoPageByPage() async throws {
        try await withFront { front in
            var ids: [String] = []
            for _ in 0..<5 {
                ids.append(
                    try #require(await front.wire.ask("POST", "/v1/messages", json: Self.body).json["id"] as? String))
            }
            _ = await front.wire.ask("POST", "/v1/messages", key: "vk_live_dispatch", json: Self.body)
            var seen: [String] = [], after: String?
            repeat {
                let page = await front.wire.ask(
                    "GET", "/v1/messages?limit=2&status=queued" + (after.map { "&after=\($0)" } ?? ""))
                seen += (page.json["data"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
                after = page.json["next"] as? String
            } while after != nil
            #expect(seen == ids.reversed())
            let found = await front.wire.ask(
                "POST", "/v1/messages/search", json: #"{"recipient":"ls:1","status":["queued","sent"],"limit":3}"#)
            #expect((found.json["data"] as? [Any])?.count == 3)
            let nobody = await front.wire.ask("POST", "/v1/messages/search", json: #"{"to":{"sms":"+79009999999"}}"#)
            #expect((nobody.json["data"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func whatCannotBeTakenNowIsRefusedWithATime() async throws {
        try await withFront(obstacle: { .init(StoreError(.full, "no room")) }) { front in
            let reply = await front.wire.ask("POST", "/v1/messages", json: Self.body)
            #expect(reply.status == 503 && reply.code == "storage_full" && reply.headers["retry-after"] != nil)
            #expect(reply.json["retryable"] as? Bool == true)
        }
    }

    @Test func aCapIsNeverPassed() async throws {
        try await withFront { front in
            front.doors.cap.withLock { $0 = 2 }
            #expect(await front.wire.ask("POST", "/v1/messages", json: Self.body).status == 202)
            #expect(await front.wire.ask("POST", "/v1/messages", json: Self.body).status == 202)
            let third = await front.wire.ask("POST", "/v1/messages", json: Self.body)
            #expect(third.status == 429 && third.code == "quota_exceeded")
        }
    }

    @Test func whoIsTooFastWaits() async throws {
        try await withFront(pace: .init(rate: 1, burst: 2)) { front in
            var replies: [Wire.Reply] = []
            for _ in 0..<4 { replies.append(await front.wire.ask("GET", "/v1/messages")) }
            #expect(replies.prefix(2).allSatisfy { $0.status == 200 })
            #expect(replies.contains { $0.status == 429 && $0.headers["retry-after"] == "1" })
        }
    }

    @Test func aKeyMayBeDemanded() async throws {
        try await withFront(optionalKeys: false) { front in
            let reply = await front.wire.ask("POST", "/v1/messages", json: Self.body)
            #expect(reply.status == 400 && reply.code == "idempotency_key_missing")
        }
    }
}

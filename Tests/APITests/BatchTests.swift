import Domain
import Foundation
import Journal
import StoreSQLite
import Synchronization
import Testing

struct BatchTests {
    private static func item(_ amount: String = "1.00", _ more: String = "") -> String {
        #"{"template":"payment-reminder","to":{"recipient":"ls:1"},"variables":{"amount":"\#(amount)"}\#(more)}"#
    }
    private let lines = ["Content-Type": "application/x-ndjson"]

    @Test func eachItemHasItsAnswer() async throws {
        try await withFront { front in
            let reply = await front.wire.ask(
                "POST", "/v1/messages/batch",
                json:
                    #"{"defaults":{"template":"payment-reminder","to":{"recipient":"ls:1"}},"items":[{"variables":{"amount":"1.00"}},{"variables":{}},{"variables":{"amount":"2.00"},"to":{"recipient":"ls:404"}}]}"#
            )
            #expect(reply.status == 202)
            #expect(reply.json["accepted"] as? Int == 1 && reply.json["refused"] as? Int == 2)
            let data = try #require(reply.json["data"] as? [[String: Any]])
            #expect(data.map { $0["index"] as? Int } == [0, 1, 2])
            #expect(data[0]["id"] != nil)
            #expect((data[1]["problem"] as? [String: Any])?["code"] as? String == "missing_variable")
            #expect((data[2]["problem"] as? [String: Any])?["code"] as? String == "unknown_recipient")
        }
    }

    @Test func linesMoreThanAPage() async throws {
        try await withFront { front in
            let body = (0..<2500).map { Self.item("\($0 + 1).00", #","idempotency_key":"k\#($0)""#) }
                .joined(separator: "\r\n")
            for isSecond in [false, true] {
                let reply = await front.wire.ask("POST", "/v1/messages/batch", headers: lines, json: body)
                #expect(reply.status == 202 && reply.headers["x-accepted"] == "2500")
                let answers = reply.text.split(separator: "\n")
                #expect(answers.count == 2500)
                #expect(answers.allSatisfy { $0.contains("replayed") == isSecond })
            }
            let queued = try await front.queued()
            #expect(queued == 2500)
        }
    }

    /// A key of the whole request gives each item one of its own.
    @Test func theRequestsKeyIsEnough() async throws {
        try await withFront { front in
            for _ in 0..<2 {
                let reply = await front.wire.ask(
                    "POST", "/v1/messages/batch", headers: lines.merging(["Idempotency-Key": "b"]) { $1 },
                    json: Self.item() + "\n" + Self.item("2.00"))
                #expect(reply.status == 202)
            }
            let queued = try await front.queued()
            #expect(queued == 2)
        }
    }

    @Test func allOrNothing() async throws {
        try await withFront { front in
            let bad = await front.wire.ask(
                "POST", "/v1/messages/batch?atomic=true", headers: lines, json: Self.item() + "\n{}")
            #expect(bad.status == 422)
            let errors = try #require(bad.json["errors"] as? [[String: Any]])
            #expect(errors.contains { $0["pointer"] as? String == "/items/1/template" })
            let key = #","idempotency_key":"x""#
            #expect(await front.wire.ask("POST", "/v1/messages", json: Self.item("9.00", key)).status == 202)
            // A key that belongs to another message, met by the store only; and one used twice within the batch.
            for second in [Self.item("3.00", key), Self.item("3.00", #","idempotency_key":"y""#)] {
                let first = Self.item("2.00", #","idempotency_key":"y""#)
                let taken = await front.wire.ask(
                    "POST", "/v1/messages/batch", json: #"{"atomic":true,"items":[\#(first),\#(second)]}"#)
                #expect(taken.status == 422 && taken.code == "idempotency_key_reused")
            }
            let queued = try await front.queued()
            #expect(queued == 1)
        }
    }

    @Test func nothingTakenIsNotAccepted() async throws {
        try await withFront { front in
            let reply = await front.wire.ask("POST", "/v1/messages/batch", headers: lines, json: "{}\nnonsense")
            #expect(reply.status == 422)
            #expect(
                (reply.json["errors"] as? [[String: Any]])?.contains { $0["code"] as? String == "invalid_json" } == true
            )
            #expect(await front.wire.ask("POST", "/v1/messages/batch", json: #"{"items":[]}"#).code == "required")
            #expect(await front.wire.ask("POST", "/v1/messages/batch", headers: lines, json: "\n\n").code == "required")
            let many = String(repeating: "{}\n", count: 10_001)
            #expect(await front.wire.ask("POST", "/v1/messages/batch", headers: lines, json: many).status == 413)
        }
    }

    @Test func aBatchPastTheCapIsRefusedWhole() async throws {
        try await withFront { front in
            front.doors.cap.withLock { $0 = 1 }
            let reply = await front.wire.ask(
                "POST", "/v1/messages/batch", headers: lines, json: Self.item() + "\n" + Self.item("2.00"))
            #expect(reply.status == 429 && reply.code == "quota_exceeded")
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }
}

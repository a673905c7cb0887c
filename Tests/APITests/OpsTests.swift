import Domain
import Foundation
import Journal
import Queue
import StoreSQLite
import Testing

/// What operators see and switch.
struct OpsTests {
    private func ask(
        _ front: Front, _ method: String, _ target: String, key: String = "vk_live_duty", _ body: String? = nil
    ) async -> Wire.Reply { await front.wire.ask(method, target, key: key, json: body) }

    @Test func queues() async throws {
        try await withFront { front in
            let later = MessagesTests.body.dropLast() + #","send_at":"2027-01-01T00:00:00Z"}"#
            for body in [MessagesTests.body, MessagesTests.body, String(later)] {
                #expect(await front.wire.ask("POST", "/v1/messages", json: body).status == 202)
            }
            let queues = await ask(front, "GET", "/v1/queues")
            #expect(queues.status == 200)
            let rows = try #require(queues.json["data"] as? [[String: Any]])
            #expect(rows.compactMap { $0["priority"] as? String } == ["emergency", "high", "normal", "bulk"])
            #expect(rows[2]["waiting"] as? Int == 2 && rows[2]["held"] as? Int == 1)
            #expect(rows[2]["oldest_age_seconds"] is Double && rows[0]["oldest_age_seconds"] is NSNull)
            let line = try #require((queues.json["lines"] as? [[String: Any]])?.first)
            #expect(line["channel"] as? String == "sms" && line["priority"] as? String == "normal")
            #expect(line["waiting"] as? Int == 2 && line["held_reasons"] as? [String: Int] == ["send_at": 1])
            #expect(queues.json["held_reasons"] as? [String: Int] == ["send_at": 1])
            #expect(queues.json["states"] as? [String: Int] == ["queued": 3])
            #expect(queues.json["paused"] is NSNull)
            _ = try await front.store.hold(.operator, by: "cli:boris", at: Front.now())
            let paused = await ask(front, "GET", "/v1/queues").json["paused"] as? [String: String]
            #expect(paused?["reason"] == "operator" && paused?["by"] == "cli:boris")
        }
    }

    @Test func providersAreSwitchedOnceHoweverOftenItIsSaid() async throws {
        try await withFront { front in
            let list = await ask(front, "GET", "/v1/providers")
            let data = try #require(list.json["data"] as? [[String: Any]])
            #expect(data.compactMap { $0["id"] as? String } == ["sms-a", "mail"])
            #expect(data[0]["status"] as? String == "works" && data[0]["paused"] as? Bool == false)
            let limits = try #require(data[0]["limits"] as? [String: Any])
            #expect(limits["rate_per_second"] as? Double == 2.5 && limits["daily_cap"] as? Int == 1000)

            let first = await ask(front, "POST", "/v1/providers/sms-a/pause", #"{"reason":"накрутка, звоним"}"#)
            #expect(first.status == 200 && first.json["paused"] as? Bool == true, "\(first.text)")
            #expect(first.json["by"] as? String == "client:monitoring" && first.json["status"] as? String == "paused")
            #expect(first.json["note"] as? String == "накрутка, звоним" && first.json["paused_until"] == nil)
            let second = await ask(front, "POST", "/v1/providers/sms-a/pause")
            #expect(second.body == first.body)
            let resumed = await ask(front, "POST", "/v1/providers/sms-a/resume")
            #expect(resumed.status == 200 && resumed.json["paused"] as? Bool == false)
            #expect(await ask(front, "POST", "/v1/providers/sms-a/resume").body == resumed.body)
            let entries = try await front.store.entries(after: 0, limit: 100).filter { $0.event == "provider" }
            try #require(entries.map(\.by) == ["client:monitoring", "client:monitoring"])
            #expect(entries[0].facts.contains { $0.name == "note" && $0.value == "накрутка, звоним" })
        }
    }

    @Test func badSwitches() async throws {
        try await withFront { front in
            let unknown = await ask(front, "POST", "/v1/providers/sms-b/pause")
            #expect(unknown.status == 404 && unknown.code == "not_found" && unknown.text.contains("sms-a"))
            let rows: [(String, Int, String)] = [
                (#"{"reason":1}"#, 422, "invalid_value"), (#"{"reason":"a\u0007"}"#, 422, "invalid_value"),
                (#"{"note":"x"}"#, 400, "unknown_field"), ("nonsense", 400, "invalid_json"),
                (#"{"reason":"\#(String(repeating: "x", count: 201))"}"#, 422, "invalid_value"),
            ]
            for (body, status, code) in rows {
                let reply = await ask(front, "POST", "/v1/providers/sms-a/pause", body)
                #expect(reply.status == status && reply.code == code, "\(body): \(reply.text)")
            }
            let states = try await front.store.providerStates()
            #expect(states.isEmpty)
        }
    }

    /// Who may not, and who only tries things out.
    @Test func guards() async throws {
        try await withFront { front in
            let order = #"{"filter":{},"expected_count":0}"#
            let writes = [
                "/v1/providers/sms-a/pause", "/v1/providers/sms-a/resume", "/v1/dead-letters/retry",
                "/v1/dead-letters/drop",
            ]
            let reads = ["/v1/queues", "/v1/providers", "/v1/dead-letters", "/v1/journal/verify"]
            for target in writes {
                #expect(await ask(front, "POST", target, key: "vk_live_billing", order).code == "forbidden_scope")
                let tried = await ask(front, "POST", target, key: "vk_test_duty", order)
                #expect(tried.status == 403 && tried.code == "forbidden_scope", "\(target): \(tried.text)")
            }
            for target in reads {
                #expect(await ask(front, "GET", target, key: "vk_live_billing").code == "forbidden_scope")
                #expect(await front.wire.ask("GET", target, key: nil).status == 401)
                #expect(await ask(front, "GET", target).status == 200, "\(target)")
            }
        }
    }

    @Test func metricsSayWhatHappenedAndNothingAboutPeople() async throws {
        try await withFront { front in
            try await front.dead(2)
            try await front.dead(1, .answerLost, .noAnswer)
            #expect(await front.wire.ask("POST", "/v1/messages", json: MessagesTests.body).status == 202)
            let reply = await front.wire.ask("GET", "/metrics", key: nil)
            #expect(reply.status == 200)
            #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = reply.text.split(separator: "\n").map(String.init)
            for line in [
                #"vestnik_messages_accepted_total{purpose="payment_reminder"} 4"#,
                #"vestnik_messages_total{channel="sms",status="failed"} 2"#,
                #"vestnik_attempts_total{provider="sms-a",outcome="unknown_address"} 2"#,
                #"vestnik_attempts_total{provider="sms-a",outcome="no_answer"} 1"#,
                #"vestnik_attempt_duration_seconds_count{provider="sms-a"} 3"#,
                #"vestnik_queue_messages{state="queued"} 1"#, #"vestnik_queue_messages{state="unconfirmed"} 1"#,
                #"vestnik_provider_up{provider="mail"} 1"#, #"vestnik_build_info{version="0.0.1"} 1"#,
            ] { #expect(lines.contains(line), "\(line) \(reply.text)") }
            for secret in ["9001234567", "anna", "Анна", "ls:1", "msg_"] { #expect(!reply.text.contains(secret)) }
            #expect(await front.wire.ask("POST", "/v1/providers/mail/pause", key: "vk_live_duty").status == 200)
            #expect(
                await front.wire.ask("GET", "/metrics", key: nil).text
                    .contains(#"vestnik_provider_paused{provider="mail"} 1"#))
        }
    }
}

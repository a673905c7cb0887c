import API
import Domain
import Foundation
import Intake
import Journal
import StoreSQLite
import Synchronization
import Testing

struct DeadLettersTests {
    private func ask(_ front: Front, _ method: String, _ target: String, _ body: String? = nil) async -> Wire.Reply {
        await front.wire.ask(method, target, key: "vk_live_duty", json: body)
    }

    private func order(_ count: Int, _ filter: String = "", _ more: String = "") -> String {
        #"{"filter":{\#(filter)},"expected_count":\#(count)\#(more)}"#
    }

    @Test func listedByFilterAndCursor() async throws {
        try await withFront { front in
            let failed = try await front.dead(3)
            let unsure = try await front.dead(1, .answerLost, .noAnswer)
            let all = await ask(front, "GET", "/v1/dead-letters")
            let data = try #require(all.json["data"] as? [[String: Any]])
            #expect(data.compactMap { $0["id"] as? String } == unsure + failed.reversed())
            #expect(data[0]["status"] as? String == "unconfirmed" && data[0]["may_have_arrived"] as? Bool == true)
            #expect(data[1]["advice"] as? String != nil && data[1]["recipient"] as? String == "ls:1")
            #expect((data[1]["failure"] as? [String: Any])?["reason"] as? String == "unknown_address")
            #expect(!all.text.contains("9001234567"))
            let page = await ask(front, "GET", "/v1/dead-letters?limit=2")
            let next = try #require(page.json["next"] as? String)
            let rest = await ask(front, "GET", "/v1/dead-letters?after=\(next)")
            #expect((rest.json["data"] as? [Any])?.count == 2 && rest.json["next"] is NSNull)
            let counts: [(String, Int)] = [
                ("reason=no_answer", 1), ("channel=sms", 4), ("channel=email", 0), ("purpose=payment_reminder", 4),
                ("purpose=news", 0), ("since=2030-01-01T00:00:00Z", 0), ("since=2020-01-01T00:00:00%2B03:00", 4),
            ]
            for (query, count) in counts {
                let reply = await ask(front, "GET", "/v1/dead-letters?" + query)
                #expect((reply.json["data"] as? [Any])?.count == count, "\(query): \(reply.text)")
            }
            for query in ["reason=no_answr", "channel=fax", "since=yesterday", "limit=0", "after=x", "resaon=a"] {
                #expect(await ask(front, "GET", "/v1/dead-letters?" + query).status == 400, "\(query)")
            }
        }
    }

    @Test func retriedOnceIfTheirNumberIsTheExpectedOne() async throws {
        try await withFront { front in
            try await front.dead(3)
            try await front.dead(1, .answerLost, .noAnswer)
            let stale = await ask(front, "POST", "/v1/dead-letters/retry", order(4))
            #expect(stale.status == 409 && stale.code == "preview_stale" && stale.text.contains("3"), "\(stale.text)")
            let tried = await ask(front, "POST", "/v1/dead-letters/retry?dry_run=true", #"{"filter":{}}"#)
            #expect(tried.json["matched"] as? Int == 3 && tried.json["not_concerned"] as? Int == 1)
            #expect(tried.json["dry_run"] as? Bool == true && tried.json["count"] as? Int == 0)
            let nothing = try await front.queued()
            #expect(nothing == 4, "nothing was done by either")

            let done = await ask(front, "POST", "/v1/dead-letters/retry", order(3))
            #expect(done.status == 200 && done.json["count"] as? Int == 3, "\(done.text)")
            #expect(done.json["endings"] as? [String: Int] == ["queued": 3] && done.json["left"] as? Int == 0)
            let queued = try await front.queued()
            #expect(queued == 7)
            #expect(await ask(front, "POST", "/v1/dead-letters/retry", order(3)).code == "preview_stale")
            let even = await ask(
                front, "POST", "/v1/dead-letters/retry",
                order(1, #""reason":"no_answer""#, #","even_unconfirmed":true"#))
            #expect(even.json["count"] as? Int == 1)
        }
    }

    @Test func droppedWhatNobodyWillFindOut() async throws {
        try await withFront { front in
            try await front.dead(2)
            let unsure = try await front.dead(2, .answerLost, .noAnswer)
            #expect(await ask(front, "POST", "/v1/dead-letters/drop", order(4)).code == "preview_stale")
            let done = await ask(front, "POST", "/v1/dead-letters/drop", order(2))
            #expect(done.json["endings"] as? [String: Int] == ["written_off": 2], "\(done.text)")
            #expect(done.json["not_concerned"] as? Int == 2)
            let id = try #require(unsure.first.flatMap { MessageID($0) })
            let last = try await front.store.timeline(of: id).last
            #expect(last?.event == "writtenOff" && last?.by == "client:monitoring" && last?.state == .failed)
            #expect(await ask(front, "POST", "/v1/dead-letters/drop", order(0)).json["matched"] as? Int == 0)
        }
    }

    @Test func badOrders() async throws {
        try await withFront { front in
            let rows: [(String, Int, String, String)] = [
                ("{}", 422, "required", "/filter"), (#"{"filter":{}}"#, 422, "required", "/expected_count"),
                (#"{"filter":null,"expected_count":0}"#, 422, "required", "/filter"),
                (#"{"expected_count":1}"#, 422, "required", "/filter"),
                (order(0, #""reason":"no_answr""#), 422, "invalid_value", "/filter/reason"),
                (order(0, #""channnel":"sms""#), 400, "unknown_field", "/filter/channnel"),
                (order(0, #""purpose":"НЕТ""#), 422, "unknown_purpose", "/filter/purpose"),
                (order(0, #""since":"24h""#), 422, "invalid_value", "/filter/since"),
                (#"{"filter":{},"expected_count":-1}"#, 422, "invalid_value", "/expected_count"),
                (#"{"filter":{},"expected_count":"3"}"#, 422, "invalid_value", "/expected_count"),
                (#"{"filter":[],"expected_count":3}"#, 422, "invalid_value", "/filter"),
                ("[]", 400, "invalid_json", ""),
            ]
            for (body, status, code, pointer) in rows {
                for action in ["retry", "drop"] {
                    let reply = await ask(front, "POST", "/v1/dead-letters/\(action)", body)
                    #expect(reply.status == status && reply.code == code, "\(body): \(reply.text)")
                    let errors = reply.json["errors"] as? [[String: String]] ?? []
                    #expect(pointer.isEmpty || errors.contains { $0["pointer"] == pointer }, "\(body): \(errors)")
                }
            }
            let even = order(0, "", #","even_unconfirmed":true"#)
            #expect(await ask(front, "POST", "/v1/dead-letters/drop", even).code == "unknown_field")
        }
    }

    /// Two operators at once: each message goes out again once.
    @Test func twoAtOnce() async throws {
        try await withFront { front in
            try await front.dead(40)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { _ = await ask(front, "POST", "/v1/dead-letters/retry", order(40)) }
                }
            }
            let queued = try await front.queued()
            #expect(queued == 80)
        }
    }

    /// The store goes away after the first page: what is done is told, and that the rest is untouched.
    @Test func brokenOffIsSaid() async throws {
        try await withFront { front in
            try await front.dead(520)
            var reception = front.reception
            reception.wake = { [store = front.store] in store.close() }
            let routes = DeadLettersResource(reception).routes
            let retry = try #require(routes.first { $0.pattern.hasSuffix("retry") })
            let call = Call(
                body: Array(order(520).utf8), caller: Front.operators("vk_live_duty"), now: Front.now(), language: .en,
                requestID: "req_1")
            do throws(Problem) {
                let answer = try await retry.handler(call)
                Issue.record("answered \(answer.status)")
            } catch {
                #expect(error.status >= 500 && error.detail.en.contains("500 of 520"), "\(error.detail.en)")
                #expect(error.errors.first?.pointer == "/expected_count")
            }
        }
    }
}

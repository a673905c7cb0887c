import Foundation
import Testing

struct TemplatesTests {
    @Test func shownWithAllThatIsNeededToUseThem() async throws {
        try await withFront { front in
            let list = await front.wire.ask("GET", "/v1/templates")
            #expect(list.status == 200 && list.json["next"] is NSNull)
            let listed = try #require(list.json["data"] as? [[String: Any]])
            #expect(listed.compactMap { $0["id"] as? String } == ["notice", "payment-reminder"])
            #expect(listed.allSatisfy { $0["versions"] == nil && $0["variables"] != nil })
            let one = await front.wire.ask("GET", "/v1/templates/payment-reminder").json
            #expect(one["versions"] as? [String] == ["sha256:1"] && one["purpose"] as? String == "payment_reminder")
            #expect(one["locales"] as? [String] == ["ru"] && one["channels"] as? [String] == ["sms", "email"])
            let variable = try #require((one["variables"] as? [[String: Any]])?.first)
            #expect(variable["name"] as? String == "amount" && variable["type"] as? String == "money")
            #expect(variable["required"] as? Bool == true)
            let wrong = await front.wire.ask("GET", "/v1/templates/payment-reminde")
            #expect(wrong.status == 404 && wrong.code == "not_found" && wrong.text.contains("payment-reminder"))
        }
    }

    @Test func renderedAndNothingStored() async throws {
        try await withFront { front in
            let target = "/v1/templates/payment-reminder/render"
            let reply = await front.wire.ask("POST", target, json: #"{"variables":{"amount":"3250.50"}}"#)
            #expect(reply.status == 200, "\(reply.text)")
            #expect((reply.json["template"] as? [String: String])?["version"] == "sha256:1")
            let texts = try #require(reply.json["texts"] as? [[String: Any]])
            #expect(texts.compactMap { $0["channel"] as? String } == ["sms", "email"])
            #expect(texts[1]["subject"] as? String == "Оплата" && texts[1]["html"] != nil && texts[1]["parts"] == nil)
            #expect(texts[0]["parts"] as? Int == 1 && texts[0]["encoding"] as? String == "ucs2")
            #expect((texts[0]["text"] as? String)?.hasPrefix("К оплате 3") == true && texts[0]["units"] as? Int != nil)
            let one = await front.wire.ask(
                "POST", target, json: #"{"variables":{"amount":"1.00"},"channels":["sms"],"locale":"tt"}"#)
            #expect((one.json["texts"] as? [Any])?.count == 1)
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }

    @Test func whatIsWrongIsPointedAt() async throws {
        try await withFront { front in
            let long = String(repeating: "я", count: 40)
            let rows: [(String, Int, String, String)] = [
                (#"{}"#, 422, "missing_variable", "/variables/amount"),
                (#"{"variables":{}}"#, 422, "missing_variable", "/variables/amount"),
                (#"{"variables":{"amount":"1,5"}}"#, 422, "invalid_value", "/variables/amount"),
                (#"{"variables":{"amount":1}}"#, 422, "invalid_value", "/variables/amount"),
                (#"{"variables":{"amuont":"1.00"}}"#, 400, "unknown_field", "/variables/amuont"),
                (#"{"variables":{"amount":"1.00"},"channels":["max"]}"#, 422, "invalid_value", "/channels/0"),
                (#"{"variables":{"amount":"1.00"},"channels":["fax"]}"#, 422, "invalid_value", "/channels/0"),
                (#"{"variables":{"amount":"1.00"},"channels":["sms","sms"]}"#, 422, "invalid_value", "/channels/1"),
                (#"{"variables":{"amount":"1.00"},"locale":"\#(long)"}"#, 422, "invalid_value", "/locale"),
                (#"{"variable":{"amount":"1.00"}}"#, 400, "unknown_field", "/variable"),
                ("", 400, "invalid_json", ""), ("[]", 400, "invalid_json", ""),
            ]
            for (body, status, code, pointer) in rows {
                let reply = await front.wire.ask("POST", "/v1/templates/payment-reminder/render", json: body)
                #expect(reply.status == status && reply.code == code, "\(body): \(reply.text)")
                let errors = reply.json["errors"] as? [[String: String]] ?? []
                #expect(pointer.isEmpty || errors.contains { $0["pointer"] == pointer }, "\(body): \(errors)")
            }
            let text = String(repeating: "очень ", count: 300)
            let notice = await front.wire.ask(
                "POST", "/v1/templates/notice/render", json: #"{"variables":{"text":"\#(text)"},"channels":["sms"]}"#)
            #expect(notice.status == 422 && notice.code == "text_too_long", "\(notice.text)")
            #expect((notice.json["errors"] as? [[String: String]])?.first?["pointer"] == "/channels/0")
        }
    }

    /// A key that is bound to some templates learns of no others.
    @Test func boundKeys() async throws {
        try await withFront { front in
            let list = await front.wire.ask("GET", "/v1/templates", key: "vk_live_bound")
            #expect(list.status == 200 && (list.json["data"] as? [Any])?.isEmpty == true)
            for (method, target) in [
                ("GET", "/v1/templates/payment-reminder"), ("POST", "/v1/templates/payment-reminder/render"),
            ] {
                let reply = await front.wire.ask(
                    method, target, key: "vk_live_bound", json: method == "GET" ? nil : "{}")
                #expect(reply.status == 404 && !reply.text.contains("did you mean"))
            }
            #expect(await front.wire.ask("GET", "/v1/templates", key: "vk_live_duty").code == "forbidden_scope")
        }
    }
}

import API
import Domain
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct WebhooksTests {
    private static let url = "https://hooks.example/vestnik"

    @Test func aWholeLife() async throws {
        try await withFront { front in
            func ask(_ method: String, _ path: String, _ body: String? = nil, key: String = "vk_live_billing") async
                -> Wire.Reply
            { await front.wire.ask(method, "/v1/webhooks" + path, key: key, json: body) }
            let made = await ask("POST", "", #"{"url":"\#(Self.url)","types":["message.*"]}"#)
            #expect(made.status == 201, "\(made.text)")
            let id = try #require(made.json["id"] as? String), secret = try #require(made.json["secret"] as? String)
            #expect(id.hasPrefix("wh_") && secret.hasPrefix("whsec_") && made.json["house"] as? Bool == false)
            let shown = await ask("GET", "/\(id)")
            #expect(shown.json["status"] as? String == "active" && !shown.text.contains("whsec_"))
            #expect(await ask("GET", "").text.contains(id))

            let changed = await ask("PATCH", "/\(id)", #"{"active":false}"#)
            #expect(
                changed.json["status"] as? String == "disabled" && changed.json["reason"] as? String == "switched_off")
            #expect(changed.json["types"] as? [String] == ["message.*"])
            #expect(await ask("PATCH", "/\(id)", #"{"types":[],"active":true}"#).json["types"] as? [String] == [])
            let rotated = await ask("POST", "/\(id)/rotate")
            #expect(rotated.json["secret"] as? String != secret && rotated.json["previous_secret_until"] != nil)
            #expect(await ask("GET", "/\(id)/deliveries?status=failed").json["next"] is NSNull)
            #expect(await ask("POST", "/\(id)/replay", #"{"failed":true}"#).json["replayed"] as? Int == 0)
            #expect(await ask("POST", "/\(id)/replay", #"{"after":"evt_0000000000000"}"#).status == 202)

            // Somebody else's is none: TRUST row 4.
            for (method, path, body) in [
                ("GET", "", nil), ("PATCH", "", #"{"active":false}"#), ("DELETE", "", nil), ("POST", "/rotate", nil),
                ("POST", "/test", nil), ("GET", "/deliveries", nil), ("POST", "/replay", #"{"failed":true}"#),
            ] as [(String, String, String?)] {
                let reply = await ask(method, "/\(id)" + path, body, key: "vk_live_dispatch")
                #expect(reply.status == 404 && reply.code == "not_found", "\(method) \(path)")
            }
            #expect(await !ask("GET", "", key: "vk_live_dispatch").text.contains(id))
            #expect(await ask("DELETE", "/\(id)").status == 204)
            #expect(await ask("DELETE", "/\(id)").status == 404)
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let body: String
        let status: Int
        let code: String
        var testDescription: String { body }
        init(_ body: String, _ status: Int, _ code: String) {
            (self.body, self.status, self.code) = (body, status, code)
        }
    }
    /// TRUST §6 rows 59 and 60.
    static let rows = [
        Row(#"{"url":"file:///etc/passwd"}"#, 422, "invalid_value"),
        Row(#"{"url":"gopher://hooks.example/"}"#, 422, "invalid_value"),
        Row(#"{"url":"https://hooks.example:22/"}"#, 422, "invalid_value"),
        Row(#"{"url":"https://hooks.example:25/"}"#, 422, "invalid_value"),
        Row(#"{"url":"https://user@127.0.0.1/"}"#, 422, "invalid_value"),
        Row(#"{"url":"http://hooks.example/"}"#, 422, "invalid_value"), Row(#"{}"#, 422, "required"),
        Row(#"{"url":"https://hooks.example/","types":["message.snt"]}"#, 422, "invalid_value"),
        Row(#"{"url":"https://hooks.example/","typs":[]}"#, 400, "unknown_field"), Row("[]", 400, "invalid_json"),
        Row(#"{"url":"https://hooks.example/","house":true}"#, 403, "forbidden_scope"),
    ]
    @Test(arguments: rows) func refused(_ row: Row) async throws {
        try await withFront { front in
            let reply = await front.wire.ask("POST", "/v1/webhooks", json: row.body)
            #expect(reply.status == row.status && reply.code == row.code, "\(reply.text)")
        }
    }

    @Test(arguments: [
        "{}", #"{"after":"x"}"#, #"{"events":["evt_1"]}"#, #"{"failed":true,"after":"evt_0000000000000"}"#,
        #"{"until":"evt_0000000000000"}"#,
    ])
    func refusedReplay(_ body: String) async throws {
        try await withFront { front in
            let made = await front.wire.ask("POST", "/v1/webhooks", json: #"{"url":"\#(Self.url)"}"#)
            let id = try #require(made.json["id"] as? String)
            #expect(await front.wire.ask("POST", "/v1/webhooks/\(id)/replay", json: body).status == 422)
        }
    }

    /// A spelling of loopback is kept and goes nowhere.
    @Test(arguments: ["2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"])
    func aTestGoesNowhere(_ host: String) async throws {
        try await withFront { front in
            let made = await front.wire.ask("POST", "/v1/webhooks", json: #"{"url":"https://\#(host):8443/"}"#)
            let id = try #require(made.json["id"] as? String)
            let test = await front.wire.ask("POST", "/v1/webhooks/\(id)/test")
            #expect(test.json["taken"] as? Bool == false)
            #expect((test.json["error"] as? String)?.contains("address_refused") == true, "\(test.text)")
        }
    }

    @Test func theHousesEventsForThoseWhoMay() async throws {
        try await withFront { front in
            let made = await front.wire.ask(
                "POST", "/v1/webhooks", key: "vk_live_watch", json: #"{"url":"\#(Self.url)","house":true}"#)
            #expect(made.status == 201 && made.json["house"] as? Bool == true)
            #expect(await front.wire.ask("POST", "/v1/webhooks", key: "vk_live_reader", json: "{}").status == 403)
        }
    }
}

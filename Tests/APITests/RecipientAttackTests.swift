import Domain
import Foundation
import Journal
import StoreSQLite
import Testing

/// TRUST §6, 17 and 24–33: addresses and numbers that would go where nobody wants them.
struct RecipientAttackTests {
    /// As the bytes of a JSON string, escapes and all.
    static let addresses: [(channel: String, address: String, code: String)] = [
        ("email", #"a@b.ru\r\nBcc: x"#, "invalid_email"), ("email", #"a@b.ru>\r\nRCPT TO:<x"#, "invalid_email"),
        ("email", #"a@b.ru\r\n\u200d"#, "invalid_email"), ("email", #"a@b.ru\r\u0301"#, "invalid_email"),
        ("email", "a@b,c@d", "invalid_email"), ("email", "a@b.ru,c@d.ru", "invalid_email"),
        ("email", "a@[127.0.0.1]", "invalid_email"), ("email", "a@localhost", "invalid_email"),
        ("email", "a@127.0.0.1", "invalid_email"), ("email", "<a@b.ru>", "invalid_email"),
        ("email", "анна@пример.рф", "invalid_email"), ("email", #"a\u0000@b.ru"#, "invalid_value"),
        ("email", String(repeating: "a", count: 250) + "@b.ru", "invalid_email"),
        ("sms", "+7900123456٧", "invalid_phone"), ("sms", "＋７９００１２３４５６７", "invalid_phone"),
        ("sms", "+88212345678", "invalid_phone"), ("sms", "+78091234567", "invalid_phone"),
        ("sms", "+12025550123", "invalid_phone"), ("sms", #"+79001234567\r\n"#, "invalid_phone"),
        ("sms", "+79001234567,+79001234568", "invalid_phone"), ("sms", "112", "invalid_phone"),
        ("telegram", "@channel", "invalid_value"), ("telegram", "-1001234567890", "invalid_value"),
        ("max", "1 OR 1=1", "invalid_value"), ("max_chat", "../1", "invalid_value"),
    ]

    @Test(arguments: addresses) func isRefused(channel: String, address: String, code: String) async throws {
        try await withFront { front in
            let body = #"{"template":"notice","to":{"\#(channel)":"\#(address)"},"variables":{"text":"x"}}"#
            let reply = await front.wire.ask("POST", "/v1/messages", json: body)
            #expect(reply.status == 422 && reply.code == code, "\(reply.status) \(reply.text)")
            // What was sent in is not sent back.
            #expect(!reply.text.contains("b.ru") && !reply.text.contains("1234567"))
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }

    static let accepted: [(channel: String, address: String, stored: String)] = [
        ("sms", "8 (900) 123-45-67", "+79001234567"), ("sms", "+7 701 123 45 67", "+77011234567"),
        ("email", "Anna@ПРИМЕР.рф", "Anna@xn--e1afmkfd.xn--p1ai"),
    ]

    @Test(arguments: accepted) func isReadAsPeopleWriteIt(channel: String, address: String, stored: String) async throws
    {
        try await withFront { front in
            let to = #""to":{"\#(channel)":"\#(address)"}"#
            let sent = await front.wire.ask(
                "POST", "/v1/messages", json: #"{"template":"payment-reminder",\#(to),"variables":{"amount":"1.00"}}"#)
            let id = try #require((sent.json["id"] as? String).flatMap { MessageID($0) }, "\(sent.text)")
            let kept = try await front.store.message(id)?.message.destinations.map(\.address.exposed)
            #expect(kept == [stored])
        }
    }

    /// Numbers are read as written, or refused: never rounded, never wrapped.
    @Test(arguments: [
        #""variables":{"amount":1e400}"#, #""variables":{"amount":NaN}"#, #""variables":{"amount":-Infinity}"#,
        #""variables":{"amount":"99999999999999999999.00"}"#, #""variables":{"amount":"1e3"}"#,
        #""variables":{"amount":"0x10"}"#, #""variables":{"amount":9223372036854775808}"#,
        #""variables":{"amount":"٣.00"}"#, #""variables":{"amount":true}"#, #""variables":{"amount":["1.00"]}"#,
        #""variables":{"amount":"1.00"},"metadata":{"a":1e999}"#,
    ]) func numbers(members: String) async throws {
        try await withFront { front in
            let body = #"{"template":"payment-reminder","to":{"recipient":"ls:1"},\#(members)}"#
            let reply = await front.wire.ask("POST", "/v1/messages", json: body)
            #expect([400, 422].contains(reply.status), "\(reply.status) \(reply.text)")
            #expect(["invalid_json", "invalid_value"].contains(reply.code))
        }
    }

    /// 12: by its bytes.
    @Test(arguments: [String(repeating: "k", count: 256), "a\tb", "", "\"\"", "a\u{7F}b"])
    func keys(key: String) async throws {
        try await withFront { front in
            let reply = await front.wire.ask(
                "POST", "/v1/messages", headers: ["Idempotency-Key": key], json: MessagesTests.body)
            #expect(reply.status == 400, "\(reply.status) \(reply.text)")
        }
    }

    /// 34: one letter in two spellings is one resident.
    @Test func aResidentHasOneName() async throws {
        try await withFront { front in
            let (composed, decomposed) = ("кв:%D0%B9", "кв:и\u{306}")
            let stored = await front.wire.ask(
                "PUT", "/v1/recipients/%D0%BA%D0%B2:\(composed.dropFirst(3))", key: "vk_live_root",
                json: #"{"destinations":[{"sms":"+79001234567"}]}"#)
            #expect(stored.status == 200 || stored.status == 201, "\(stored.status) \(stored.text)")
            let body =
                #"{"template":"payment-reminder","to":{"recipient":"\#(decomposed)"},"variables":{"amount":"1.00"}}"#
            let sent = await front.wire.ask("POST", "/v1/messages", json: body)
            #expect(sent.status == 202, "\(sent.text)")
        }
    }
}

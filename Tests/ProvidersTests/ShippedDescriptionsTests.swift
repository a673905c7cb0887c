import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Providers

@Suite("Config/providers") struct ShippedDescriptionsTests {
    @Test func `every file has its canned replies, and each is taken for what it says`() throws {
        let all = try Shipped.all()
        #expect(all.keys.sorted() == ["kannel", "smsc", "smsru"])
        for (kind, description) in all {
            #expect(description.replies.count >= 10, "\(kind) has too few canned replies to prove anything")
            #expect(description.replies.contains { $0.then == .accepted }, "\(kind) shows no acceptance")
            #expect(description.replies.contains { $0.basis == .constructed }, "\(kind) shows no garbage")
            for reply in description.replies { try check(reply, kind, description) }
        }
    }

    private func check(_ reply: CannedReply, _ kind: String, _ description: DeclaredDescription) throws {
        let provider = DeclaredProvider(description, settings: .sample(kind, user: "vestnik"), time: .noon)
        let exchange = try provider.exchange(for: .sample(to: .sms(reply.to ?? "+79001234567")))
        let ending = exchange.ending(HTTPResponse(reply.status, reply.body, headers: reply.headers))
        let name = "\(kind): \(reply.name): \(ending)"
        switch reply.then {
        case .accepted:
            #expect(ending.receipt != nil, "\(name)")
            #expect(ending.receipt?.providerID == reply.id, "\(name)")
            if let parts = reply.parts { #expect(ending.receipt?.parts == parts, "\(name)") }
        case .failed(let reason):
            #expect(ending.reason == reason, "\(name)")
            if let code = reply.code { #expect(ending.failure?.code == code, "\(name)") }
            if let after = reply.after { #expect(ending.failure?.retryAfter == after, "\(name)") }
        }
    }

    /// Whatever comes back, only the provider's own success is an acceptance.
    static let garbage = [
        "", "OK", "ok", "null", "true", "[]", "{}", "\u{FEFF}{}", "<html></html>", "{\"id\":", "0", "1",
        "{\"status\":\"OK\"}",
        "{\"sms\":{}}", "{\"sms\":[]}", "{\"sms\":{\"79001234567\":null}}", "{\"error_code\":null,\"id\":1}",
        "0 Accepted",
        String(repeating: "[", count: 60_000), "{\"a\":\"\\ud800\"}",
    ]

    @Test(arguments: ["kannel", "smsc", "smsru"], [200, 201, 202, 204, 303, 404, 418, 500])
    func `garbage is never an acceptance`(kind: String, status: Int) throws {
        let exchange = try Shipped.provider(kind).exchange(for: .sample())
        for body in Self.garbage {
            let ending = exchange.ending(HTTPResponse(status, body))
            #expect(ending.receipt == nil, "\(kind) \(status) \(body.prefix(40))")
            #expect(ending.failure?.outlook == .unknown, "\(kind) \(status) \(body.prefix(40)): \(ending)")
        }
    }

    @Test func `SMSC: a form, byte for byte`() throws {
        let request = try Shipped.provider("smsc").exchange(for: .sample(Content(text: "Вода & свет+%0a\n№1"))).request
        #expect(request.method == "POST")
        #expect(request.url == "https://sms.example/sys/send.php")
        #expect(request.headers == [.init("Content-Type", "application/x-www-form-urlencoded")])
        #expect(
            request.text == "apikey=s3cret-key&phones=79001234567"
                + "&mes=%D0%92%D0%BE%D0%B4%D0%B0%20%26%20%D1%81%D0%B2%D0%B5%D1%82%2B%250a%0A%E2%84%961"
                + "&id=msg_0000000000001&sender=UKDOM&fmt=3&charset=utf-8&cost=3&maxsms=5&valid=24%3A00&tinyurl=0")
    }

    @Test func `SMS.RU: an account without a sender sends none`() throws {
        let description = try #require(try Shipped.all()["smsru"])
        let provider = DeclaredProvider(description, settings: .sample("smsru", sender: nil), time: .noon)
        let request = try provider.exchange(for: .sample(Content(text: "Hi"))).request
        #expect(request.url == "https://sms.example/sms/send")
        #expect(request.text == "api_id=s3cret-key&to=79001234567&msg=Hi&ttl=1440&json=1")
    }

    @Test(arguments: [("Отключение воды", "2"), ("Hello {world}", "0"), ("Hello №1", "2"), ("prix 5€ à é", "0")])
    func `Kannel: everything but the text in headers`(text: String, coding: String) throws {
        let request = try Shipped.provider("kannel").exchange(for: .sample(Content(text: text))).request
        #expect(request.url == "https://sms.example/cgi-bin/sendsms")
        #expect(request.text == text)
        #expect(
            request.headers == [
                .init("Content-Type", "text/plain; charset=UTF-8"), .init("X-Kannel-Username", "vestnik"),
                .init("X-Kannel-Password", "s3cret-key"), .init("X-Kannel-From", "UKDOM"),
                .init("X-Kannel-To", "79001234567"), .init("X-Kannel-Coding", coding),
                .init("X-Kannel-Validity", "1440"),
            ])
    }

    static let hostile = [
        "&to=79990000000", "%0a%0dX: y", "a+b", "a=b&c=d;e", "\r\nX-Evil: 1", "{secret}", "{{to}}", "\"},{\"a\":1",
    ]

    @Test(arguments: hostile) func `a text stays a text`(text: String) throws {
        for kind in ["smsc", "smsru"] {
            let request = try Shipped.provider(kind).exchange(for: .sample(Content(text: text))).request
            let pairs = request.text.split(separator: "&").map {
                $0.split(separator: "=", omittingEmptySubsequences: false)
            }
            #expect(pairs.allSatisfy { $0.count == 2 }, "\(kind)")
            let texts = pairs.filter { ["mes", "msg"].contains($0[0]) }
            #expect(texts.count == 1)
            #expect(texts.first?[1].removingPercentEncoding?.utf8.elementsEqual(text.utf8) == true, "\(kind)")
            #expect(pairs.filter { ["to", "phones"].contains($0[0]) }.map { $0[1] } == ["79001234567"])
        }
        let kannel = try Shipped.provider("kannel").exchange(for: .sample(Content(text: text))).request
        #expect(kannel.body == Array(text.utf8))
        #expect(kannel.headers.allSatisfy { $0.value.utf8.allSatisfy { $0 >= 0x20 } })
        #expect(kannel.headers.count == 7)
    }

    @Test(arguments: [
        ("kannel", 8 * 67, true), ("kannel", 8 * 67 + 1, false), ("smsc", 5 * 67, true), ("smsc", 5 * 67 + 1, false),
    ])
    func `a text of too many parts is never sent`(kind: String, letters: Int, fits: Bool) throws {
        let content = Content(text: String(repeating: "Ж", count: letters))
        var reason: DeliveryFailure.Reason?
        do { _ = try Shipped.provider(kind).exchange(for: .sample(content)) } catch let error as DeliveryFailure {
            reason = error.reason
        }
        #expect(reason == (fits ? nil : .tooLong))
    }

    @Test func `an empty text and a NUL are refused here: Kannel would accept both`() throws {
        for text in ["", "a\0b"] {
            let provider = try Shipped.provider("kannel")
            #expect(throws: DeliveryFailure.self) { try provider.exchange(for: .sample(Content(text: text))) }
        }
    }

    @Test func `life is told in the provider's units, at least a minute`() throws {
        let description = try #require(try Shipped.all()["smsc"])
        let late = TimeSource { Moment(wall: .noon.addingTimeInterval(86_400 - 5400), uptime: 0) }
        let gone = TimeSource { Moment(wall: .noon.addingTimeInterval(90_000), uptime: 0) }
        for (time, valid) in [(late, "01%3A30"), (gone, "00%3A01")] {
            let provider = DeclaredProvider(description, settings: .sample("smsc"), time: time)
            #expect(try provider.exchange(for: .sample()).request.text.contains("&valid=\(valid)&"))
        }
    }

    @Test func `no failure repeats the key, the login or the whole number`() throws {
        let said = #"{"error":"apikey s3cret-key of vestnik for 79001234567 (+79001234567) refused","error_code":7}"#
        for kind in ["smsc", "kannel", "smsru"] {
            let exchange = try Shipped.provider(kind).exchange(for: .sample())
            for status in [200, 202, 400, 403, 500] {
                let failure = exchange.ending(HTTPResponse(status, said)).failure
                let shown = "\(String(describing: failure))"
                #expect(failure != nil)
                for secret in ["s3cret-key", "vestnik for", "9001234567"] {
                    #expect(!shown.contains(secret), "\(kind) \(status): \(shown)")
                }
            }
        }
    }
}

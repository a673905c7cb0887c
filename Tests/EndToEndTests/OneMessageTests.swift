import Foundation
import Testing

/// One message from the key to the last word about it, told by every part of the API in the same way.
struct OneMessageTests {
    @Test(.timeLimit(.minutes(2))) func everybodyTellsOfTheSame() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let port = try WebhookTests.freePort()
        let site = try Site(
            providers: Site.kannel(port: sandbox.http),
            worker: "webhooks: {allow: [\"127.0.0.1\"], ports: [\(port)], timeout: 3s}")
        let house = try await site.open()
        let billing = Caller(house, try await site.key())
        let hook = try await billing.ask(
            "POST", "/v1/webhooks", #"{"url":"http://127.0.0.1:\#(port)/hook","types":["message.*"]}"#)
        let secret = try #require(hook.json["secret"] as? String, "\(hook.text)")
        let listener = try Running([
            "webhook", "listen", "--secret", secret, "--port", "\(port)", "--json", "--config", site.config,
        ])
        _ = try await listener.line(with: "ready")

        let sent = try await billing.ask(
            "POST", "/v1/messages", Caller.reminder(#"{"sms":"8 (900) 123-45-67"}"#, #","reference":"1C-000123""#),
            idempotency: "invoice-1")
        #expect(sent.status == 202, "\(sent.text)")
        let id = try #require(sent.id)

        try await sandbox.arrived(1)
        let arrival = try #require(try sandbox.arrivals().first)
        #expect(arrival["to"] as? [String] == ["79001234567"], "\(arrival)")
        #expect((arrival["text"] as? String)?.contains("100,00") == true)
        let shown = try await billing.wait("/v1/messages/\(id)") { $0.json["status"] as? String == "sent" }
        #expect(shown.json["reference"] as? String == "1C-000123" && shown.json["provider"] as? String == "sms-a")
        let timeline = try await billing.ask("GET", "/v1/messages/\(id)/timeline")
        #expect(timeline.data.map { $0["state"] as? String } == ["queued", "sending", "sent"], "\(timeline.text)")
        #expect(try await billing.ask("GET", "/v1/messages?limit=1").data.first?["id"] as? String == id)

        let feed = try await billing.wait("/v1/events?type=message.sent") { !$0.data.isEmpty }
        let event = try #require(feed.data.first)
        #expect((event["data"] as? [String: Any])?["message"] as? String == id)
        let told = try await listener.line(with: "message.sent")
        let eventID = try #require(event["id"] as? String)
        #expect(told.contains(id) && told.contains(eventID) && told.contains(#""verified":true"#), "\(told)")
        let page = try await site.vestnik("messages", "show", id)
        #expect(page.code == 0 && page.out.contains(id))

        // Nobody else knows of it.
        let portal = Caller(house, try await site.key("--client", "portal"))
        #expect(try await portal.ask("GET", "/v1/messages/\(id)").status == 404)
        #expect(try await portal.ask("GET", "/v1/events").data.isEmpty)
        for text in [told, shown.text, timeline.text, feed.text, house.serve.err.text] {
            #expect(!text.contains("9001234567"), "no address in full")
        }
        #expect(try await site.stop(house.serve) == 0)
        listener.signal(SIGTERM)
        #expect(try await listener.end(within: 20) == 0)
    }
}

import Foundation
import Glibc
import Testing

/// From the command line of one process over the running gateway to a receiver in a third.
@Suite(.timeLimit(.minutes(2))) struct WebhookTests {
    private static let secret = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()

    @Test func toldFromEndToEnd() async throws {
        // The port is known before the secret is: the receiver that will be used starts when both are.
        let port = try Self.freePort()
        let site = try Site(
            providers: Site.kannel(port: 9),
            worker: "webhooks: {allow: [\"127.0.0.1\"], ports: [\(port)], timeout: 3s}")
        let serve = try site.start("serve")
        _ = try await serve.line(with: "ready")
        let url = "http://127.0.0.1:\(port)/hook"

        let refused = try await site.vestnik("webhook", "add", "https://hooks.example:25/")
        #expect(refused.code == 65 && refused.err.contains("port is closed"), "\(refused.err)")
        let added = try #require(
            try await site.vestnik("webhook", "add", url, "--type", "message.*", "--json").lines.first)
        let id = try #require(added["id"] as? String), secret = try #require(added["secret"] as? String)
        #expect(id.hasPrefix("wh_") && secret.hasPrefix("whsec_"))
        // Once, and nowhere else.
        #expect(try await !site.vestnik("webhook", "list").out.contains("whsec_"))
        #expect(try await site.vestnik("webhook", "test", id).code == 1, "nobody listens yet")

        let listen = try Running([
            "webhook", "listen", "--secret", secret, "--port", "\(port)", "--json", "--config", site.config,
        ])
        _ = try await listen.line(with: "ready")
        #expect(try await site.vestnik("webhook", "test", id).code == 0)
        #expect(try await listen.line(with: "webhook.test").contains(#""verified":true"#))

        let later = Date.now.addingTimeInterval(3600).ISO8601Format()
        let sent = try await Binary.run(
            [
                "send", "--template", "payment-reminder", "--to", "sms:+79001110001", "--send-at", later, "--json",
                "--config", site.config,
            ] + BadInputTests.good)
        let message = try #require(sent.lines.first?["id"] as? String)
        let cancelled = ContinuousClock.now
        #expect(try await site.vestnik("messages", "cancel", message).code == 0)
        let told = try await listen.line(with: "message.cancelled")
        #expect(told.contains(message) && told.contains(#""verified":true"#) && !told.contains("9001110001"), "\(told)")
        #expect(.now - cancelled < .seconds(5))

        // With the wrong secret our own receiver refuses, too.
        #expect(try await site.vestnik("webhook", "rotate", id).code == 0)
        listen.signal(SIGTERM)
        #expect(try await listen.end(within: 20) == 0)
        let wrong = try Running([
            "webhook", "listen", "--secret", Self.secret, "--port", "\(port)", "--config", site.config,
        ])
        _ = try await wrong.line(with: "ready")
        let test = try await site.vestnik("webhook", "test", id)
        #expect(test.code == 1 && test.out.contains("HTTP 401"), "\(test.out)")
        wrong.signal(SIGTERM)
        #expect(try await wrong.end(within: 20) == 0)

        let deliveries = try await site.vestnik("webhook", "deliveries", id, "--status", "delivered", "--json").lines
        #expect(deliveries.count == 1)
        let event = try #require(deliveries.first?["event"] as? String)
        #expect(try await site.vestnik("webhook", "replay", id, "--event", event).out.contains("1 will be sent again"))
        #expect(try await site.vestnik("webhook", "off", id).out.contains("switched_off"))
        #expect(try await site.vestnik("webhook", "remove", id).code == 0)
        #expect(try await site.vestnik("webhook", "remove", id).code == 65)
        #expect(try await site.vestnik("logs", "--event", "webhook").code == 0)
        #expect(try await site.stop(serve) == 0)
    }

    static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard found else { throw HarnessError("no port on loopback") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Sandbox
import Testing

@testable import Providers
@testable import Settings

/// How long a provider asks us to wait, through each provider's own reading of its replies.
@Suite("Waiting that a provider asks for") struct ProviderPauseTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var label: String, kind: String, status: Int, body: String
        var header: String?
        var reason: DeliveryFailure.Reason
        var seconds: Int?
        var testDescription: String { "\(kind): \(label)" }
        init(
            _ label: String, _ kind: String, _ status: Int, _ body: String, header: String? = nil,
            _ reason: DeliveryFailure.Reason, _ seconds: Int?
        ) {
            (self.label, self.kind, self.status, self.body) = (label, kind, status, body)
            (self.header, self.reason, self.seconds) = (header, reason, seconds)
        }
    }

    static let rows = [
        Row(
            "a rule that names no time keeps the header", "kannel", 503, "Temporal failure", header: "20", .unreachable,
            20),
        Row("and the words", "kannel", 503, "Temporal failure, try again in 2 minutes.", .unreachable, 120),
        Row("no time", "kannel", 503, "Temporal failure, try again later.", .unreachable, nil),
        Row("a date, by our clock", "kannel", 503, "", header: "Tue, 24 Nov 2026 09:00:45 GMT", .unreachable, 45),
        Row(
            "the description knows better", "smsc", 200, #"{"error":"wait 10 seconds","error_code":9}"#, .throttled, 60),
        Row("never shorter than asked", "smsc", 200, #"{"error":"wait 5 minutes","error_code":9}"#, .throttled, 300),
        Row(
            "nobody waits where it is no use", "smsc", 200, #"{"error":"wait 5 hours","error_code":3}"#, .outOfFunds,
            nil),
        Row("but for what is declared", "smsc", 200, #"{"error":"wait 5 hours","error_code":4}"#, .badCredentials, 900),
        Row("a declared day", "smsru", 200, #"{"status":"ERROR","status_code":230}"#, .addressBusy, 86_400),
        Row("a proxy's 429", "smsru", 429, "<html>retry after 37</html>", .throttled, 37),
        Row("a header", "max", 429, #"{"code":"too.many.requests","message":"x"}"#, header: "3", .throttled, 3),
        Row("words", "max", 429, #"{"code":"too.many.requests","message":"Try again in 00:05:00"}"#, .throttled, 300),
        Row("no time", "max", 429, #"{"code":"too.many.requests","message":"x"}"#, .throttled, nil),
        Row("a file not ready", "max", 400, #"{"code":"attachment.not.ready","message":""}"#, .addressBusy, 2),
        Row(
            "a parameter", "telegram", 429,
            #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":37}}"#,
            .throttled, 37),
        Row(
            "a parameter of a day", "telegram", 429,
            #"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":86400}}"#, .throttled, 3600),
        Row(
            "only words", "telegram", 429,
            #"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 37"}"#, .throttled, 37),
        Row(
            "a senseless parameter", "telegram", 429,
            #"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":-1}}"#, .throttled, nil),
        Row(
            "never again", "telegram", 403,
            #"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked, retry after 37"}"#, .optedOut, nil
        ),
    ]

    @Test(arguments: rows) func pause(_ row: Row) throws {
        let exchange =
            switch row.kind {
            case "max": try MessengerTests.max.exchange(for: .sample(to: .max()))
            case "telegram": try MessengerTests.telegram.exchange(for: .sample(to: .telegram()))
            default: try Shipped.provider(row.kind).exchange(for: .sample())
            }
        let headers = row.header.map { [HTTPRequest.Header("retry-after", $0)] } ?? []
        let failure = exchange.ending(HTTPResponse(row.status, row.body, headers: headers)).failure
        #expect(failure?.reason == row.reason)
        #expect(failure?.retryAfter == row.seconds.map { .seconds($0) })
    }

    /// Every counter of the sandbox throttles in its own dialect; what it asks for arrives.
    @Test(arguments: ["smsc", "smsru", "kannel", "max", "telegram"])
    func `over a socket`(kind: String) async throws {
        let sandbox = try await Sandbox.start()
        sandbox.chaos.retryAfter = 9
        for path in [\Chaos.sms, \.max, \.telegram] { sandbox.chaos[keyPath: path].throttle = 100 }
        let secret = kind == "telegram" ? "123:abc_DEF-9" : "k"
        let settings = ProviderSettings.sample(
            kind, base: "http://127.0.0.1:\(sandbox.httpPort)",
            sender: ["max", "telegram"].contains(kind) ? nil : "UKDOM",
            secret: secret, user: kind == "kannel" ? "u" : nil)
        let provider = try Catalog.provider(for: settings, declared: try Shipped.all(), time: .noon)
        let to: Destination = kind == "max" ? .max() : kind == "telegram" ? .telegram() : .sms()
        let ending = await provider.carry(.sample(to: to))
        #expect(ending.reason == .throttled && ending.failure?.retryAfter == .seconds(9), "\(ending)")
        #expect(sandbox.messages().filter(\.arrived).isEmpty)
        await provider.shutdown()
        await sandbox.stop()
    }
}

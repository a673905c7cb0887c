import Delivery
import Domain
import Foundation
import GatewayTesting
import Sandbox
import Testing

@testable import Providers
@testable import Settings

/// A resend keeps its identity: whoever can recognise a copy must be able to.
@Suite("Repeats") struct RepeatTests {
    /// Whether our id is in the request, and whether the provider promises to ignore a repeat of it.
    static let kinds: [(kind: String, channel: Channel, to: String, carriesID: Bool)] = [
        ("smsc", .sms, "+79001234567", true), ("smsru", .sms, "+79001234567", false),
        ("kannel", .sms, "+79001234567", false), ("max", .max, "100200300", false),
        ("telegram", .telegram, "42424242", false),
    ]

    private static func provider(_ kind: String) throws -> any HTTPProvider {
        switch kind {
        case "max": MessengerTests.max
        case "telegram": MessengerTests.telegram
        default: try Shipped.provider(kind)
        }
    }

    @Test(arguments: kinds)
    func `the second request is the first, byte for byte`(
        _ row: (kind: String, channel: Channel, to: String, carriesID: Bool)
    ) throws {
        let provider = try Self.provider(row.kind)
        let to = try Destination(row.channel, row.to)
        let requests = try (1...3).map { try provider.exchange(for: .sample(id: 77, to: to, number: $0)).request }
        #expect(requests[0] == requests[1] && requests[1] == requests[2])
        let id = Array(MessageID(raw: 77).text.utf8)
        let wire = requests[0].headers.flatMap { Array($0.value.utf8) } + Array(requests[0].url.utf8) + requests[0].body
        #expect(wire.holds(id) == row.carriesID)
        let other = try provider.exchange(for: .sample(id: 78, to: to)).request
        #expect((other == requests[0]) == !row.carriesID)
    }

    @Test func `nobody promises to ignore a repeat`() throws {
        let declared = try Shipped.all()
        for manifest in Catalog.manifests(declared: declared) { #expect(!manifest.idempotent, "\(manifest.kind)") }
        #expect(Catalog.manifests(declared: declared).map(\.kind) == (Self.kinds.map(\.kind) + ["smtp"]).sorted())
    }

    @Test func `a mail sent again bears the same Message-ID on the wire`() async throws {
        let sandbox = try await Sandbox.start()
        var settings = ProviderSettings.sample(
            "smtp", base: "smtp://127.0.0.1:\(sandbox.smtpPort)", sender: "УК <info@dom.example>", secret: nil)
        settings.tls = .none
        let moments = Mutexed(Moment.noon)
        let time = TimeSource { moments.value }
        let provider = try Catalog.provider(for: settings, declared: [:], time: time)
        for number in 1...2 {
            #expect(await provider.carry(.sample(id: 77, to: .email(), number: number)).receipt != nil)
            // A day later its Date is another one.
            moments.value = moments.value.advanced(by: .seconds(86_400))
        }
        #expect(await provider.carry(.sample(id: 78, to: .email())).receipt != nil)
        await provider.shutdown()
        let mails = sandbox.messages().reversed().map { Self.header("message-id", in: $0.raw) }
        let expected = ["<msg_000000000002D@dom.example>", "<msg_000000000002D@dom.example>"]
        #expect(Array(mails.prefix(2)) == expected)
        #expect(mails.count == 3 && mails[2] != mails[0])
        await sandbox.stop()
    }

    @Test func `an SMS sent again bears the same id on the wire`() async throws {
        let sandbox = try await Sandbox.start()
        let settings = ProviderSettings.sample("smsc", base: "http://127.0.0.1:\(sandbox.httpPort)")
        let provider = try Catalog.provider(for: settings, declared: try Shipped.all(), time: .noon)
        for number in 1...2 { #expect(await provider.carry(.sample(id: 77, number: number)).receipt != nil) }
        await provider.shutdown()
        #expect(sandbox.messages().map(\.reference) == ["msg_000000000002D", "msg_000000000002D"])
        await sandbox.stop()
    }

    /// The value of the first header line of this name, from the bytes as they arrived.
    private static func header(_ name: String, in raw: [UInt8]) -> String? {
        let lines = String(decoding: raw, as: UTF8.self).components(separatedBy: "\r\n")
        let head = lines.prefix { !$0.isEmpty }
        return head.first { $0.lowercased().hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

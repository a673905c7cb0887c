import Delivery
import Domain
import Foundation
import GatewayTesting
import Sandbox
import Testing

@testable import Providers
@testable import Settings

/// What became of a message whose answer was lost.
@Suite("Asking by our id") struct AskTests {
    static func inquiry(_ id: Int64 = 1, number: Int = 1, to: Destination = .sms(), age: Double = 600) -> Inquiry {
        Inquiry(
            reference: MessageID(raw: id), number: number, to: to, beganAt: Date.noon.addingTimeInterval(-age))
    }

    @Test func `every canned answer is taken for what it says`() throws {
        let asking = try Shipped.all().filter { $0.value.ask != nil }
        #expect(asking.keys.sorted() == ["smsc"])
        for (kind, description) in asking {
            let replies = description.ask?.replies ?? []
            for then in AskRule.Ending.allCases { #expect(replies.contains { $0.then == then }, "\(kind) \(then)") }
            let question = try #require(try Shipped.provider(kind).question(about: Self.inquiry()))
            for reply in replies {
                let finding = question.read(HTTPResponse(reply.status, reply.body))
                let expected: Finding.Result =
                    switch reply.then {
                    case .had: .had(Receipt(providerID: MessageID(raw: 1).text))
                    case .hadNot: .hadNot
                    case .cannotTell: .cannotTell
                    }
                #expect(finding == expected, "\(kind): \(reply.name)")
            }
        }
    }

    @Test(arguments: [200, 201, 204, 303, 401, 404, 429, 500, 503])
    func `garbage tells nothing`(status: Int) throws {
        let question = try #require(try Shipped.provider("smsc").question(about: Self.inquiry()))
        for body in ShippedDescriptionsTests.garbage + ["-3", "not found", #"{"status":{}}"#, #"{"error_code":[3]}"#] {
            #expect(question.read(HTTPResponse(status, body)) == .cannotTell, "\(status) \(body.prefix(40))")
        }
    }

    /// "Not found" a moment after sending, or long after, is no word about whether it arrived.
    @Test(arguments: [
        (0.0, false), (119, false), (120, true), (600, true), (86_400, true), (86_401, false), (-60, false),
    ])
    func `an id unknown to the provider counts only while it would know it`(age: Double, counts: Bool) throws {
        let question = try #require(try Shipped.provider("smsc").question(about: Self.inquiry(age: age)))
        let reply = HTTPResponse(200, #"{"error":"message not found","error_code":3}"#)
        #expect(question.read(reply) == (counts ? .hadNot : .cannotTell))
        #expect(question.read(HTTPResponse(200, #"{"status":1}"#)) == .had(Receipt(providerID: "msg_0000000000001")))
    }

    @Test func `the question, byte for byte`() throws {
        let inquiry = Self.inquiry(7, number: 3)
        let request = try #require(try Shipped.provider("smsc").question(about: inquiry)).request
        #expect(request.method == "POST" && request.url == "https://sms.example/sys/status.php")
        #expect(request.headers == [.init("Content-Type", "application/x-www-form-urlencoded")])
        #expect(
            request.text == "apikey=s3cret-key&phone=79001234567&id=msg_0000000000007&fmt=3&charset=utf-8&all=0")
    }

    @Test(arguments: ["kannel", "smsru"]) func `others cannot be asked`(kind: String) throws {
        #expect(try Shipped.provider(kind).question(about: Self.inquiry()) == nil)
        #expect(try Catalog.manifest(of: kind, declared: Shipped.all()).canBeAsked == false)
    }
}

/// The grammar of `ask:`.
@Suite("The grammar of questions") struct AskGrammarTests {
    static let good = """
        title: Pigeon
        channels: [sms]
        base: https://pigeon.example
        settings: {secret: required}
        auth: {kind: bearer, token: "{secret}"}
        send: {path: /send, body: json, params: {ref: "{reference}", text: "{text}"}}
        reply: {format: json, rules: [{if: "http in 200", then: accepted}]}
        ask:
          send: {method: GET, path: /find, body: query, params: {ref: "{reference}", n: "{attempt}", to: "{to|e164}"}}
          format: json
          code: body.code
          rules:
            - {if: "body.found in true", then: had}
            - {if: "code in 404", then: had_not}
          id: body.id
          known_after: 1m
          known_for: 1h
          replies:
            - {name: there, basis: constructed, status: 200, then: had, body: '{"found":true,"id":"p1"}'}

        """

    private static func description(_ text: String) throws -> DeclaredDescription {
        try DeclaredFile.description(text, kind: "pigeon", file: "pigeon.yaml")
    }

    @Test func `GET, a bearer token and an id of the provider's own`() throws {
        let description = try Self.description(Self.good)
        let provider = DeclaredProvider(
            description, settings: .sample("pigeon", base: description.base), time: .noon)
        let question = try #require(try provider.question(about: AskTests.inquiry(number: 2)))
        #expect(question.request.method == "GET")
        #expect(question.request.url == "https://pigeon.example/find?ref=msg_0000000000001&n=2&to=%2B79001234567")
        #expect(question.request.header("Authorization") == "Bearer s3cret-key")
        #expect(question.read(HTTPResponse(200, #"{"found":true,"id":"p1"}"#)) == .had(Receipt(providerID: "p1")))
        // Declared but missing: the reply is about something else.
        #expect(question.read(HTTPResponse(200, #"{"found":true}"#)) == .cannotTell)
        #expect(question.read(HTTPResponse(200, #"{"code":404}"#)) == .hadNot)
        #expect(description.manifest.canBeAsked)
    }

    static let wrong: [(String, String, String)] = [
        ("the text", "n: \"{attempt}\"", "n: \"{text}\""), ("the coding", "n: \"{attempt}\"", "n: \"{text|coding}\""),
        ("the life", "n: \"{attempt}\"", "n: \"{ttl|minutes}\""),
        ("no name", "ref: \"{reference}\", n", "n"), ("a stranger's key", "known_for", "known_four"),
        ("no time", "  known_after: 1m\n", ""), ("an unknown ending", "then: had_not", "then: gone"),
        ("an acceptance", "then: had_not", "then: accepted"), ("no replies", "replies:\n", "answers:\n"),
        ("a wrong path", "id: body.id", "id: brief.id"),
    ]
    @Test(arguments: wrong) func `mistakes are found at start`(_ row: (label: String, from: String, to: String)) {
        // The sending half has the same words: only what follows `ask:` is changed.
        let halves = Self.good.components(separatedBy: "ask:\n")
        let text = halves[0] + "ask:\n" + halves[1].replacingOccurrences(of: row.from, with: row.to)
        #expect(text != Self.good)
        #expect(throws: ConfigurationError.self, "\(row.label)") { try Self.description(text) }
    }
}

/// Against the sandbox's own SMSC, over a socket.
@Suite("Asking SMSC in the sandbox") struct AskSandboxTests {
    private static func account(_ sandbox: Sandbox, secret: String = "k") throws -> any Provider {
        let settings = ProviderSettings.sample("smsc", base: "http://127.0.0.1:\(sandbox.httpPort)", secret: secret)
        return try Catalog.provider(for: settings, declared: try Shipped.all(), time: .noon)
    }

    private static func findings(_ provider: any Provider, _ inquiries: [Inquiry]) async -> [MessageID: Finding.Result]
    {
        let (stream, heard) = AsyncStream<Finding>.makeStream()
        provider.ask(inquiries) { batch in for finding in batch { heard.yield(finding) } }
        var found: [MessageID: Finding.Result] = [:]
        for await finding in stream {
            #expect(found[finding.reference] == nil, "one finding each")
            found[finding.reference] = finding.result
            if found.count == inquiries.count { break }
        }
        return found
    }

    @Test func `what arrived it had, what never came it had not`() async throws {
        let sandbox = try await Sandbox.start()
        let provider = try Self.account(sandbox)
        #expect(provider.profile.canBeAsked && !provider.profile.idempotent)
        // 1 is answered, the answer to 2 is cut after arrival, 3 is refused as a whole, 4 was never sent.
        let first = await provider.carry(.sample(id: 1))
        sandbox.chaos.sms.cut = 100
        let second = await provider.carry(.sample(id: 2))
        sandbox.chaos.sms.cut = 0
        sandbox.chaos.sms.fail = 100
        let third = await provider.carry(.sample(id: 3))
        sandbox.chaos.sms.fail = 0
        #expect(first.receipt?.providerID == "msg_0000000000001")
        #expect(second.reason == .noAnswer && third.reason == .noAnswer)

        let found = await Self.findings(provider, (1...4).map { AskTests.inquiry($0) })
        await provider.shutdown()
        #expect(
            found == [
                MessageID(raw: 1): .had(Receipt(providerID: "msg_0000000000001")),
                MessageID(raw: 2): .had(Receipt(providerID: "msg_0000000000002")),
                MessageID(raw: 3): .hadNot, MessageID(raw: 4): .hadNot,
            ])
        #expect(sandbox.messages().filter(\.arrived).map(\.reference) == ["msg_0000000000002", "msg_0000000000001"])
        await sandbox.stop()
    }

    @Test func `another number with our id is another message`() async throws {
        let sandbox = try await Sandbox.start()
        let provider = try Self.account(sandbox)
        #expect(await provider.carry(.sample(to: .sms("+79005550001"))).receipt != nil)
        let other = await Self.findings(provider, [AskTests.inquiry()])
        let same = await Self.findings(provider, [AskTests.inquiry(to: .sms("+79005550001"))])
        #expect(other.values.first == .hadNot)
        #expect(same.values.first == .had(Receipt(providerID: "msg_0000000000001")))
        await provider.shutdown()
        await sandbox.stop()
    }

    @Test func `a wrong key and a provider that is gone tell nothing`() async throws {
        var settings = SandboxSettings()
        settings.login = .init(user: "u", password: "right")
        let sandbox = try await Sandbox.start(settings)
        let wrong = try Self.account(sandbox, secret: "wrong")
        #expect(await Self.findings(wrong, [AskTests.inquiry()]).values.first == .cannotTell)
        await sandbox.stop()
        let found = await Self.findings(wrong, (1...50).map { AskTests.inquiry($0) })
        #expect(found.count == 50 && found.values.allSatisfy { $0 == .cannotTell })
        await wrong.shutdown()
        let late = await Self.findings(wrong, (1...3).map { AskTests.inquiry($0) })
        #expect(late.count == 3 && late.values.allSatisfy { $0 == .cannotTell })
    }
}

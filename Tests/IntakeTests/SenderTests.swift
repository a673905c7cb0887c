import Domain
import Foundation
import GatewayTesting
import Intake
import Policy
import Queue
import Rendering
import Testing

/// What a key changes about a request.
struct SenderTests {
    struct Guests: GuestBook {
        var list: [Guest] = []
        func guests(of client: String) async throws(StoreError) -> [Guest] { client == "billing" ? list : [] }
        func invite(_: Guest, of _: ClientName, by _: String, at _: Moment) async throws(StoreError) -> GuestChange {
            .nothingToDo
        }
        func uninvite(_: Guest, of _: ClientName, by _: String, at _: Moment) async throws(StoreError) -> GuestChange {
            .nothingToDo
        }
    }

    static func accept(
        _ body: String, as mode: KeyMode = .live, templates: Set<String>? = nil, channels: Set<Channel>? = nil,
        guests: [Guest] = [], carried: Set<Channel> = Set(Channel.allCases)
    ) async throws -> Result<Accepted, Problem> {
        let accept = Accept(
            purposes: AcceptTests.purposes, shelf: AcceptTests.shelf,
            organisation: .init(name: "УК «Наш дом»", phone: "+78001002030"),
            recipients: AcceptTests.Book([AcceptTests.anna, AcceptTests.mute, AcceptTests.mailOnly]),
            guests: Guests(list: guests), ids: IDSource(), carried: carried)
        let caller = Caller(
            client: "billing", key: "k1l2m3n4", mode: mode, scopes: [.messagesWrite], templates: templates,
            channels: channels)
        let request = try SendRequest(bytes: Array(body.utf8))
        return try #require(try await accept([request], from: .key(caller), at: .noon).first)
    }

    static func problem(_ result: Result<Accepted, Problem>) throws -> Problem {
        guard case .failure(let problem) = result else {
            Issue.record("it was accepted")
            throw CancellationError()
        }
        return problem
    }

    @Test func theModeGoesWithTheMessage() async throws {
        for mode in KeyMode.allCases {
            let accepted = try await Self.accept(
                AcceptTests.body(), as: mode, guests: [.recipient(AcceptTests.anna.id)]
            ).get()
            #expect(accepted.enqueue.message.mode == mode && accepted.enqueue.message.client == "billing")
        }
        #expect(try await AcceptTests.one(AcceptTests.body()).enqueue.message.mode == .live, "from the command line")
    }

    @Test func whatIsSentAgainKeepsItsMode() async throws {
        let accept = Accept(
            purposes: AcceptTests.purposes, shelf: AcceptTests.shelf,
            organisation: .init(name: "УК", phone: "+78001002030"), recipients: AcceptTests.Book([]), ids: IDSource())
        for mode in KeyMode.allCases {
            let again = try #require(try await accept.again(.sample().under(mode), at: .noon))
            #expect(again.message.mode == mode, "or a test would leave as a real one")
        }
    }

    @Test func aTemplateThatIsNotTheKeysIsForbidden() async throws {
        #expect(try await Self.accept(AcceptTests.body(), templates: ["payment-reminder"]).get().plan.count == 2)
        for body in [
            AcceptTests.body(), AcceptTests.body(variables: "{}"), #"{"template":"nope","to":{"sms":"+79001234567"}}"#,
        ] {
            let problem = try Self.problem(try await Self.accept(body, templates: ["other"]))
            #expect(problem.code == .forbiddenScope && problem.code.status == 403)
            #expect(problem.errors.map(\.pointer) == ["/template"], "and nothing about what else is wrong with it")
        }
    }

    @Test func aChannelThatIsNotTheKeysIsForbidden() async throws {
        let named = try Self.problem(
            try await Self.accept(AcceptTests.body(#""channels":["max","sms"]"#), channels: [.max]))
        #expect(named.code == .forbiddenScope && named.errors.map(\.pointer) == ["/channels/1"])
        let addressed = try Self.problem(
            try await Self.accept(AcceptTests.body(to: #"{"sms":"+79001234567","max":"5"}"#), channels: [.max]))
        #expect(addressed.code == .forbiddenScope && addressed.errors.map(\.pointer) == ["/to/sms"])
        let none = try Self.problem(try await Self.accept(AcceptTests.body(), channels: [.voice]))
        #expect(none.code == .forbiddenScope && none.errors.map(\.pointer) == ["/to/recipient"])
    }

    @Test func aResidentIsWrittenToByTheKeysChannelsOnly() async throws {
        let accepted = try await Self.accept(AcceptTests.body(), channels: [.sms, .email]).get()
        #expect(accepted.enqueue.message.channels == [.sms] && accepted.plan == [.sms()])
        let all = try await Self.accept(AcceptTests.body(), channels: Set(Channel.allCases)).get()
        #expect(all.enqueue.message.channels == [.max, .sms], "named, whatever the purpose says later")
    }

    @Test func outsidersOfATeamKeyAreSuppressedAtOnce() async throws {
        let outside = try await Self.accept(AcceptTests.body(), as: .team, guests: [.destination(.email())]).get()
        #expect(outside.enqueue.start == .suppressed(.notInGuestList))
        #expect(
            try await Self.accept(AcceptTests.body(), as: .team).get().enqueue.start == .suppressed(.notInGuestList))
        let partly = try await Self.accept(AcceptTests.body(), as: .team, guests: [.destination(.sms())]).get()
        #expect(partly.enqueue.start == .queued(due: .noon, nil, .max), "policy finds the way when it leaves")
        let guest = try await Self.accept(
            AcceptTests.body(to: #"{"sms":"8 900 123-45-67"}"#), as: .team, guests: [.destination(.sms())]
        ).get()
        #expect(guest.enqueue.start == .queued(due: .noon, nil, .sms))
        let nowhere = try await Self.accept(AcceptTests.body(to: #"{"recipient":"ls:2"}"#), as: .team).get()
        #expect(nowhere.enqueue.start == .suppressed(.noAddress))
    }

    @Test func magicAddressesAreForTestKeys() async throws {
        let body = AcceptTests.body(to: #"{"sms":"+70000000002"}"#)
        #expect(try await Self.accept(body, as: .test).get().plan == [.sms("+70000000002")])
        for mode in [KeyMode.live, .team] {
            let problem = try Self.problem(
                try await Self.accept(body, as: mode, guests: [.destination(.sms("+70000000002"))]))
            #expect(problem.code == .invalidPhone && problem.errors.map(\.pointer) == ["/to/sms"])
        }
        #expect(try await AcceptTests.one(body).plan.count == 1, "the sandbox knows them too, by the command line")
    }

    @Test func aTestMessageWaitsInALineThatIsWorkedOff() async throws {
        let body = AcceptTests.body(to: #"{"sms":"+79001234567"}"#)
        let placed = try await Self.accept(body, as: .test, carried: [.email]).get().enqueue.start
        #expect(placed == .queued(due: .noon, nil, .email))
        #expect(try await Self.accept(body, carried: [.email]).get().enqueue.start == .queued(due: .noon, nil, .sms))
        #expect(
            try await Self.accept(body, as: .test, carried: []).get().enqueue.start == .queued(due: .noon, nil, .sms))
    }
}

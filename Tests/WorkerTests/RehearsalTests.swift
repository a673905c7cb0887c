import Delivery
import Domain
import Foundation
import GatewayTesting
import Journal
import Policy
import Queue
import StoreSQLite
import Testing

@testable import Worker

/// Messages of test keys on the whole path: real store, real policy, real renderer, and a provider that must see nothing.
struct RehearsalTests {
    typealias Bench = EngineTests.Bench

    private func settle(_ engine: inout Engine) async throws {
        for _ in 0..<200 where try await !engine.turn() { return }
        Issue.record("the engine never came to rest")
    }

    private static func message(
        _ id: Int64, _ mode: KeyMode = .test, to destinations: [Destination], fallback: Fallback? = nil
    ) -> Message {
        var message = Message.sample(
            id: id, to: destinations, channels: destinations.map(\.channel), variables: ["word": .text("№ \(id)")],
            fallback: fallback)
        message.mode = mode
        return message
    }

    private static func enqueue(_ bench: Bench, _ messages: Message..., on line: Channel = .sms) async throws {
        let items = messages.map { Enqueue.sample($0, on: line) }
        _ = try await bench.store.enqueue(items, at: bench.now())
    }

    private static func magic(_ place: Int) -> Destination { .sms("+7000000000\(place)") }

    @Test func eachMagicRecipientGivesItsOutcome() async throws {
        let bench = try Bench(), provider = ScriptedProvider()
        var engine = try bench.engine([provider])
        for place in 1...5 {
            try await Self.enqueue(bench, Self.message(Int64(place), to: [Self.magic(place)]))
        }
        try await Self.enqueue(bench, Self.message(6, to: [.sms()]))
        try await settle(&engine)
        let first = try await states(bench, 1...6)
        #expect(first == [.delivered, .failed, .queued, .unconfirmed, .sent, .delivered])
        #expect(try await bench.store.message(MessageID(raw: 2))?.failure?.reason == .unknownAddress)
        #expect(try await bench.store.message(MessageID(raw: 3))?.held == .backoff)
        #expect(try await bench.store.message(MessageID(raw: 4))?.failure?.reason == .noAnswer)

        bench.pass(59)
        try await settle(&engine)
        #expect(try await bench.state(3) == .queued, "as long as a real one would wait")
        bench.pass(2)
        try await settle(&engine)
        bench.pass(86_400)
        try await settle(&engine)
        #expect(try await states(bench, 1...6) == [.delivered, .failed, .delivered, .unconfirmed, .sent, .delivered])

        #expect(provider.submissions.isEmpty, "nothing left")
        #expect(try await bench.store.suppressions(limit: 10).isEmpty, "they give the same outcome the next time")
        let attempts = try #require(try await bench.store.message(MessageID(raw: 3))).attempts
        #expect(attempts.map(\.provider) == [.rehearsal, .rehearsal] && attempts.map(\.number) == [1, 2])
        guard case .intact = try await bench.store.verify(progress: { _, _ in }) else {
            Issue.record("the journal is broken")
            return
        }
    }

    private func states(_ bench: Bench, _ ids: ClosedRange<Int64>) async throws -> [MessageState?] {
        var states: [MessageState?] = []
        for id in ids { states.append(try await bench.state(id)) }
        return states
    }

    @Test func theTimelineTellsWhatARealOneWould() async throws {
        let bench = try Bench()
        var engine = try bench.engine([ScriptedProvider()])
        try await Self.enqueue(bench, Self.message(1, to: [Self.magic(1)]))
        try await settle(&engine)
        let lines = try await bench.store.timeline(of: MessageID(raw: 1))
        #expect(lines.map(\.event) == ["accepted", "reportedDelivered"])
        #expect(lines[0].facts.contains { $0.name == "mode" && $0.value == "test" })
        #expect(lines[1].by == "provider:test-mode")
        #expect(!lines.contains { $0.facts.contains { $0.value.contains("70000000001") } })
    }

    @Test func aBadOutcomeFallsBackToTheNextDestination() async throws {
        let bench = try Bench(), max = ScriptedProvider("max-main", channels: [.max]), sms = ScriptedProvider()
        var engine = try bench.engine([max, sms])
        let magic = try Destination(.max, "70000000002")
        try await Self.enqueue(bench, Self.message(1, to: [magic, Self.magic(1)]), on: .max)
        try await Self.enqueue(
            bench, Self.message(2, to: [Self.magic(5), .max()], fallback: Fallback(after: .seconds(60))))
        try await settle(&engine)
        #expect(try await bench.state(1) == .delivered)
        #expect(try await bench.state(2) == .sent)
        bench.pass(61)
        try await settle(&engine)
        #expect(try await bench.state(2) == .delivered, "no report came in time")
        #expect(max.submissions.isEmpty && sms.submissions.isEmpty)
    }

    @Test func nobodyNeedsToCarryIt() async throws {
        let bench = try Bench()
        // No account at all, and one whose account rests: looked through once a minute.
        var engine = try bench.engine([])
        try await Self.enqueue(bench, Self.message(1, to: [Self.magic(1)]), Self.message(2, .live, to: [.sms()]))
        bench.pass(61)
        try await settle(&engine)
        #expect(try await bench.state(1) == .delivered)
        #expect(try await bench.state(2) == .queued, "a real one waits")
    }

    @Test func amongRealOnesOnlyTheRealOnesLeave() async throws {
        let bench = try Bench(), provider = ScriptedProvider()
        var engine = try bench.engine([provider], window: 8)
        for id in Int64(1)...60 {
            try await Self.enqueue(bench, Self.message(id, id % 3 == 0 ? .test : .live, to: [.sms()]))
        }
        try await settle(&engine)
        let left = provider.submissions.map(\.reference.raw).sorted()
        #expect(left == (Int64(1)...60).filter { $0 % 3 != 0 })
        #expect(try await bench.store.stats(at: bench.now()).states == [.sent: 40, .delivered: 20])
    }

    @Test func policyIsAskedAsForARealOne() async throws {
        let bench = try Bench()
        var engine = try bench.engine([ScriptedProvider()])
        try await bench.store.suppress(
            [Suppression(destination: .sms(), reason: .optedOut, since: .noon)], by: "operator", at: .noon)
        try await Self.enqueue(bench, Self.message(1, to: [.sms()]))
        try await settle(&engine)
        #expect(try await bench.state(1) == .suppressed)
        #expect(try await bench.store.message(MessageID(raw: 1))?.reason == "on_suppression_list")
    }

    @Test func aTeamMessageReachesGuestsOnly() async throws {
        let bench = try Bench(), provider = ScriptedProvider()
        var engine = try bench.engine([provider])
        let client = ClientName("billing")!
        _ = try await bench.store.invite(.destination(.sms()), of: client, by: "cli:anna", at: .noon)
        let stranger = Destination.sms("+79990000009")
        try await Self.enqueue(
            bench, Self.message(1, .team, to: [.sms()]), Self.message(2, .team, to: [stranger]),
            Self.message(3, .team, to: [.max("5"), .sms()]))
        try await settle(&engine)
        #expect(try await states(bench, 1...3) == [.sent, .suppressed, .sent])
        #expect(try await bench.store.message(MessageID(raw: 2))?.reason == "not_in_guest_list")
        #expect(provider.submissions.map(\.to) == [.sms(), .sms()], "the chat of a stranger was passed over")

        _ = try await bench.store.uninvite(.destination(.sms()), of: client, by: "cli:anna", at: .noon)
        try await Self.enqueue(bench, Self.message(4, .team, to: [.sms()]))
        try await settle(&engine)
        #expect(try await bench.state(4) == .suppressed)
    }
}

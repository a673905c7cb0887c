import Delivery
import Domain
import Events
import Foundation
import GatewayTesting
import Journal
import StoreSQLite
import Testing

/// Everything about when a delivery is made, on a clock of our own.
@Suite struct WebhookLaneTests {
    private static let url = "http://127.0.0.1:8090/hook"

    /// TRUST P23: a receiver that is dead for three days and more.
    @Test func theWholeSchedule() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        try await site.suppressed(1)
        let wire = ScriptedWire { _ throws(DeliveryFailure) in throw DeliveryFailure(.unreachable, code: "curl 7") }
        var pauses: [Int] = []
        try await site.turn(hook.id, wire)
        while let due = try await site.delivery(hook.id)?.nextAt {
            pauses.append(Int(due.timeIntervalSince(site.now.wall).rounded()))
            // Nothing before its time.
            site.clock.reach(due.addingTimeInterval(-0.5))
            let before = wire.carried.count
            try await site.turn(hook.id, wire)
            #expect(wire.carried.count == before)
            site.clock.reach(due)
            try await site.turn(hook.id, wire)
        }
        #expect(pauses == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
        let end = try #require(try await site.delivery(hook.id))
        #expect(end.status == .failed && end.attempts == 10 && end.code == nil)
        #expect(end.error == "unreachable: curl 7")
        // The receiver knows a repeat by its name; the time is that of the attempt.
        #expect(Set(wire.carried.compactMap { $0.header("webhook-id") }) == [EventID(raw: end.event.raw).text])
        #expect(Set(wire.carried.compactMap { $0.header("webhook-timestamp") }).count == 10)
    }

    @Test func deadForTwoHoursThenAll() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        for id in 1...40 { try await site.suppressed(Int64(id)) }
        let start = site.now.wall
        let wire = ScriptedWire { _ in HTTPResponse(site.now.wall.timeIntervalSince(start) < 7200 ? 503 : 200, body: [])
        }
        try await site.turn(hook.id, wire)
        while let due = try await site.store.due(hook.id, limit: 0, at: site.now).next {
            site.clock.reach(due)
            try await site.turn(hook.id, wire)
        }
        let all = try await site.store.deliveries(of: hook.id, status: .delivered, limit: 250, after: nil)
        #expect(all.count == 40 && all.allSatisfy { $0.attempts == 5 && $0.code == 200 })
        #expect(wire.carried.count == 200)
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        let code: Int
        let status: WebhookDelivery.Status
        var error: String?
        var testDescription: String { "HTTP \(code)" }
    }
    static let endings = [
        Ending(code: 200, status: .delivered), Ending(code: 204, status: .delivered),
        Ending(code: 299, status: .delivered),
        Ending(code: 302, status: .pending, error: "HTTP 302: redirects are not followed"),
        Ending(code: 400, status: .pending, error: "HTTP 400"), Ending(code: 401, status: .pending, error: "HTTP 401"),
        Ending(code: 410, status: .failed, error: "HTTP 410: gone"),
        Ending(code: 429, status: .pending, error: "HTTP 429"),
        Ending(code: 500, status: .pending, error: "HTTP 500"),
    ]
    @Test(arguments: endings) func ending(_ test: Ending) async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        try await site.suppressed(1)
        try await site.turn(hook.id, ScriptedWire(test.code))
        let delivery = try #require(try await site.delivery(hook.id))
        #expect(delivery.status == test.status && delivery.code == test.code && delivery.error == test.error)
        let state = try await site.store.webhook(hook.id)?.state
        #expect(state == (test.code == 410 ? .disabled(.gone) : .active))
    }

    @Test func whatIsGoneHearsNothingMoreAndGoesOnWhereItStopped() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        try await site.suppressed(1)
        #expect(try await site.turn(hook.id, ScriptedWire(410)) == .ended)
        try await site.suppressed(2)
        let gone = try #require(try await site.store.webhook(hook.id))
        let again = try await site.desk().change(gone, url: nil, types: nil, active: true, by: "test", at: site.now)
        let wire = ScriptedWire(200)
        try await site.turn(again.id, wire)
        #expect(wire.carried.count == 1)
    }

    /// After a restart nothing is told twice that was taken, and nothing that was not is forgotten.
    @Test func survivesARestart() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        for id in 1...3 { try await site.suppressed(Int64(id)) }
        let first = ScriptedWire { request in
            HTTPResponse(request.header("webhook-id")?.hasSuffix("2") == true ? 500 : 200, body: [])
        }
        try await site.turn(hook.id, first)
        let answered = try await site.store.deliveries(of: hook.id, status: .pending, limit: 250, after: nil)
        #expect(first.carried.count == 3 && answered.count <= 1)
        site.store.close()
        let reopened = try SQLiteStore.open(site.database, holder: "the next", at: site.now.wall)
        defer { reopened.close() }
        site.clock.advance(.seconds(6))
        let second = ScriptedWire(200)
        let lane = WebhookLane(
            source: reopened, book: reopened, wire: second, time: site.clock.source, random: RandomSource { 0 })
        var cursor: Int64 = 0
        _ = try await lane.turn(try #require(try await reopened.webhook(hook.id)), cursor: &cursor)
        #expect(second.carried.count == answered.count)
        #expect(try await reopened.deliveries(of: hook.id, status: .delivered, limit: 9, after: nil).count == 3)
    }

    @Test func hearsOfWhatCameAfterIt() async throws {
        let site = try Site()
        try await site.suppressed(1)
        let hook = try await site.webhook(Self.url, types: ["message.suppressed"], scope: .billing)
        try await site.suppressed(2, client: "meters")
        try await site.sent(.sample(id: 3))
        try await site.suppressed(4)
        let wire = ScriptedWire(200)
        try await site.turn(hook.id, wire)
        #expect(wire.carried.count == 1)
        #expect(String(decoding: wire.carried[0].body, as: UTF8.self).contains("msg_0000000000004"))
        try await site.turn(hook.id, wire)
        #expect(wire.carried.count == 1)
    }

    @Test func replays() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url, types: ["message.suppressed"], scope: .billing)
        for id in 1...4 { try await site.suppressed(Int64(id)) }
        try await site.suppressed(5, client: "meters")
        let events = try await site.feed.page(.everything, after: nil, limit: 250).events.map(\.id)
        let wire = ScriptedWire(200)
        try await site.turn(hook.id, wire)
        func replay(_ order: ReplayOrder) async throws -> Int {
            try await site.desk().replay(order, to: hook, at: site.now).count
        }
        #expect(try await replay(.events(events + [EventID(raw: 999)])) == 4)
        try await site.turn(hook.id, wire)
        #expect(wire.carried.count == 8)
        #expect(Set(wire.carried.compactMap { $0.header("webhook-id") }).count == 4)
        #expect(try await replay(.range(after: events[1], until: events[2])) == 1)
        #expect(try await replay(.range(after: events[0], until: nil)) == 3)
        try await site.turn(hook.id, ScriptedWire(410))
        #expect(try await replay(.failed) >= 1)
        #expect(try await replay(.failed) == 0)
    }

    @Test func rotation() async throws {
        let site = try Site()
        let old = try await site.webhook(Self.url)
        let new = try await site.desk().rotate(old, by: "test", at: site.now)
        #expect(new.secret != old.secret)
        let wire = ScriptedWire(200)
        try await site.suppressed(1)
        try await site.turn(old.id, wire)
        site.clock.advance(.seconds(25 * 3600))
        try await site.suppressed(2)
        try await site.turn(old.id, wire)
        let (during, after) = (wire.carried[0], wire.carried[1])
        #expect(during.isSigned(with: old.secret) && during.isSigned(with: new.secret))
        #expect(!after.isSigned(with: old.secret) && after.isSigned(with: new.secret))
    }

    @Test func trims() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        try await site.suppressed(1)
        try await site.turn(hook.id, ScriptedWire(200))
        try await site.suppressed(2)
        try await site.turn(hook.id, ScriptedWire(500))
        site.clock.advance(.seconds(8 * 86_400))
        #expect(try await WebhookRetention.trim(site.store, at: site.now) == 1)
        #expect(
            try await site.store.deliveries(of: hook.id, status: nil, limit: 9, after: nil).map(\.status) == [.pending])
    }

    @Test func removesAllOfIt() async throws {
        let site = try Site()
        let hook = try await site.webhook(Self.url)
        try await site.suppressed(1)
        try await site.turn(hook.id, ScriptedWire(500))
        try await site.desk().remove(hook, by: "test", at: site.now)
        #expect(try await site.store.webhooks().isEmpty)
        #expect(try await site.delivery(hook.id) == nil)
        await #expect(throws: WebhookDesk.Refusal.unknown) {
            try await site.desk().remove(hook, by: "test", at: site.now)
        }
    }
}

extension HTTPRequest {
    func isSigned(with secret: WebhookSecret) -> Bool {
        let at = header("webhook-timestamp") ?? ""
        return
            (try? WebhookSignature.check(
                id: header("webhook-id"), timestamp: at, signature: header("webhook-signature"), body: body,
                secret: secret, now: Int(at) ?? 0)) != nil
    }
}

import Delivery
import Domain
import Events
import Foundation
import GatewayTesting
import Journal
import Logging
import ServiceLifecycle
import StoreSQLite
import Testing

/// Over real sockets, to receivers that were not written by us.
@Suite(.timeLimit(.minutes(2))) struct WebhookSenderTests {
    private static func wire(_ rules: WebhookRules = .loopback) -> HTTPClient { HTTPClient(rules.account()) }

    /// Looks again until it holds, for ten seconds at most.
    private func soon(_ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try await !holds() {
            try #require(.now < deadline, "it did not come to pass")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// TRUST P23.
    @Test func aThousandVerifyRotationIncluded() async throws {
        let site = try Site()
        let receiver = try Receiver()
        let old = try await site.webhook(receiver.url("200"))
        let new = try await site.desk().rotate(old, by: "test", at: site.now)
        try receiver.learn([old.secret.exposed, new.secret.exposed])
        for id in 1...500 { try await site.suppressed(Int64(id)) }
        let wire = Self.wire()
        while try await site.turn(old.id, wire) == .again {}
        // The second half when the old secret has gone.
        site.clock.advance(.seconds(25 * 3600))
        for id in 501...1000 { try await site.suppressed(Int64(id)) }
        while try await site.turn(old.id, wire) == .again {}
        await wire.shutdown()
        try await soon { receiver.lines.count == 1000 }
        #expect(receiver.lines.count { $0.verified == 3 } == 500)
        #expect(receiver.lines.count { $0.verified == 2 } == 500)
        #expect(Set(receiver.lines.compactMap(\.id)).count == 1000)
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: WebhookDelivery.Status
        let code: Int?
    }
    /// TRUST §6 rows 57 and 61.
    static let troubles = [
        Trouble(testDescription: "redirect", status: .pending, code: 302),
        Trouble(testDescription: "endless", status: .delivered, code: 200),
        Trouble(testDescription: "drip", status: .pending, code: nil),
        Trouble(testDescription: "silent", status: .pending, code: nil),
        Trouble(testDescription: "410", status: .failed, code: 410),
    ]
    @Test(arguments: troubles) func trouble(_ test: Trouble) async throws {
        let site = try Site()
        let receiver = try Receiver()
        let hook = try await site.webhook(receiver.url(test.testDescription))
        try await site.suppressed(1)
        let wire = Self.wire(), began = ContinuousClock.now
        try await site.turn(hook.id, wire)
        #expect(.now - began < .seconds(10))
        await wire.shutdown()
        let delivery = try #require(try await site.delivery(hook.id))
        #expect(delivery.status == test.status && delivery.code == test.code)
        #expect(receiver.lines.count == 1 && receiver.lines.allSatisfy { $0.path != "/followed" })
    }

    /// What may be reached is asked of the address, not of the text: row 58.
    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
    func refusedAtTheSocket(_ host: String) async throws {
        let site = try Site()
        let receiver = try Receiver()
        var closed = WebhookRules.loopback
        closed.allowed = [Subnet("10.0.0.0/8")!]
        let hook = try await site.webhook(receiver.url("200", host: host), rules: closed)
        try await site.suppressed(1)
        let wire = Self.wire(closed)
        try await site.turn(hook.id, wire)
        await wire.shutdown()
        #expect(try await site.delivery(hook.id)?.error?.contains(DeliveryFailure.addressRefused) == true)
        #expect(receiver.lines.isEmpty)
    }

    @Test func testsOnDemand() async throws {
        let site = try Site()
        let receiver = try Receiver()
        let hook = try await site.webhook(receiver.url("200"), types: ["consent.*"])
        try receiver.learn([hook.secret.exposed])
        let wire = Self.wire()
        #expect(await site.desk().test(hook, over: wire, at: site.now).verdict == .taken)
        await wire.shutdown()
        try await soon { receiver.lines.count == 1 }
        #expect(receiver.lines.first?.type == "webhook.test" && receiver.lines.first?.verified == 1)
    }

    /// One silent receiver holds up nobody; events leave within about a second of their commit; a stop is quick.
    @Test func asAService() async throws {
        let site = try Site()
        let receiver = try Receiver()
        let silent = try await site.webhook(receiver.url("silent"))
        let lively = try await site.webhook(receiver.url("200"))
        let sender = WebhookSender(
            source: site.store, book: site.store, bell: site.bell, time: site.clock.source,
            random: RandomSource { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            makeWire: { Self.wire(WebhookRules(allowed: WebhookRules.loopback.allowed, timeout: .seconds(60))) })
        let group = ServiceGroup(
            services: [sender], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await group.run() }
        func heard(_ path: String) -> Int { receiver.lines.count { $0.path == path } }
        try await site.suppressed(1)
        try await soon { heard("/200") == 1 && heard("/silent") == 1 }
        let committed = ContinuousClock.now
        for id in 2...30 { try await site.suppressed(Int64(id)) }
        try await soon { heard("/200") == 30 }
        #expect(.now - committed < .seconds(3))
        // A webhook made while it runs.
        let late = try await site.webhook(receiver.url("201"))
        try await site.suppressed(31)
        try await soon { heard("/201") == 1 }
        #expect(try await site.delivery(late.id)?.event.raw == site.store.lastSequence())
        let stopped = ContinuousClock.now
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(.now - stopped < .seconds(5) && site.bell.isClosed)
        // What was broken off is still to be sent.
        let broken = try await site.store.due(silent.id, limit: 250, at: site.now)
        #expect(broken.open >= 1 && broken.deliveries.allSatisfy { $0.attempts == 0 })
        let first = try await site.feed.page(.everything, after: nil, limit: 1).events.first
        #expect(broken.deliveries.contains { $0.event == first?.id })
        #expect(try await site.store.deliveries(of: lively.id, status: .pending, limit: 9, after: nil).isEmpty)
    }
}

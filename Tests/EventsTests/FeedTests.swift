import Domain
import Events
import Foundation
import GatewayTesting
import Journal
import Policy
import Queue
import StoreSQLite
import Testing

@Suite struct FeedTests {
    /// A life of a message and what is told of it.
    struct Life: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [MessageEvent]
        let told: [String]
    }
    static let lives = [
        Life(testDescription: "sent, no report", events: [], told: ["message.sent"]),
        Life(
            testDescription: "delivered, and reported twice", events: [.reportedDelivered, .reportedDelivered],
            told: ["message.sent", "message.delivered"]),
        Life(testDescription: "reported failed", events: [.reportedFailed], told: ["message.sent", "message.failed"]),
        Life(
            testDescription: "a late failure after the delivery", events: [.reportedDelivered, .reportedFailed],
            told: ["message.sent", "message.delivered"]),
        Life(
            testDescription: "falls back, is reported after all", events: [.fellBack, .reportedDelivered],
            told: ["message.sent", "message.delivered"]),
    ]

    @Test(arguments: lives) func told(_ life: Life) async throws {
        let site = try Site()
        try await site.sent(.sample())
        for event in life.events { try await site.happens(1, event) }
        let page = try await site.feed.page(.billing, after: nil, limit: 250)
        #expect(page.events.map(\.type.rawValue) == life.told)
        #expect(page.seen == (try await site.store.lastSequence()) && !page.hasMore)
    }

    @Test func everyKindOfTheHouse() async throws {
        let site = try Site()
        for (number, action) in ConsentRecord.Action.allCases.enumerated() {
            try await site.consents(action, Int64(number + 1))
        }
        try await site.store.suppress(
            [Suppression(destination: .sms(), reason: .manual, since: .noon, detail: "жалоба")], by: "test", at: .noon)
        _ = try await site.store.lift(.sms(), by: "test", at: .noon)
        try await site.store.record(
            ProviderState(provider: .sample, pausedUntil: .distantFuture, reason: "x", since: .noon), by: "cli:x",
            at: .noon)
        try await site.store.record(ProviderState(provider: .sample, since: .noon), by: "cli:x", at: .noon)
        let told = try await site.feed.page(.everything, after: nil, limit: 250).events
        #expect(
            told.map(\.type) == [
                .consentGranted, .consentWithdrawn, .consentRefused, .consentImported, .suppressionAdded,
                .suppressionRemoved, .providerDegraded, .providerRecovered,
            ])
        #expect(try await site.feed.page(.billing, after: nil, limit: 250).events.isEmpty)
        let text = told.map { String(decoding: $0.json, as: UTF8.self) }.joined()
        #expect(text.contains(#"{"channel":"sms","reason":"manual"}"#))
        for secret in ["+7", "4567", "жалоба"] { #expect(!text.contains(secret)) }
    }

    @Test func thinAndComplete() async throws {
        let site = try Site()
        var message = Message.sample(variables: ["amount": .text("3250.50")])
        message.reference = "1C-<000123>"
        message.metadata = ["b": "2", "a": "\"1\""]
        try await site.sent(message)
        let event = try #require(try await site.feed.page(.billing, after: nil, limit: 1).events.first)
        #expect(
            String(decoding: event.json, as: UTF8.self)
                == #"{"id":"\#(event.id)","type":"message.sent","created_at":"2026-11-24T09:00:00.000Z","client":"billing","#
                + #""data":{"message":"msg_0000000000001","purpose":"payment_reminder","status":"sent","channel":"sms","#
                + #""provider":"sms-a","attempt":1,"reference":"1C-\u003c000123>","metadata":{"a":"\"1\"","b":"2"}}}"#)
        #expect(try await site.store.event(event.id) == event)
        #expect(EventID(event.id.text) == event.id)
    }

    /// TRUST §6 row 4.
    @Test func nobodySeesAnothersMessages() async throws {
        let site = try Site()
        try await site.suppressed(1, client: "billing")
        try await site.suppressed(2, client: "meters")
        try await site.consents(.granted, 1)
        func types(_ scope: EventScope) async throws -> [Int64] {
            try await site.feed.page(scope, after: nil, limit: 250).events.map(\.id.raw)
        }
        #expect(try await types(EventScope(client: "billing", house: false)) == [1])
        #expect(try await types(EventScope(client: "meters", house: true)) == [2, 3])
        // By bytes: another spelling of one name is another client.
        #expect(try await types(EventScope(client: "billing\u{301}", house: false)).isEmpty)
        #expect(try await types(.everything) == [1, 2, 3])
    }

    @Test func pagesWalkAndMoveOnWithoutMatches() async throws {
        let site = try Site()
        for id in 1...7 { try await site.suppressed(Int64(id), client: id == 7 ? "meters" : "billing") }
        var seen: [Int64] = []
        var query = EventQuery(scope: .billing, after: 0, limit: 2, scan: 3)
        while true {
            let page = try await site.store.events(query)
            #expect(page.events.count <= 2 && page.seen > query.after)
            seen += page.events.map(\.id.raw)
            query.after = page.seen
            if !page.hasMore { break }
        }
        #expect(seen == [1, 2, 3, 4, 5, 6] && query.after == 7)
        let empty = try await site.store.events(
            EventQuery(scope: EventScope(client: "nobody", house: false), after: 0, limit: 250, scan: 4))
        #expect(empty == EventPage(events: [], seen: 4, hasMore: true))
        let beyond = try await site.feed.page(.everything, after: EventID(raw: .max), limit: 250)
        #expect(beyond == EventPage(events: [], seen: .max, hasMore: false))
    }

    @Test func filters() throws {
        let failures = try EventFilter(["message.failed", "consent.*", "broadcast.*", "message.failed"])
        #expect(failures.patterns == ["message.failed", "consent.*", "broadcast.*"])
        #expect(
            EventType.allCases.filter(failures.admits).map(\.rawValue) == [
                "message.failed", "consent.granted", "consent.withdrawn", "consent.refused", "consent.imported",
            ])
        #expect(EventType.allCases.allSatisfy(EventFilter.everything.admits))
        for wrong in [
            "message", "message.", "*", "message.sent ", "Message.sent", "message.se\u{301}nt", "message.*.*",
        ] {
            #expect(throws: EventFilter.Unknown.self, "\(wrong)") { try EventFilter([wrong]) }
        }
    }
}

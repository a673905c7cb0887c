import Delivery
import Domain
import Events
import Foundation
import GatewayTesting
import Journal
import Policy
import Queue
import StoreSQLite
import Synchronization
import Testing

/// A real database in a folder of its own, and what happens in it.
final class Site: Sendable {
    let folder: String
    let store: SQLiteStore
    let bell = EventBell()
    let clock = TestClock()

    init() throws {
        folder = NSTemporaryDirectory() + "vestnik-events-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore.open(folder + "/vestnik.db", holder: "a test", at: .noon)
        store.whenJournalGrows { [bell] in bell.ring() }
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var database: String { folder + "/vestnik.db" }
    var feed: EventFeed { EventFeed(source: store, bell: bell) }
    var now: Moment { clock.now }

    func desk(_ rules: WebhookRules = .loopback) -> WebhookDesk {
        WebhookDesk(source: store, book: store, rules: rules, ids: ids) { count in
            (0..<count).map { _ in UInt8.random(in: .min ... .max) }
        }
    }
    private let ids = IDSource()

    /// Hears of everything unless said otherwise.
    func webhook(
        _ url: String, types: [String] = [], scope: EventScope = .everything, rules: WebhookRules = .loopback
    ) async throws -> Webhook {
        try await desk(rules).add(url: url, types: types, scope: scope, by: "test", at: now)
    }

    func lane(_ wire: any WebhookWire) -> WebhookLane {
        WebhookLane(source: store, book: store, wire: wire, time: clock.source, random: RandomSource { 0 })
    }

    /// One look at a webhook, as it stands in the store.
    @discardableResult
    func turn(_ id: WebhookID, _ wire: any WebhookWire) async throws -> WebhookLane.Next {
        var cursor: Int64 = 0
        let webhook = try #require(try await store.webhook(id))
        return try await lane(wire).turn(webhook, cursor: &cursor)
    }

    func delivery(_ webhook: WebhookID) async throws -> WebhookDelivery? {
        try await store.deliveries(of: webhook, status: nil, limit: 1, after: nil).first
    }

    // MARK: What happens

    func suppressed(_ id: Int64, client: String = "billing") async throws {
        var message = Message.sample(id: id)
        message.client = client
        _ = try await store.enqueue(
            [Enqueue(message: message, requestHash: [1], start: .suppressed(.noConsent))], at: now)
    }

    func sent(_ message: Message) async throws {
        _ = try await store.enqueue([.sample(message)], at: .noon)
        let claims = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 10)]), at: .noon).claims
        let claim = try #require(claims.first)
        _ = try await store.turn(TurnRequest(beginning: [claim.beginning()]), at: .noon)
        _ = try await store.turn(TurnRequest(finished: [claim.accepted()]), at: .noon)
    }

    func happens(_ id: Int64, _ event: MessageEvent) async throws {
        _ = try await store.apply([Change(message: MessageID(raw: id), event: event, by: "provider:sms-a")], at: now)
    }

    func consents(_ action: ConsentRecord.Action, _ id: Int64) async throws {
        let record = ConsentRecord(
            id: ConsentID(raw: id), recipient: RecipientID("ls:0045-12")!, purpose: .news, action: action,
            occurredAt: .noon, recordedAt: .noon)
        try await store.record([record], at: now)
    }
}

final class TestClock: Sendable {
    private let moment = Mutex(Moment.noon)
    var now: Moment { moment.withLock { $0 } }
    var source: TimeSource { TimeSource { self.now } }
    func advance(_ duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
    func reach(_ date: Date) { advance(.milliseconds(Int64((date.timeIntervalSince(now.wall) * 1000).rounded(.up)))) }
}

extension EventScope {
    static let everything = EventScope(client: nil, house: true)
    static let billing = EventScope(client: "billing", house: false)
}

extension WebhookRules {
    /// Receivers on this machine, at any port below.
    static let loopback = WebhookRules(
        allowed: [Subnet("127.0.0.0/8")!], ports: Set(1024...65_535), timeout: .seconds(2))
}

/// A wire that answers by script and remembers what it carried.
final class ScriptedWire: WebhookWire {
    private let requests = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest) throws(DeliveryFailure) -> HTTPResponse
    init(_ answer: @escaping @Sendable (HTTPRequest) throws(DeliveryFailure) -> HTTPResponse) { self.answer = answer }
    convenience init(_ status: Int) { self.init { _ in HTTPResponse(status, body: []) } }

    var carried: [HTTPRequest] { requests.withLock { $0 } }
    func post(_ request: HTTPRequest) async throws(DeliveryFailure) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        return try answer(request)
    }
    func close() async {}
}

extension HTTPRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

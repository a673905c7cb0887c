import API
import Domain
import Events
import Foundation
import GatewayTesting
import Intake
import Journal
import Logging
import Policy
import Queue
import Rendering
import ServiceLifecycle
import StoreSQLite
import Synchronization

/// A listener on a free port over a real database, with doors of its own.
final class Front: Sendable {
    let wire: Wire
    let store: SQLiteStore
    let doors: Doors
    let reception: Reception
    let bell = EventBell()
    let table: RouteTable
    private let group: ServiceGroup
    private let running: Task<Void, any Error>
    private let folder: URL

    /// - Parameter clock: nil: the real one.
    init(
        optionalKeys: Bool = true, pace: Pace.Rule = .init(rate: 100_000, burst: 100_000),
        limits: ConnectionLimits = ConnectionLimits(), obstacle: @escaping @Sendable () -> Problem? = { nil }
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try SQLiteStore.open(folder.appending(path: "v.db").path(), holder: "test", at: Date())
        try await store.put([Self.anna], at: Self.now())
        doors = Doors()
        let ids = IDSource(), store = store
        let accept = Accept(
            purposes: Self.purposes, shelf: Self.shelf, organisation: Self.organisation, recipients: store,
            guests: store,
            ids: ids)
        let rules = Reception.Rules(
            accept: accept, purposes: Self.purposes,
            house: HouseRules(carried: Set(Channel.allCases), foreignMessengersNeedConsent: false),
            accounts: [.sms: [ProviderID("sms-a")!], .email: [ProviderID("mail")!]])
        var reception = Reception(
            doorkeeper: doors, queue: store, books: store, journal: store, rules: { rules }, now: Self.now, ids: ids,
            obstacle: obstacle)
        reception.keysAreOptional = optionalKeys
        self.reception = reception
        store.whenJournalGrows { [bell] in bell.ring() }
        let desk = WebhookDesk(source: store, book: store, rules: WebhookRules(), ids: ids) { count in
            (0..<count).map { _ in UInt8.random(in: .min ... .max) }
        }
        let board = Self.board(store)
        let door = HouseDoor(
            reception, feed: EventFeed(source: store, bell: bell),
            webhooks: WebhooksResource(desk, book: store) { realWire() }, board: board,
            hold: { () async throws(StoreError) -> Hold? in try await store.hold() },
            metrics: MetricsResource(reception, tally: store.tally, gauges: store, board: board, version: "0.0.1"),
            system: SystemResource(version: "{\"version\":\"test\"}") { .ready }, journalPatience: 0)
        let table = door.table
        self.table = table
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = Server.listener(
            host: "127.0.0.1", port: 0, table, reception, pace: Pace(pace),
            limits: limits, logger: Logger(label: "api") { _ in SwiftLogNoOpLogHandler() }
        ) { _, bound in port.yield(bound) }
        let group = ServiceGroup(
            configuration: .init(services: [server], logger: Logger(label: "api") { _ in SwiftLogNoOpLogHandler() }))
        self.group = group
        running = Task { try await group.run() }
        var bound = 0
        for await port in ports {
            bound = port
            break
        }
        wire = Wire(port: bound)
    }

    func stop() async {
        // As the sender of webhooks does before the listeners stop.
        bell.close()
        await group.triggerGracefulShutdown()
        _ = try? await running.value
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Messages in the queue; all that the tests here store is queued.
    func queued() async throws -> Int { try await store.stats(at: Self.now()).states.values.reduce(0, +) }

    static func now() -> Moment {
        Moment(wall: Date(), uptime: Int64(ProcessInfo.processInfo.systemUptime * 1000))
    }

    static let anna = Recipient(id: RecipientID("ls:1")!, destinations: [.sms(), .email()])
    static let organisation = RenderingContext.Organisation(
        name: "УК", phone: "+74951234567", site: "https://uk.example", payURL: "https://uk.example/pay",
        address: "Рязань",
        hours: "9–18", emergencyPhone: "+74951234567")
    static let purposes: [PurposeID: Purpose] = [
        .paymentReminder: .sample(channels: [.sms, .email]),
        .news: .sample(.news, basis: .consent, channels: [.email, .sms]),
        .outageEmergency: .sample(.outageEmergency, basis: .vital, mandatory: true, channels: [.sms, .max]),
    ]

    static let shelf: SampleShelf = {
        let reminder = TemplateSource(
            id: "payment-reminder", purpose: "payment_reminder", smsParts: 3,
            variables: [VariableDeclaration("amount", .money)],
            parts: [
                "ru": [
                    "sms.txt": "К оплате {{amount|money}}", "subject.txt": "Оплата",
                    "email.txt": "К оплате {{amount|money}}", "email.html": "<p>К оплате {{amount|money}}</p>",
                ]
            ])
        let notice = TemplateSource(
            id: "notice", purpose: "payment_reminder", smsParts: 3, variables: [VariableDeclaration("text", .text)],
            parts: ["ru": ["sms.txt": "{{text}}"]])
        return SampleShelf(templates: [
            "payment-reminder": try! Template(compiling: reminder, version: "sha256:1"),
            "notice": try! Template(compiling: notice, version: "sha256:2"),
        ])
    }()

    /// Two callers that may do everything, and one that only reads.
    final class Doors: Doorkeeper {
        let cap = Mutex<Int?>(nil)
        /// Who comes with `vk_live_waits` is looked up when this ends.
        let gate = AsyncStream.makeStream(of: Void.self)
        func caller(showing key: [UInt8], from _: String?, at _: Moment) async throws(StoreError) -> Caller? {
            switch String(decoding: key, as: UTF8.self) {
            case "vk_live_billing": Caller(client: "billing", key: "billing1", scopes: [.messagesWrite, .messagesRead])
            case "vk_live_dispatch":
                Caller(client: "dispatch", key: "dispatch", scopes: [.messagesWrite, .messagesRead])
            case "vk_live_watch":
                Caller(
                    client: "ops", key: "ops00001", scopes: [.messagesWrite, .messagesRead, .opsRead])
            case "vk_live_reader": Caller(client: "billing", key: "reader01", scopes: [.messagesRead])
            case "vk_team_billing":
                Caller(client: "billing", key: "billingt", mode: .team, scopes: [.messagesWrite, .messagesRead])
            case "vk_test_billing":
                Caller(client: "billing", key: "billings", mode: .test, scopes: [.messagesWrite, .messagesRead])
            case "vk_live_root": Caller(client: "root", key: "root0001", scopes: [.admin])
            case "vk_live_waits": await waiting()
            case let key: Front.operators(key) ?? Front.keepers(key)
            }
        }
        func stillAdmits(_: Caller, at _: Moment) async throws(StoreError) -> Bool { true }
        private func waiting() async -> Caller? {
            for await _ in gate.stream {}
            return nil
        }
        func charge(_ messages: Int, to _: Caller, at _: Moment) async throws(StoreError) -> Bool {
            cap.withLock { cap in
                guard let left = cap else { return true }
                guard left >= messages else { return false }
                cap = left - messages
                return true
            }
        }
    }
}

/// Runs one test against a listener of its own.
func withFront(
    optionalKeys: Bool = true, pace: Pace.Rule = .init(rate: 100_000, burst: 100_000),
    limits: ConnectionLimits = ConnectionLimits(), obstacle: @escaping @Sendable () -> Problem? = { nil },
    _ body: (Front) async throws -> Void
) async throws {
    let front = try await Front(optionalKeys: optionalKeys, pace: pace, limits: limits, obstacle: obstacle)
    do { try await body(front) } catch {
        await front.stop()
        throw error
    }
    await front.stop()
}

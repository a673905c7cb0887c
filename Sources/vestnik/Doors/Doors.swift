import API
import Delivery
import Domain
import Foundation
import Events
import Hummingbird
import Intake
import Logging
import Queue
import ServiceLifecycle
import Settings
import StoreSQLite
import Wording
import Worker

/// The listeners for programs: one for the house's own systems, one for the world.
struct Doors {
    let house: House
    /// The accounts at work, for the list of them.
    let providers: [any Provider]
    let obstacles: Obstacles

    private var reception: Reception {
        let office = house.office
        var reception = Reception(
            doorkeeper: house.keys, queue: house.store, books: house.store, journal: house.store,
            rules: { office.rules }, now: Clocks.now, ids: office.ids,
            wake: { [wakeup = house.wakeup] in wakeup.set() },
            obstacle: { [obstacles] in obstacles.present },
            refused: { [logger = house.logger] problem, request in
                // What was sent in is never repeated here: it may name people.
                logger.debug("refused", metadata: ["code": "\(problem.code.rawValue)", "request": "\(request)"])
            }, language: house.settings.language)
        reception.keysAreOptional = !house.settings.file.api.keysAreRequired
        return reception
    }

    /// For the house's own systems.
    func api(started: @escaping @Sendable (ListenAddress) -> Void) -> some ApplicationProtocol {
        let reception = reception, store = house.store, settings = house.settings.file
        let desk = WebhookDesk(
            source: store, book: store, rules: settings.webhooks, ids: house.office.ids,
            secretBytes: Clocks.secretBytes)
        let webhooks = WebhooksResource(desk, book: store) { HTTPClient(settings.webhooks.account()) }
        let board = house.office.board(house.settings.accounts(providers))
        let version = VersionLine()
        let door = HouseDoor(
            reception, feed: house.feed, webhooks: webhooks, board: board,
            hold: { () async throws(StoreError) -> Hold? in try await store.hold() },
            metrics: MetricsResource(
                reception, tally: store.tally, gauges: store, board: board, version: version.version), system: system)
        return listener(settings.listen.api, door.table, reception, started)
    }

    /// For the world: what is not in this table does not exist there. Providers and residents get their ways in here.
    func world(started: @escaping @Sendable (ListenAddress) -> Void) -> some ApplicationProtocol {
        listener(house.settings.file.listen.public, RouteTable([SystemResource.alive]), reception, started)
    }

    private var system: SystemResource {
        SystemResource(version: JSONText.line(VersionLine())) { [store = house.store, obstacles] in
            if let trouble = store.health {
                return .notReady("nothing can be recorded: \(trouble.kind.words.en): \(trouble.detail)")
            }
            if let full = obstacles.present, full.code == .storageFull {
                return .notReady("nothing is accepted: \(full.detail.en)")
            }
            do throws(StoreError) {
                _ = try await store.queued(upTo: 1)
                // Held is ready: it accepts, and a restart would change nothing. A person reads the second line.
                let hold = try await store.hold()
                return hold.map { .held("\($0.reason.rawValue) since \($0.since.ISO8601Format())") } ?? .ready
            } catch {
                return .notReady("the database does not answer")
            }
        }
    }

    private func listener(
        _ address: ListenAddress, _ table: RouteTable, _ reception: Reception,
        _ started: @escaping @Sendable (ListenAddress) -> Void
    ) -> some ApplicationProtocol {
        let pace = house.settings.file.api
        return Server.listener(
            host: address.host, port: address.port, table, reception,
            pace: API.Pace(.init(rate: pace.rate, burst: pace.burst)), logger: house.logger
        ) { host, port in started(ListenAddress(host: host, port: port)) }
    }
}

extension Office {
    /// By the page of the rulebook that holds now.
    var rules: Reception.Rules {
        let page = rulebook.current
        return Reception.Rules(
            accept: accept, purposes: page.settings.purposes, house: page.rules, accounts: page.accounts)
    }
}

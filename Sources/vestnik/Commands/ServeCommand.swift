import ArgumentParser
import Delivery
import Domain
import Events
import Foundation
import Hummingbird
import Intake
import Logging
import Queue
import ServiceLifecycle
import Settings
import StoreSQLite
import Wording
import Worker

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Шлюз целиком: приём команд и работник в одном процессе · the whole gateway in one process")
    @OptionGroup var options: HouseOptions

    func run() async throws {
        try await report(in: options.language) {
            let stop = await StopSignals()
            let settings = try LoadedSettings.load(options)
            try await Gateway(settings: settings, holder: "vestnik serve", stop: stop).run { doors in
                let api = doors.api.map { " api=http://\($0.text)" } ?? ""
                Console.error("ready" + api + (doors.world.map { " public=http://\($0.text)" } ?? ""))
            }
        }
    }
}

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Только работник: отправляет то, что в очереди · worker only")
    @OptionGroup var options: HouseOptions

    func run() async throws {
        try await report(in: options.language) {
            let stop = await StopSignals()
            let settings = try LoadedSettings.load(options)
            try await Gateway(settings: settings, holder: "vestnik worker", stop: stop, withDoors: false)
                .run { _ in Console.error("ready worker database=\(settings.databasePath)") }
        }
    }
}

/// The services of a running gateway: worker, control socket and the listeners for programs.
struct Gateway {
    let settings: LoadedSettings
    let holder: String
    let stop: StopSignals
    /// Whether it listens for programs.
    var withDoors = true
    /// Runs beside the services; when it returns, the gateway stops.
    var companion: (@Sendable (House, OpenDoors) async throws -> Void)?

    /// Returns after SIGTERM or SIGINT, when what had begun has come to its end; at once if one came during the start.
    /// - Parameter ready: told where the listeners really listen once everything is accepted.
    func run(ready: @escaping @Sendable (OpenDoors) -> Void) async throws {
        let house = try await House.open(settings, holder: holder)
        let providers = try house.providers()
        let states: [ProviderState]
        do throws(StoreError) { states = try await house.store.providerStates() } catch {
            throw Failure(error, path: settings.databasePath)
        }
        for warning in settings.configuration.warnings {
            house.logger.warning("configuration", metadata: ["place": "\(warning.text(settings.language))"])
        }
        try await obeyHold(house)
        let opened = AsyncStream.makeStream(of: OpenDoors.self)
        let readiness = Readiness(expected: withDoors ? 3 : 1) { doors in
            opened.continuation.yield(doors)
            ready(doors)
        }
        let socket = settings.controlSocket
        var services: [any Service] = [
            ControlSocket.server(at: socket, office: house.office, logger: house.logger) { readiness.one() }
        ]
        if withDoors {
            let folder = URL(filePath: settings.databasePath).deletingLastPathComponent().path()
            let obstacles = Obstacles(store: house.store, folder: folder, limit: settings.file.api.queueLimit)
            let doors = Doors(house: house, providers: providers, obstacles: obstacles)
            services.append(obstacles)
            services.append(doors.api { address in readiness.one { $0.api = address } })
            services.append(doors.world { address in readiness.one { $0.world = address } })
        }
        services.append(house.worker(providers, states: states))
        services.append(IntakeService(house: house))
        // Stopped before the listeners, from which it closes the streams of events.
        services.append(house.webhookSender())
        services.append(WebhookRetention(book: house.store, time: Clocks.time))
        services.append(PlaceKeeper(store: house.store))
        services.append(KeyUseKeeper(house: house))
        services.append(stop)
        if let companion {
            services.append(Companion(house: house, opened: opened.stream, body: companion))
        } else {
            // A demo ends with its terminal, which says so by the same signal.
            services.append(Reloader(house: house))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: house.logger))
        var end: Failure?
        do { try await group.run() } catch {
            end = Failure(.unavailable, ru: "шлюз остановлен: \(error)", en: "the gateway stopped: \(error)")
        }
        await goodbye(to: providers)
        // While the database is still ours: the next owner makes a socket of its own in this place.
        ControlSocket.remove(socket)
        house.close()
        if let end { throw end }
    }

    /// The worker hears of it before its first turn; people hear of it before anything else.
    private func obeyHold(_ house: House) async throws {
        let notice: HoldNotice?
        do throws(StoreError) { notice = try await house.store.holdNotice() } catch {
            throw Failure(error, path: settings.databasePath)
        }
        guard let notice else { return }
        house.mailbox.put(.hold)
        let room = ReadingRoom(settings: settings, store: house.store, language: settings.language)
        Console.error("! " + notice.headline(room.clock)(room.language))
        Console.error("  " + notice.hold.reason.advice(room.language))
        // Policy is not asked about each message now: a start must not wait for that. `vestnik queue held` asks.
        if !notice.backlog.isEmpty { Console.error(notice.table(nil, room.language, room.clock).render()) }
        house.logger.warning(
            "sending is held",
            metadata: ["reason": "\(notice.hold.reason.rawValue)", "queued": "\(notice.queued)"])
    }

    /// Connections are closed politely, but nobody waits for a provider that does not listen any more.
    private func goodbye(to providers: [any Provider]) async {
        let said = Wakeup()
        // Awaited through `said`, and for five seconds at most: the process ends right after.
        Task {
            await withTaskGroup(of: Void.self) { group in
                for provider in providers { group.addTask { await provider.shutdown() } }
            }
            said.set()
        }
        await said.wait(upTo: .seconds(5))
    }
}

/// Keeps the place beside the database near its present state: a copy put back over a file that was in use until a crash
/// is recognised by what happened between two notes.
private struct PlaceKeeper: Service {
    let store: SQLiteStore
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(10))
                store.notePlace()
            }
        }
    }
}

/// Writes down when keys were used: now and then, and at the end; a request waits for none of it.
private struct KeyUseKeeper: Service {
    let house: House
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(20))
                // What could not be written is kept for the next time.
                try? await house.keys.writeUses(at: Clocks.now())
            }
        }
    }
}

/// A task that lives as long as the gateway, or ends it.
private struct Companion: Service {
    let house: House
    let opened: AsyncStream<OpenDoors>
    let body: @Sendable (House, OpenDoors) async throws -> Void
    func run() async throws {
        for await doors in opened { return try await body(house, doors) }
    }
}

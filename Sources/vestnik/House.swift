import Counting
import Delivery
import Domain
import Events
import Foundation
import Intake
import Logging
import Policy
import Providers
import Queue
import Rendering
import Settings
import StoreSQLite
import Worker

/// Everything that one process needs to accept and to send, put together once. Whoever holds a `House` owns the database.
struct House: Sendable {
    let rulebook: Rulebook
    let store: SQLiteStore
    let office: Office
    /// Who stands at the door of the API.
    let keys: KeyRing
    let wakeup: Wakeup
    let mailbox: Mailbox
    /// Rung by each commit that outsiders may want to hear of.
    let bell: EventBell
    let logger: Logger

    /// - Parameter holder: what a second process will read about us when it asks for the same database.
    static func open(_ settings: LoadedSettings, holder: String) async throws -> House {
        let path = settings.databasePath
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil
        else {
            throw Failure(
                .noPermission, ru: "папку базы \(folder) не создать: проверьте путь и права",
                en: "the database folder \(folder) cannot be made: check the path and its permissions")
        }
        do {
            let store = try SQLiteStore.open(
                path, holder: holder, at: Clocks.now().wall, tally: Tally(nanoseconds: Clocks.nanoseconds))
            let shelf = try settings.shelf(archived: try await store.kept())
            try await store.keep(shelf.sources)
            let wakeup = Wakeup()
            let mailbox = Mailbox(wakeup)
            let bell = EventBell()
            store.whenJournalGrows { bell.ring() }
            let ids = IDSource(after: max(try await store.lastMessageID(), try await store.lastConsentID()))
            let rulebook = Rulebook(Rulebook.Page(settings: settings, shelf: shelf))
            let office = Office(rulebook: rulebook, store: store, ids: ids, wakeup: wakeup, mailbox: mailbox)
            return House(
                rulebook: rulebook, store: store, office: office,
                keys: KeyRing(book: store, day: { [day = Clocks.day(in: settings.timeZone)] in day($0).number }),
                wakeup: wakeup,
                mailbox: mailbox, bell: bell, logger: settings.logger("vestnik"))
        } catch let error as StoreError {
            throw Failure(error, path: path)
        }
    }

    var settings: LoadedSettings { rulebook.current.settings }

    func close() { store.close() }

    /// The accounts of the configuration, connected to nothing yet.
    func providers() throws -> [any Provider] { try settings.makeProviders() }

    var feed: EventFeed { EventFeed(source: store, bell: bell) }

    /// Tells webhooks of events.
    func webhookSender() -> WebhookSender {
        let account = settings.file.webhooks.account()
        return WebhookSender(
            source: store, book: store, bell: bell, time: Clocks.time, random: Clocks.random, logger: logger,
            makeWire: { HTTPClient(account) })
    }

    /// The worker as a service; `providers` are its accounts.
    func worker(_ providers: [any Provider], states: [ProviderState]) -> WorkerService {
        let settings = settings, workshop = Self.workshop(rulebook.current)
        let observer = NewsDesk(logger: logger, time: Clocks.time)
        return WorkerService(
            time: Clocks.time, wakeup: wakeup, logger: logger,
            patience: settings.file.worker.shutdown,
            reload: { [rulebook] in rulebook.adopt().map(Self.workshop) },
            engine: { [store, mailbox, workNote = WorkFile.note(beside: settings.databasePath)] in
                Engine(
                    queue: store, books: store, ledger: store,
                    lanes: Lanes(providers, states: states, at: Clocks.now()), workshop: workshop, time: Clocks.time,
                    random: Clocks.random, limits: settings.engineLimits, mailbox: mailbox, workNote: workNote,
                    observe: { observer.tell($0) })
            })
    }

    private static func workshop(_ page: Rulebook.Page) -> Workshop {
        let settings = page.settings
        return Workshop(
            purposes: settings.purposes, rules: page.rules, shelf: page.shelf,
            organisation: settings.organisation, retry: settings.retry, day: Clocks.day(in: settings.timeZone))
    }
}

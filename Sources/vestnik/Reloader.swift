import Domain
import Logging
import ServiceLifecycle
import Settings
import StoreSQLite
import UnixSignals
import Worker

/// Reads the configuration again on SIGHUP. All of it must be good, as at a start; otherwise the old one holds on.
struct Reloader: Service {
    let house: House

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await reload() }
    }

    private func reload() async {
        let logger = house.logger, ours = house.settings
        do {
            let read = try LoadedSettings.load(ours.file.file, language: ours.language)
            let (settings, waiting) = ours.adopting(read)
            // Before the first message can name a version, the archive has it; and waiting messages keep theirs.
            let shelf = try settings.shelf(archived: try await house.store.kept())
            try await house.store.keep(shelf.sources)
            house.rulebook.offer(Rulebook.Page(settings: settings, shelf: shelf))
            house.wakeup.set()
            logger.notice(
                "configuration read again",
                metadata: ["purposes": "\(settings.purposes.count)", "templates": "\(shelf.ids.count)"])
            if !waiting.isEmpty {
                logger.warning("a restart is needed", metadata: ["changed": "\(waiting.joined(separator: ", "))"])
            }
            for warning in read.configuration.warnings {
                logger.warning("configuration", metadata: ["place": "\(warning.text(ours.language))"])
            }
        } catch let failure as Failure {
            logger.error("the old configuration holds", metadata: ["problem": "\(failure.words(ours.language))"])
        } catch {
            logger.error("the old configuration holds", metadata: ["problem": "\(error)"])
        }
    }
}

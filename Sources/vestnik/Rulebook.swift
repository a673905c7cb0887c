import Domain
import Policy
import Settings
import Synchronization

/// What may change while the gateway runs: purposes, templates and pauses. The worker takes a new page first and
/// everybody else with it, so that nothing is accepted by a page that the worker does not know yet.
final class Rulebook: Sendable {
    struct Page {
        let settings: LoadedSettings
        let shelf: TemplateFolder
        /// Put together once: every request asks for them.
        let rules: HouseRules
        let accounts: [Channel: [ProviderID]]

        init(settings: LoadedSettings, shelf: TemplateFolder) {
            self.settings = settings
            self.shelf = shelf
            rules = settings.configuration.rules
            accounts = settings.configuration.accounts
        }
    }
    private let pages: Mutex<(current: Page, next: Page?)>

    init(_ page: Page) { pages = Mutex((page, nil)) }

    var current: Page { pages.withLock { $0.current } }

    func offer(_ page: Page) { pages.withLock { $0.next = page } }

    /// The worker's word that it works by the new page from now on; nil where there is none.
    func adopt() -> Page? {
        pages.withLock { pages in
            guard let next = pages.next else { return nil }
            pages = (next, nil)
            return next
        }
    }
}

extension LoadedSettings {
    /// Ours with what may change in a running gateway taken from `other`, and the keys that wait for a restart. A changed
    /// secret is not seen: nobody compares those.
    func adopting(_ other: LoadedSettings) -> (settings: LoadedSettings, waiting: [String]) {
        var configuration = configuration
        configuration.purposes = other.configuration.purposes
        configuration.templates = other.configuration.templates
        configuration.settings.worker.retry = other.file.worker.retry
        configuration.settings.worker.suppressFor = other.file.worker.suppressFor
        let adopted = ["worker.retry", "worker.suppress_for"]
        let ours = Self.values(of: file), theirs = Self.values(of: other.file)
        var waiting = Set(ours.keys).union(theirs.keys).filter { !adopted.contains($0) && ours[$0] != theirs[$0] }
        if self.configuration.declared != other.configuration.declared { waiting.insert("provider_files") }
        return (LoadedSettings(configuration: configuration, language: language), waiting.sorted())
    }

    private static func values(of file: VestnikSettings) -> [String: String] {
        Dictionary(file.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}

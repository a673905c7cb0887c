import Delivery
import Domain
import Providers

/// What must outlive the slowest submission. A lease that ends first gives the message to somebody else while the provider
/// still works on it, and the resident gets it twice. A stop that ends first leaves the message in doubt.
struct LeaseRule {
    let manifests: [String: ProviderManifest]
    /// Where each value came from.
    let rows: [SettingRow]
    let file: String

    /// libcurl's time-outs do not bound the look-up of a name; one took 8.5 s of a 4 s limit. `main` sets
    /// `RES_OPTIONS=timeout:1 attempts:2`: two attempts at three servers, for the name and for the name below a search
    /// domain.
    static let lookup: Duration = .seconds(12)

    func longest(_ provider: ProviderSettings) -> Duration {
        manifests[provider.kind]?.longest(timeout: provider.account.timeout + Self.lookup) ?? .zero
    }

    func slowest(of providers: [ProviderSettings]) -> ProviderSettings? {
        providers.max { self.longest($0) < self.longest($1) }
    }

    /// About the slowest account only: whoever mends that has mended the others.
    func problem(lease: Duration, providers: [ProviderSettings]) -> ConfigurationError? {
        guard let slowest = slowest(of: providers) else { return nil }
        let most = self.longest(slowest)
        guard lease <= most else { return nil }
        let words = Words(
            ru:
                "аренды \(lease.shown) мало: одна отправка через \(slowest.id) может длиться \(most.shown) (все ожидания и поиск имени узла); увеличьте worker.lease или уменьшите timeout у \(slowest.id)",
            en:
                "a lease of \(lease.shown) is no longer than one submission through \(slowest.id) can take (\(most.shown): all time-outs and the look-up of the host); raise worker.lease or lower the timeout of \(slowest.id)"
        )
        return error(at: "worker.lease", words)
            ?? error(at: "providers.\(slowest.id).timeout", words)
            ?? ConfigurationError(file: file, key: "worker.lease", problem: words)
    }

    /// What a stop may leave in doubt; nil where it waits for everything. No warning: nobody waits twenty minutes for the
    /// last mail by default, and most answers come within a second.
    func stopNotice(shutdown: Duration, providers: [ProviderSettings]) -> ConfigurationError? {
        guard let slowest = slowest(of: providers) else { return nil }
        let most = self.longest(slowest)
        guard shutdown < most else { return nil }
        let words = Words(
            ru:
                "остановка ждёт ответов \(shutdown.shown), а одна отправка через \(slowest.id) может длиться \(most.shown): что не успеет, станет unconfirmed при следующем запуске; чтобы такого не было, поставьте \(most.shown) здесь и не меньше в TimeoutStopSec",
            en:
                "a stop waits \(shutdown.shown) for answers, and one submission through \(slowest.id) can take \(most.shown): what has no answer by then is unconfirmed at the next start; to leave none in doubt, set \(most.shown) here and no less in TimeoutStopSec"
        )
        return error(at: "worker.shutdown", words)
            ?? ConfigurationError(file: file, key: "worker.shutdown", problem: words)
    }

    /// Nil where the value is a default, which stands on no line.
    private func error(at key: String, _ words: Words) -> ConfigurationError? {
        guard let row = rows.first(where: { $0.key == key }) else { return nil }
        switch row.origin {
        case .file(let line): return ConfigurationError(file: file, line: line, key: key, problem: words)
        case .environment(let name), .flag(let name): return ConfigurationError(file: name, key: key, problem: words)
        case .builtIn: return nil
        }
    }
}

import Delivery
import Domain
import Providers

/// A claim must outlive the slowest submission that it can lead to. Where the lease ends first, the message is given to
/// somebody else while the provider still works on it, and the resident gets it twice.
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

    /// About the slowest account only: whoever mends that has mended the others.
    func problem(lease: Duration, providers: [ProviderSettings]) -> ConfigurationError? {
        guard let slowest = providers.max(by: { self.longest($0) < self.longest($1) }) else { return nil }
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

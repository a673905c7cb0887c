package import Domain
package import Events
package import Policy
package import Providers
package import Rendering

/// All of vestnik.yaml, read and checked: paths are absolute or relative to the working directory, secrets resolved.
package struct VestnikSettings: Sendable {
    /// The file it was read from.
    package var file: String
    package var language: Language
    package var country: Country
    package var orgKind: OrganisationKind
    package var organisation: RenderingContext.Organisation
    /// IANA name; the clock of the house, for those whose own nobody told us.
    package var timeZone: String
    package var paths: Paths
    package var worker: WorkerSettings
    package var listen: ListenSettings
    package var api: APISettings
    package var webhooks: WebhookRules
    package var logLevel: LogLevel
    /// In the order of the file, which decides nothing: several of one channel share it by weight.
    package var providers: [ProviderSettings]
    /// Each value, secrets blacked out, with where it came from: `config print`.
    package var rows: [SettingRow]
    /// Names of environment variables that hold secrets.
    package var secretVariables: [String]

    /// What this installation allows.
    /// - Parameter carried: the channels of the configured providers.
    package func rules(carried: Set<Channel>) -> HouseRules {
        HouseRules(
            carried: carried, foreignMessengersDenied: deniesForeignMessengers,
            foreignMessengersNeedConsent: country == .ru, timeZone: timeZone)
    }

    /// 41-ФЗ of 2025-04-01, in force since 2025-06-01.
    package var deniesForeignMessengers: Bool { country == .ru && orgKind.isForbiddenForeignMessengers }

    package struct Paths: Sendable, Hashable {
        package var database: String
        package var templates: String
        package var purposes: String
        package var providerFiles: String
    }
}

package enum Country: String, Sendable, CaseIterable { case ru, kz }

/// What the law calls the sender; from it follow the channels it may use.
package enum OrganisationKind: String, Sendable, CaseIterable {
    case `private`
    case stateOrMunicipal = "state_or_municipal"
    case telecom, bank, payment

    var isForbiddenForeignMessengers: Bool {
        switch self {
        case .private: false
        case .stateOrMunicipal, .telecom, .bank, .payment: true
        }
    }
}

package struct WorkerSettings: Sendable, Hashable {
    /// Messages claimed at once.
    package var window: Int
    /// How long a claim is ours; longer than any provider's time-outs together.
    package var lease: Duration
    /// Pauses before the second, third … attempt on one destination.
    package var retry: [Duration]
    /// How long an address that does not exist stays on the suppression list.
    package var suppressFor: Duration
    /// How long a stop waits for what has begun; what takes longer is unconfirmed at the next start.
    package var shutdown: Duration
}

package struct ListenSettings: Sendable, Hashable {
    /// Unix socket for the commands on the same host.
    package var control: String
    /// The API, and pages for supervisors: `/livez`, `/readyz`. Port 0 takes a free one.
    package var api: ListenAddress
    /// What the world may reach: callbacks of providers, pages of residents. Port 0 takes a free one.
    package var `public`: ListenAddress
}

/// How much callers of the API may ask for.
package struct APISettings: Sendable, Hashable {
    /// Requests a second of one key.
    package var rate: Int
    /// Requests of one key at once, above the rate.
    package var burst: Int
    /// Messages that may wait; with more, nothing is accepted.
    package var queueLimit: Int
    /// Whether a message without an idempotency key is refused.
    package var keysAreRequired: Bool
    package init(
        rate: Int = 500, burst: Int = 1000, queueLimit: Int = 5_000_000, keysAreRequired: Bool = false
    ) {
        self.rate = rate
        self.burst = burst
        self.queueLimit = queueLimit
        self.keysAreRequired = keysAreRequired
    }
}

package struct ListenAddress: Sendable, Hashable {
    package var host: String
    package var port: Int
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
    /// As one writes it in the file and in a URL: an IPv6 address stands in brackets.
    package var text: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// `127.0.0.1:8080`, `[::1]:8080`, `gateway.local:0`
    init(_ value: YAMLValue) throws(ConfigurationError) {
        let text = try value.line()
        let halves = text.utf8.lastIndex(of: UInt8(ascii: ":")).map {
            (text.utf8[..<$0], text.utf8[text.utf8.index(after: $0)...])
        }
        guard let (before, after) = halves, !before.isEmpty, let port = Int(String(Substring(after))),
            (0...65_535).contains(port),
            before.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw value.error(Words(ru: "нужно узел:порт", en: "host:port is needed")) }
        var host = Array(before)
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = Array(host.dropFirst().dropLast())
        } else if host.contains(UInt8(ascii: ":")) {
            // `::1` would be the host `:` and port 1.
            throw value.error(
                Words(
                    ru: "адрес IPv6 пишут в скобках: \"[::1]:8080\"", en: "an IPv6 address has brackets: \"[::1]:8080\""
                ))
        }
        self.init(host: String(decoding: host, as: UTF8.self), port: port)
    }
}

/// swift-log's levels by their names.
package enum LogLevel: String, Sendable, CaseIterable { case trace, debug, info, notice, warning, error, critical }

import Domain
import Foundation
package import Providers
import Rendering

/// vestnik.yaml with all that overrides it. Pure but for secret and certificate files: environment and flags are
/// arguments. Everything wrong is found in one reading.
package enum VestnikFile {
    /// - Parameters:
    ///   - text: the whole file.
    ///   - file: its path; relative paths in it start at its folder.
    ///   - flags: values from the command line by full key, as `database` or `worker.window`.
    ///   - manifests: all kinds of providers by name; those of `providerFolder` among them.
    package static func read(
        _ text: String, file: String, environment: [String: String] = [:], flags: [String: String] = [:],
        manifests: [String: ProviderManifest]
    ) throws(ConfigurationErrors) -> VestnikSettings {
        var reader = SettingReader(flags: flags, environment: environment)
        let root = reader.complaints.noting { () throws(ConfigurationError) in
            try YAMLValue(parsing: text, file: file).mapping()
        }
        guard var root else { throw ConfigurationErrors(reader.complaints.all) }
        let folder = URL(filePath: file).deletingLastPathComponent().path
        let settings = settings(&root, &reader, file: file, folder: folder, manifests: manifests)
        reader.complaints.add(root.strangers)
        reader.checkEnvironment(reserved: Set(reservedVariables + secretVariables(settings)))
        try reader.complaints.check()
        guard var settings else { throw ConfigurationErrors(reader.complaints.all) }
        settings.rows = reader.rows
        return settings
    }

    /// Where the declared providers are: asked before the whole file can be read, because its accounts name them.
    package static func providerFolder(
        _ text: String, file: String, environment: [String: String] = [:], flags: [String: String] = [:]
    ) throws(ConfigurationErrors) -> String {
        var reader = SettingReader(flags: flags, environment: environment)
        let root = reader.complaints.noting { () throws(ConfigurationError) in
            try YAMLValue(parsing: text, file: file).mapping()
        }
        guard var root else { throw ConfigurationErrors(reader.complaints.all) }
        let found = path(
            "provider_files", "providers", in: &root, &reader, URL(filePath: file).deletingLastPathComponent().path)
        guard let found else { throw ConfigurationErrors(reader.complaints.all) }
        return found
    }

    /// Read by the commands themselves.
    static let reservedVariables = ["VESTNIK_CONFIG", "VESTNIK_LANG", "VESTNIK_WEBHOOK_SECRET"]

    private static func secretVariables(_ settings: VestnikSettings?) -> [String] { settings?.secretVariables ?? [] }

    private static func settings(
        _ root: inout YAMLMapping, _ reader: inout SettingReader, file: String, folder: String,
        manifests: [String: ProviderManifest]
    ) -> VestnikSettings? {
        let language = reader.word("language", in: &root, default: Language.ru)
        let country = reader.word("country", in: &root, default: Country.ru)
        let kind = reader.word("org_kind", in: &root, default: OrganisationKind.private)
        let zone = reader.read("time_zone", in: &root, default: "Europe/Moscow") { value throws(ConfigurationError) in
            try Self.zone(value)
        }
        let organisation = organisation(&root, &reader)
        let paths = paths(&root, &reader, folder)
        let worker = worker(&root, &reader)
        let listen = listen(&root, &reader, folder)
        let api = api(&root, &reader)
        let webhooks = webhooks(&root, &reader)
        var log = reader.section("log", in: &root)
        let level = reader.word("level", in: &log, default: LogLevel.info)
        reader.complaints.add(log.strangers)

        var section = ProviderSection(
            folder: folder, manifests: manifests, environment: reader.environment,
            deniesForeign: country == .ru && kind?.isForbiddenForeignMessengers == true)
        let providers = section.read(&root, &reader)
        guard let language, let country, let kind, let zone, let organisation, let paths, let worker, let listen,
            let api, let webhooks, let level
        else { return nil }
        let rule = LeaseRule(manifests: manifests, rows: reader.rows, file: file)
        if let problem = rule.problem(lease: worker.lease, providers: providers) { reader.complaints.add(problem) }
        return VestnikSettings(
            file: file, language: language, country: country, orgKind: kind, organisation: organisation, timeZone: zone,
            paths: paths, worker: worker, listen: listen, api: api, webhooks: webhooks, logLevel: level,
            providers: providers,
            rows: [],
            secretVariables: section.variables)
    }

    private static func zone(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let name = try value.line()
        // Foundation also takes `UTC+3` and `MSK`, which know nothing of changed clocks.
        guard name == "UTC" || name.utf8.contains(UInt8(ascii: "/")), TimeZone(identifier: name) != nil else {
            let near = nearestName(to: name, among: TimeZone.knownTimeZoneIdentifiers)
            throw value.error(
                Words(
                    ru: "пояса «\(name)» система не знает"
                        + (near.map { "; может быть, \($0)?" } ?? "; установлен ли пакет tzdata?"),
                    en: "the system knows no time zone \"\(name)\""
                        + (near.map { "; did you mean \($0)?" } ?? "; is the package tzdata installed?")))
        }
        return name
    }

    private static func organisation(
        _ root: inout YAMLMapping, _ reader: inout SettingReader
    ) -> RenderingContext.Organisation? {
        var map = reader.section("organisation", in: &root)
        let line: (YAMLValue) throws(ConfigurationError) -> String = { value throws(ConfigurationError) in
            try value.line()
        }
        let name = reader.read("name", in: &map, default: nil, shown: { $0 }, line)
        let phone = reader.read("phone", in: &map, default: nil, shown: { $0 }, line)
        let organisation = RenderingContext.Organisation(
            name: name ?? "", phone: phone ?? "",
            site: reader.readIfAny("site", in: &map, line), payURL: reader.readIfAny("pay_url", in: &map, line),
            address: reader.readIfAny("address", in: &map, line), hours: reader.readIfAny("hours", in: &map, line),
            emergencyPhone: reader.readIfAny("emergency_phone", in: &map, line))
        reader.complaints.add(map.strangers)
        guard name != nil, phone != nil else { return nil }
        for problem in organisation.problems() {
            reader.complaints.add(map.value.error(problem.words))
        }
        return organisation
    }

    private static func paths(
        _ root: inout YAMLMapping, _ reader: inout SettingReader, _ folder: String
    ) -> VestnikSettings.Paths? {
        let database = path("database", "vestnik.db", in: &root, &reader, folder)
        let templates = path("templates", "Templates", in: &root, &reader, folder)
        let purposes = path("purposes", "purposes.yaml", in: &root, &reader, folder)
        let files = path("provider_files", "providers", in: &root, &reader, folder)
        guard let database, let templates, let purposes, let files else { return nil }
        return VestnikSettings.Paths(
            database: database, templates: templates, purposes: purposes, providerFiles: files)
    }

    /// One from a flag or the environment is relative to where one stands, one in the file to the file.
    private static func path(
        _ key: String, _ builtIn: String, in map: inout YAMLMapping, _ reader: inout SettingReader, _ folder: String
    ) -> String? {
        reader.read(key, in: &map, default: absolute(builtIn, below: folder), shown: { $0 }) {
            value throws(ConfigurationError) in
            absolute(try value.line(limit: 4096), below: value.line == nil ? "" : folder)
        }
    }

    private static func worker(_ root: inout YAMLMapping, _ reader: inout SettingReader) -> WorkerSettings? {
        var map = reader.section("worker", in: &root)
        func duration(_ key: String, _ builtIn: Duration, _ range: ClosedRange<Duration>) -> Duration? {
            reader.read(key, in: &map, default: builtIn, shown: \.shown) { value throws(ConfigurationError) in
                try value.duration(in: range)
            }
        }
        let lease = duration("lease", .seconds(1800), .seconds(60)...(.seconds(86_400)))
        let suppress = duration("suppress_for", .seconds(30 * 86_400), .seconds(3600)...(.seconds(3650 * 86_400)))
        let shutdown = duration("shutdown", .seconds(30), .seconds(0)...(.seconds(3600)))
        let window = reader.read("window", in: &map, default: 1024) { value throws(ConfigurationError) in
            try value.int(in: 1...10_000)
        }
        let retry = reader.read(
            "retry", in: &map, default: [.seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(7200)],
            shown: { $0.map(\.shown).joined(separator: " ") }
        ) { value throws(ConfigurationError) in try pauses(value) }
        reader.complaints.add(map.strangers)
        guard let window, let lease, let retry, let suppress, let shutdown else { return nil }
        return WorkerSettings(window: window, lease: lease, retry: retry, suppressFor: suppress, shutdown: shutdown)
    }

    /// A list in the file, words with spaces between in the environment. Growing, at most twenty.
    private static func pauses(_ value: YAMLValue) throws(ConfigurationError) -> [Duration] {
        var pauses: [Duration] = []
        for item in try value.words() {
            pauses.append(try item.duration(in: .milliseconds(10)...(.seconds(7 * 86_400))))
        }
        guard (1...20).contains(pauses.count), pauses == pauses.sorted() else {
            throw value.error(
                Words(ru: "нужно от 1 до 20 растущих пауз", en: "1 to 20 pauses that grow are needed"))
        }
        return pauses
    }

    private static func listen(
        _ root: inout YAMLMapping, _ reader: inout SettingReader, _ folder: String
    ) -> ListenSettings? {
        var map = reader.section("listen", in: &root)
        let control = path("control", "vestnik.sock", in: &map, &reader, folder)
        func address(_ key: String, _ port: Int) -> ListenAddress? {
            reader.read(key, in: &map, default: ListenAddress(host: "127.0.0.1", port: port), shown: \.text) {
                value throws(ConfigurationError) in try ListenAddress(value)
            }
        }
        let api = address("api", 8080), world = address("public", 8081)
        reader.complaints.add(map.strangers)
        // `sun_path` has 108 bytes with its zero.
        if let control, control.utf8.count > 107 {
            reader.complaints.add(
                map.value.error(
                    Words(
                        ru: "путь сокета длиннее 107 байт: \(control)",
                        en: "the socket's path has more than 107 bytes: \(control)")))
        }
        guard let control, let api, let world else { return nil }
        if api.port != 0, api == world {
            reader.complaints.add(
                map.value.error(
                    Words(
                        ru: "api и public — разные двери: дайте им разные порты",
                        en: "api and public are two doors: give them different ports")))
        }
        return ListenSettings(control: control, api: api, public: world)
    }
}

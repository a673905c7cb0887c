import Delivery
import Domain
import Events
import Foundation
import Policy
import Providers
import Rendering
import Testing

@testable import Settings

struct VestnikFileTests {
    static let manifests: [String: ProviderManifest] = {
        var all: [String: ProviderManifest] = [:]
        for manifest in Catalog.manifests(declared: [:]) { all[manifest.kind] = manifest }
        all["hatch"] = ProviderManifest(
            kind: "hatch", title: "Hatch", channels: [.sms],
            settings: [
                .init("secret", secret: true), .init("sender", required: false), .init("dlr_url", required: false),
            ],
            base: "https://hatch.example", concurrency: 10)
        return all
    }()

    static let least = """
        organisation:
          name: УК «Наш дом»
          phone: "+7 800 100-20-30"
        """

    static func read(
        _ text: String, environment: [String: String] = [:], flags: [String: String] = [:],
        file: String = "/etc/v/vestnik.yaml"
    ) throws(ConfigurationErrors) -> VestnikSettings {
        try VestnikFile.read(text, file: file, environment: environment, flags: flags, manifests: manifests)
    }

    static func errors(
        _ text: String, environment: [String: String] = [:], flags: [String: String] = [:],
        file: String = "/etc/v/vestnik.yaml"
    ) -> [ConfigurationError] {
        do throws(ConfigurationErrors) {
            _ = try read(text, environment: environment, flags: flags, file: file)
            return []
        } catch { return error.all }
    }

    // MARK: webhooks

    @Test func webhooks() throws {
        #expect(try Self.read(Self.least).webhooks == WebhookRules())
        let text =
            Self.least + """

                webhooks:
                  allow: [10.20.0.0/16, "fd00::/8"]
                  ports: [9443]
                  timeout: 5s
                """
        let rules = try Self.read(text).webhooks
        #expect(rules.allowed.map(\.text) == ["10.20.0.0/16", "fd00::/8"] && rules.ports == [9443])
        #expect(rules.timeout == .seconds(5))
        let spoken = try Self.read(
            text, environment: ["VESTNIK_WEBHOOKS_ALLOW": "127.0.0.1", "VESTNIK_WEBHOOKS_PORTS": "8090 8091"])
        #expect(spoken.webhooks.allowed.map(\.text) == ["127.0.0.1"] && spoken.webhooks.ports == [8090, 8091])
    }

    @Test(arguments: [
        ("allow: [localhost]", "webhooks.allow[0]"), ("allow: [10.0.0.0/33]", "webhooks.allow[0]"),
        ("ports: [0]", "webhooks.ports[0]"), ("ports: [70000]", "webhooks.ports[0]"),
        ("timeout: 2m", "webhooks.timeout"),
        ("alow: []", "webhooks.alow"),
    ])
    func webhooksRefused(_ line: String, _ key: String) {
        #expect(Self.errors(Self.least + "\nwebhooks:\n  " + line).map(\.key) == [key])
    }

    // MARK: api

    @Test func whatCallersMayAskFor() throws {
        let text = Self.least + "\napi:\n  rate: 5\n  burst: 7\n  queue_limit: 9\n  idempotency_key: required"
        #expect(try Self.read(text).api == APISettings(rate: 5, burst: 7, queueLimit: 9, keysAreRequired: true))
    }

    @Test(arguments: [
        ("api: {rate: 0}", "api.rate"), ("api: {queue_limit: -1}", "api.queue_limit"),
        ("api: {idempotency_key: maybe}", "api.idempotency_key"), ("api: {rat: 5}", "api.rat"),
        ("listen: {public: nowhere}", "listen.public"), ("listen: {api: 127.0.0.1:8081}", "listen"),
    ])
    func doorsRefused(_ line: String, _ key: String) {
        #expect(Self.errors(Self.least + "\n" + line).map(\.key) == [key])
    }

    // MARK: layers

    @Test func defaultsAreFilledIn() throws {
        let settings = try Self.read(Self.least)
        #expect(settings.language == .ru)
        #expect(settings.timeZone == "Europe/Moscow")
        #expect(settings.paths.database == "/etc/v/vestnik.db")
        #expect(settings.paths.purposes == "/etc/v/purposes.yaml")
        #expect(
            settings.listen
                == ListenSettings(
                    control: "/etc/v/vestnik.sock", api: ListenAddress(host: "127.0.0.1", port: 8080),
                    public: ListenAddress(host: "127.0.0.1", port: 8081)))
        #expect(settings.api == APISettings())
        #expect(settings.worker.window == 1024)
        #expect(settings.worker.retry.first == .seconds(30))
        #expect(settings.logLevel == .info)
        #expect(settings.providers.isEmpty)
    }

    @Test(arguments: [
        ([:], [:], "file", 10), ([:], ["VESTNIK_WORKER_WINDOW": "20"], "environment", 20),
        (["worker.window": "30"], ["VESTNIK_WORKER_WINDOW": "20"], "flag", 30),
        (["worker.window": "30"], [:], "flag", 30),
    ])
    func theUpperLayerWins(flags: [String: String], environment: [String: String], origin: String, window: Int) throws {
        let settings = try Self.read(Self.least + "\nworker:\n  window: 10\n", environment: environment, flags: flags)
        #expect(settings.worker.window == window)
        let row = try #require(settings.rows.first { $0.key == "worker.window" })
        #expect(row.value == "\(window)")
        switch row.origin {
        case .file(let line): #expect(origin == "file" && line == 5)
        case .environment(let name): #expect(origin == "environment" && name == "VESTNIK_WORKER_WINDOW")
        case .flag(let name): #expect(origin == "flag" && name == "--worker-window")
        case .builtIn: Issue.record("a default")
        }
    }

    @Test func everyValueHasAnOrigin() throws {
        let settings = try Self.read(Self.least, environment: ["VESTNIK_LANGUAGE": "en", "VESTNIK_LOG_LEVEL": "debug"])
        let origins = Dictionary(settings.rows.map { ($0.key, $0.origin) }, uniquingKeysWith: { one, _ in one })
        #expect(origins["language"] == .environment("VESTNIK_LANGUAGE"))
        #expect(origins["log.level"] == .environment("VESTNIK_LOG_LEVEL"))
        #expect(origins["organisation.name"] == .file(line: 2))
        #expect(origins["database"] == .builtIn)
        #expect(Set(settings.rows.map(\.key)).count == settings.rows.count)
        #expect(settings.language == .en && settings.logLevel == .debug)
    }

    @Test func pathsAreRelativeToWhoNamesThem() throws {
        let text = Self.least + "\ndatabase: ../data/v.db\ntemplates: /srv/t\n"
        let settings = try Self.read(text, environment: ["VESTNIK_PURPOSES": "mine/p.yaml"])
        #expect(settings.paths.database == "/etc/data/v.db")
        #expect(settings.paths.templates == "/srv/t")
        #expect(settings.paths.purposes == "mine/p.yaml")
        #expect(try VestnikFile.providerFolder(text + "provider_files: p\n", file: "/etc/v/vestnik.yaml") == "/etc/v/p")
    }

    @Test func retryFromTheEnvironmentIsAListOfWords() throws {
        let settings = try Self.read(Self.least, environment: ["VESTNIK_WORKER_RETRY": "1s 5s 1m"])
        #expect(settings.worker.retry == [.seconds(1), .seconds(5), .seconds(60)])
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("0.0.0.0:0", "0.0.0.0", 0), ("[::1]:8080", "::1", 8080),
        ("gateway.local:80", "gateway.local", 80),
    ])
    func addressesToListenAt(text: String, host: String, port: Int) throws {
        let address = try Self.read(Self.least + "\nlisten: {api: '\(text)'}\n").listen.api
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.text == text, "printed as it is written")
    }

    // MARK: errors

    @Test(arguments: [
        ("languge: en", "languge", "language"), ("time_zone: Europe/Moskow", "time_zone", "Europe/Moscow"),
        ("time_zone: UTC+3", "time_zone", "UTC"), ("time_zone: Moscow", "time_zone", "пояса"),
        ("org_kind: privat", "org_kind", "private"),
        ("country: us", "country", "kz"), ("worker: {window: 0}", "worker.window", "1…10000"),
        ("worker: {lease: 30}", "worker.lease", "единицей"), ("worker: {lease: 1s}", "worker.lease", "1m"),
        ("worker: {lease: -30m}", "worker.lease", "единицей"), ("worker: {lease: 30min}", "worker.lease", "единицей"),
        ("worker: {lease: 0s}", "worker.lease", "1m"), ("worker: {window: -1}", "worker.window", "1…10000"),
        ("worker: {suppress_for: 0d}", "worker.suppress_for", "1h"),
        ("worker: {retry: [0s]}", "worker.retry[0]", "10ms"),
        ("worker: {retry: [2m, 30s]}", "worker.retry", "растущих"), ("worker: {retry: []}", "worker.retry", "растущих"),
        ("worker: {windw: 5}", "worker.windw", "window"), ("log: {level: loud}", "log.level", "info"),
        ("listen: {api: 8080}", "listen.api", "узел:порт"),
        ("listen: {api: 127.0.0.1:99999}", "listen.api", "узел:порт"),
        ("listen: {api: '::1'}", "listen.api", "[::1]"), ("listen: {api: '::1:8080'}", "listen.api", "[::1]"),
        ("listen: {control: /\(String(repeating: "s", count: 120))}", "listen", "107"),
        ("worker: 5", "worker", "ключи"), ("providers: [a]", "providers", "ключи"),
    ])
    func badLine(line: String, key: String, says: String) throws {
        let errors = Self.errors(Self.least + "\n" + line + "\n")
        let error = try #require(errors.first { $0.key == key }, "\(ConfigurationErrors(errors).text(.ru))")
        #expect(error.text(.ru).contains(says), "\(error.text(.ru))")
        #expect(error.line == 4 || key == "listen")
    }

    @Test(arguments: [
        ("organisation: {name: Дом}", "organisation", "phone"), ("language: ru", "organisation", "name"),
        ("organisation: {name: '', phone: '+78001002030'}", "organisation.name", "текст"),
        ("organisation: {name: Дом, phone: звоните}", "organisation", "org.phone"),
        ("organisation: {name: Дом, phone: '112', site: 'javascript:x'}", "organisation", "org.site"),
        ("organisation: {name: \"До\\nм\", phone: '112'}", "organisation.name", "строка"),
        ("", "", "пуст"), ("a: [", "", "YAML"), ("a: 1\na: 2", "", "повторяется"),
    ])
    func badFile(text: String, key: String, says: String) throws {
        let errors = Self.errors(text)
        #expect(
            errors.contains { $0.key == key && $0.text(.ru).contains(says) }, "\(ConfigurationErrors(errors).text(.ru))"
        )
    }

    @Test func allProblemsAreToldAtOnce() {
        let errors = Self.errors(
            """
            language: de
            time_zone: Nowhere/City
            organisation: {name: Дом, phone: "112", fone: 1}
            worker: {window: many}
            providers:
              a: {kind: hatch, rate: 5}
              B: {kind: hatch}
              c: {kind: pigeon}
            colour: red
            """)
        #expect(
            Set(errors.map(\.key)) == [
                "language", "time_zone", "organisation.fone", "worker.window", "providers.a", "providers.a.rate",
                "providers.B", "providers.c.kind", "colour",
            ])
    }

    // MARK: the lease

    /// The slowest submission: HTTP one request, MAX five (two files), mail its whole dialogue; a look-up of 12 s each.
    @Test(arguments: [
        ("a: {kind: hatch, secret: {env: K}, timeout: 48s}", "1m", true),
        ("a: {kind: hatch, secret: {env: K}, timeout: 47s}", "1m", false),
        ("a: {kind: max, secret: {env: K}, timeout: 30s}", "210s", true),
        ("a: {kind: max, secret: {env: K}, timeout: 30s}", "211s", false),
        ("a: {kind: smtp, base_url: 'smtp://h.ru', sender: a@b.ru, timeout: 30s}", "1542s", true),
        ("a: {kind: smtp, base_url: 'smtp://h.ru', sender: a@b.ru, timeout: 30s}", "1543s", false),
    ])
    func aLeaseOutlivesTheSlowestSubmission(provider: String, lease: String, refused: Bool) throws {
        let text = Self.least + "\nworker:\n  lease: \(lease)\nproviders:\n  \(provider)\n"
        let errors = Self.errors(text, environment: ["K": "k"])
        #expect(errors.isEmpty != refused, "\(ConfigurationErrors(errors).text(.ru))")
        guard refused else { return }
        let error = try #require(errors.first)
        #expect(error.key == "worker.lease" && error.line == 5)
        let said = error.text(.ru)
        #expect(said.contains("увеличьте worker.lease") && said.contains(" a "), "\(said)")
    }

    @Test func theSlowestOfSeveralIsNamedWhereverTheLeaseStands() throws {
        let text =
            Self.least + """

                providers:
                  quick: {kind: hatch, secret: {env: K}, timeout: 50s}
                  slow:
                    kind: max
                    secret: {env: K}
                    timeout: 10m
                """
        let here = try #require(Self.errors(text, environment: ["K": "k"]).first, "the default lease is too short")
        #expect(here.key == "providers.slow.timeout" && here.line == 9)
        #expect(here.text(.en).contains("51m"), "\(here.text(.en))")
        let variables = ["K": "k", "VESTNIK_WORKER_LEASE": "5m"]
        let there = try #require(Self.errors(text, environment: variables).first)
        #expect(there.file == "VESTNIK_WORKER_LEASE")
        #expect(Self.errors(text, environment: ["K": "k", "VESTNIK_WORKER_LEASE": "1h"]).isEmpty)
    }

    // MARK: the stop

    @Test(arguments: [
        ("a: {kind: hatch, secret: {env: K}, timeout: 48s}", "59s", true),
        ("a: {kind: hatch, secret: {env: K}, timeout: 48s}", "60s", false),
        ("a: {kind: max, secret: {env: K}, timeout: 30s}", "209s", true),
        ("a: {kind: max, secret: {env: K}, timeout: 30s}", "210s", false),
        ("a: {kind: smtp, base_url: 'smtp://h.ru', sender: a@b.ru, timeout: 30s}", "30s", true),
        ("a: {kind: smtp, base_url: 'smtp://h.ru', sender: a@b.ru, timeout: 30s}", "1542s", false),
    ])
    func aStopThatEndsFirstIsTold(provider: String, shutdown: String, told: Bool) throws {
        let text = Self.least + "\nworker:\n  shutdown: \(shutdown)\nproviders:\n  \(provider)\n"
        let settings = try Self.read(text, environment: ["K": "k"])
        let rule = LeaseRule(manifests: Self.manifests, rows: settings.rows, file: settings.file)
        let notice = rule.stopNotice(shutdown: settings.worker.shutdown, providers: settings.providers)
        #expect((notice != nil) == told)
        guard let notice else { return }
        #expect(notice.key == "worker.shutdown" && notice.line == 5)
        #expect(notice.text(.ru).contains("через a ") && notice.text(.ru).contains(shutdown), "\(notice.text(.ru))")
    }

    @Test func aProviderDescribedTwiceIsRefusedWithItsLine() throws {
        let text =
            Self.least + "\nproviders:\n  a: {kind: hatch, secret: {env: K}}\n  a: {kind: hatch, secret: {env: K}}\n"
        let errors = Self.errors(text, environment: ["K": "k"])
        #expect(errors.map(\.line) == [6], "where it stands for the second time")
        #expect(errors.first?.text(.ru).contains("повторяется: a") == true)
    }

    @Test func mistypedVariableOfTheEnvironmentIsAnError() throws {
        let errors = Self.errors(
            Self.least,
            environment: ["VESTNIK_DATABSE": "x.db", "VESTNIK_SOMETHING_QUITE_OTHER": "1", "VESTNIK_CONFIG": "x"])
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(error.file == "VESTNIK_DATABSE")
        #expect(error.text(.en).contains("VESTNIK_DATABASE"))
    }

    @Test func badValueOfTheEnvironmentNamesTheVariable() {
        let errors = Self.errors(Self.least, environment: ["VESTNIK_WORKER_WINDOW": "many"])
        #expect(errors.map(\.file) == ["VESTNIK_WORKER_WINDOW"])
    }

    // MARK: rules that follow

    @Test(arguments: [
        ("ru", "private", false, true), ("ru", "state_or_municipal", true, true), ("ru", "telecom", true, true),
        ("ru", "bank", true, true), ("ru", "payment", true, true), ("kz", "state_or_municipal", false, false),
        ("kz", "private", false, false),
    ])
    func foreignMessengers(country: String, kind: String, denied: Bool, consent: Bool) throws {
        let text = Self.least + "\ncountry: \(country)\norg_kind: \(kind)\ntime_zone: Asia/Almaty\n"
        let rules = try Self.read(text).rules(carried: [.sms])
        #expect(
            rules
                == HouseRules(
                    carried: [.sms], foreignMessengersDenied: denied, foreignMessengersNeedConsent: consent,
                    timeZone: "Asia/Almaty"))
        let telegram =
            text + "providers:\n  t: {kind: telegram, base_url: http://127.0.0.1:1, secret: {sandbox: '1:abcd'}}\n"
        #expect(Self.errors(telegram).isEmpty != denied)
    }
}

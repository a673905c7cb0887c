import Delivery
import Domain
import Foundation
import Providers
import Testing

@testable import Settings

struct ProviderSectionTests {
    /// A folder of its own that is gone afterwards.
    final class Folder {
        let path: String
        init() throws {
            path = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        func write(_ bytes: [UInt8], _ name: String, mode: Int = 0o600) throws -> String {
            let file = path + "/" + name
            try Data(bytes).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            return file
        }
        func write(_ text: String, _ name: String, mode: Int = 0o600) throws -> String {
            try write(Array(text.utf8), name, mode: mode)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    static func text(_ entry: String) -> String { VestnikFileTests.least + "\nproviders:\n  a: {\(entry)}\n" }

    static func read(_ entry: String, in folder: Folder, environment: [String: String] = [:]) throws -> ProviderSettings
    {
        let settings = try VestnikFileTests.read(
            text(entry), environment: environment, file: folder.path + "/vestnik.yaml")
        return try #require(settings.providers.first)
    }

    static func errors(_ entry: String, in folder: Folder, environment: [String: String] = [:]) -> [ConfigurationError]
    {
        VestnikFileTests.errors(text(entry), environment: environment, file: folder.path + "/vestnik.yaml")
    }

    @Test func everyKeyIsRead() throws {
        let folder = try Folder()
        let key = try folder.write("s3cret\n", "key")
        let ca = try folder.write("-----BEGIN CERTIFICATE-----\n", "ca.pem", mode: 0o644)
        let provider = try Self.read(
            """
            kind: hatch, base_url: "https://www2.hatch.example/api", ca_file: ca.pem, proxy: "socks5h://127.0.0.1:1080",
            timeout: 5s, connect_timeout: 500ms, concurrency: 3, fresh_connections: true, idle_limit: 5s, sender: UKDOM, secret: {file: key}, values: {dlr_url: "https://x.example"}
            """, in: folder)
        #expect(
            provider.account
                == AccountSettings(
                    baseURL: "https://www2.hatch.example/api", caFile: ca, proxy: "socks5h://127.0.0.1:1080",
                    timeout: .seconds(5), connectTimeout: .milliseconds(500), concurrency: 3,
                    freshConnections: true, idleLimit: .seconds(5)))
        #expect(provider.sender == "UKDOM")
        #expect(provider.secret?.exposed == "s3cret")
        #expect(provider.values == ["dlr_url": "https://x.example"])
        #expect(!key.isEmpty)
    }

    @Test func theNameOfTestMessagesIsTaken() throws {
        let folder = try Folder()
        let text = VestnikFileTests.least + "\nproviders:\n  test-mode: {kind: hatch, secret: {env: HATCH}}\n"
        let errors = VestnikFileTests.errors(text, environment: ["HATCH": "k"], file: folder.path + "/vestnik.yaml")
        #expect(errors.count == 1 && errors.first?.problem.en.contains("vk_test_") == true, "\(errors)")
    }

    @Test func defaultsComeFromTheKind() throws {
        let folder = try Folder()
        let provider = try Self.read("kind: hatch, secret: {env: HATCH}", in: folder, environment: ["HATCH": "k"])
        #expect(provider.account.baseURL == "https://hatch.example")
        #expect(provider.account.concurrency == 8)
        #expect(provider.secret?.exposed == "k")
    }

    @Test func mailHasItsOwnKeys() throws {
        let folder = try Folder()
        let provider = try Self.read(
            "kind: smtp, base_url: 'smtp://127.0.0.1:2525', tls: none, helo_name: mx.dom.example, sender: 'УК <info@dom.example>'",
            in: folder)
        #expect(provider.tls == .none)
        #expect(provider.heloName == "mx.dom.example")
        let other = Self.errors("kind: hatch, secret: {env: K}, tls: none", in: folder, environment: ["K": "k"])
        #expect(other.map(\.key) == ["providers.a.tls"])
    }

    @Test(arguments: [
        ("kind: hatc, secret: {env: K}", "providers.a.kind", "hatch"),
        ("secret: {env: K}", "providers.a", "kind"),
        ("kind: hatch", "providers.a", "secret"),
        ("kind: hatch, secret: {env: K}, rate: 5", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: 0/s", "providers.a.rate", "от 1"),
        ("kind: hatch, secret: {env: K}, rate: -5/s", "providers.a.rate", "от 1"),
        ("kind: hatch, secret: {env: K}, rate: 5/d", "providers.a.rate", "90/m"),
        ("kind: hatch, secret: {env: K}, rate: 5s", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: /s", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: '5\u{301}/s'", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: '٥/s'", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: 1.5/s", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: 99999999999999999999/s", "providers.a.rate", "30/s"),
        ("kind: hatch, secret: {env: K}, rate: 5/s, burst: 0", "providers.a.burst", "1…"),
        ("kind: hatch, secret: {env: K}, rate: 5/s, burst: -1", "providers.a.burst", "1…"),
        ("kind: hatch, secret: {env: K}, burst: 5", "providers.a.burst", "rate"),
        ("kind: hatch, secret: {env: K}, daily_cap: 0", "providers.a.daily_cap", "1…"),
        ("kind: hatch, secret: {env: K}, daily_cap: 5/d", "providers.a.daily_cap", "целое"),
        ("kind: hatch, secret: {env: K}, weight: 2000", "providers.a.weight", "0…1000"),
        ("kind: hatch, secret: {env: K}, weight: -1", "providers.a.weight", "0…1000"),
        ("kind: hatch, secret: {env: K}, rate_unit: letters", "providers.a.rate_unit", "parts"),
        ("kind: max, secret: {env: K}, rate_unit: parts", "providers.a.rate_unit", "неизвестный"),
        ("kind: hatch, secret: {env: K}, per_chat: 1s", "providers.a.per_chat", "неизвестный"),
        ("kind: max, secret: {env: K}, per_chat: 1h", "providers.a.per_chat", "10m"),
        ("kind: hatch, secret: {env: K}, timout: 5s", "providers.a.timout", "timeout"),
        ("kind: hatch, secret: {env: K}, user: x", "providers.a.user", "неизвестный"),
        ("kind: hatch, secret: {env: K}, timeout: 5", "providers.a.timeout", "единицей"),
        ("kind: hatch, secret: {env: K}, timeout: 20m", "providers.a.timeout", "10m"),
        ("kind: hatch, secret: {env: K}, timeout: 0s", "providers.a.timeout", "100ms"),
        ("kind: hatch, secret: {env: K}, timeout: -5s", "providers.a.timeout", "единицей"),
        ("kind: hatch, secret: {env: K}, timeout: 5 min", "providers.a.timeout", "единицей"),
        ("kind: hatch, secret: {env: K}, connect_timeout: 0s", "providers.a.connect_timeout", "100ms"),
        ("kind: hatch, secret: {env: K}, idle_limit: 500ms", "providers.a.idle_limit", "1s…10m"),
        ("kind: hatch, secret: {env: K}, idle_limit: 1h", "providers.a.idle_limit", "1s…10m"),
        ("kind: hatch, secret: {env: K}, idle_limit: 30", "providers.a.idle_limit", "единицей"),
        ("kind: hatch, secret: {env: K}, idle_limits: 30s", "providers.a.idle_limits", "idle_limit?"),
        ("kind: hatch, secret: {env: K}, fresh_connections: yes", "providers.a.fresh_connections", "true или false"),
        ("kind: hatch, secret: {env: K}, fresh_conections: true", "providers.a.fresh_conections", "fresh_connections?"),
        (
            "kind: smtp, base_url: 'smtp://h', sender: 'a@b.ru', fresh_connections: true",
            "providers.a.fresh_connections", "неизвестный"
        ),
        ("kind: hatch, secret: {env: K}, concurrency: 0", "providers.a.concurrency", "1…10"),
        ("kind: hatch, secret: {env: K}, concurrency: -1", "providers.a.concurrency", "1…10"),
        ("kind: hatch, secret: {env: K}, concurrency: 11", "providers.a.concurrency", "1…10"),
        ("kind: hatch, secret: {env: K}, base_url: hatch.example", "providers.a.base_url", "https://"),
        ("kind: hatch, secret: {env: K}, base_url: 'ftp://hatch.example'", "providers.a.base_url", "https://"),
        ("kind: hatch, secret: {env: K}, base_url: 'https://u:p@hatch.example'", "providers.a.base_url", "secret"),
        ("kind: hatch, secret: {env: K}, proxy: 'ftp://x'", "providers.a.proxy", "socks5h"),
        ("kind: hatch, secret: {env: K}, ca_file: nothing.pem", "providers.a.ca_file", "PEM"),
        ("kind: hatch, secret: {env: K}, values: {dlr_ulr: x}", "providers.a.values.dlr_ulr", "dlr_url"),
        ("kind: hatch, secret: {env: K}, sender: \"A\\r\\nB\"", "providers.a.sender", "строка"),
        ("kind: hatch, secret: plain-password", "providers.a.secret", "{file: путь}"),
        ("kind: hatch, secret: {env: MISSING}", "providers.a.secret.env", "MISSING"),
        ("kind: hatch, secret: {env: EMPTY}", "providers.a.secret.env", "EMPTY"),
        ("kind: hatch, secret: {env: TWO}", "providers.a.secret.env", "одной строкой"),
        ("kind: hatch, secret: {env: K, file: x}", "providers.a.secret", "{file: путь}"),
        ("kind: hatch, secret: {fil: x}", "providers.a.secret.fil", "file"),
        ("kind: hatch, secret: {}", "providers.a.secret", "{file: путь}"),
        ("kind: hatch, secret: {sandbox: demo}", "providers.a.secret.sandbox", "песочницы"),
        ("kind: smtp, sender: 'a@b.ru'", "providers.a", "base_url"),
        ("kind: smtp, base_url: 'smtp://h', sender: 'a@b.ru', tls: maybe", "providers.a.tls", "required"),
        ("kind: smtp, base_url: 'http://h', sender: 'a@b.ru'", "providers.a.base_url", "smtp://"),
    ])
    func badEntry(entry: String, key: String, says: String) throws {
        let errors = Self.errors(entry, in: try Folder(), environment: ["K": "k", "EMPTY": "", "TWO": "a\nb"])
        let error = try #require(errors.first { $0.key == key }, "\(ConfigurationErrors(errors).text(.ru))")
        #expect(error.text(.ru).contains(says), "\(error.text(.ru))")
        #expect(error.line == 5)
    }

    // MARK: pace

    @Test(arguments: [
        ("kind: hatch", Pace()),
        ("kind: hatch, rate: 30/s", Pace(rate: 30, burst: 30)),
        ("kind: hatch, rate: 90/m", Pace(rate: 1.5, burst: 2)),
        ("kind: hatch, rate: 1800/h", Pace(rate: 0.5, burst: 1)),
        (
            "kind: hatch, rate: 30/s, burst: 60, daily_cap: 10000, weight: 0, rate_unit: parts",
            Pace(rate: 30, burst: 60, dailyCap: 10_000, weight: 0, unit: .parts)
        ),
        ("kind: hatch, weight: 1000", Pace(weight: 1000)),
        // The kind's own, and an account that knows better.
        ("kind: max", Pace(rate: 30, burst: 30)),
        ("kind: max, rate: 10/s", Pace(rate: 10, burst: 10)),
        ("kind: max, burst: 5, per_chat: 500ms", Pace(rate: 30, burst: 5, perChat: .milliseconds(500))),
        ("kind: telegram", Pace(rate: 30, burst: 30, perChat: .seconds(1))),
        ("kind: telegram, per_chat: 3s, rate: 5/s", Pace(rate: 5, burst: 5, perChat: .seconds(3))),
        ("kind: telegram, per_chat: 0s", Pace(rate: 30, burst: 30)),
    ])
    func pace(entry: String, want: Pace) throws {
        let provider = try Self.read(entry + ", secret: {env: K}", in: try Folder(), environment: ["K": "1:abcd"])
        #expect(provider.pace == want)
    }

    @Test func paceIsPrintedAsItWasWritten() throws {
        let settings = try VestnikFileTests.read(
            Self.text("kind: hatch, secret: {env: K}, rate: 90/m, burst: 60, daily_cap: 10000, rate_unit: parts")
                + "  t: {kind: telegram, secret: {env: K}}\n", environment: ["K": "1:abcd"])
        let rows = Dictionary(settings.rows.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
        func shows(_ key: String) -> String {
            rows["providers." + key].map { "\($0.value) \($0.origin.words(.en))" } ?? "nothing"
        }
        #expect(shows("a.rate") == "90/m file, line 5")
        #expect(shows("a.burst") == "60 file, line 5")
        #expect(shows("a.daily_cap") == "10000 file, line 5")
        #expect(shows("a.weight") == "100 default")
        #expect(shows("a.rate_unit") == "parts file, line 5")
        #expect(shows("a.per_chat") == "nothing")
        #expect(shows("t.rate") == "30/s default")
        #expect(shows("t.burst") == "30 default")
        #expect(shows("t.per_chat") == "1s default")
        #expect(shows("t.daily_cap") == "nothing")
    }

    @Test(arguments: [
        (0o600, true), (0o400, true), (0o640, false), (0o644, false), (0o604, false), (0o666, false), (0o610, false),
    ])
    func onlyTheOwnerMayReadASecret(mode: Int, good: Bool) throws {
        let folder = try Folder()
        _ = try folder.write("s3cret", "key", mode: mode)
        let errors = Self.errors("kind: hatch, secret: {file: key}", in: folder)
        #expect(errors.isEmpty == good)
        if let error = errors.first { #expect(error.text(.ru).contains("chmod 600")) }
    }

    @Test func aLinkIsJudgedByWhatItLeadsTo() throws {
        let folder = try Folder()
        let open = try folder.write("s3cret", "open", mode: 0o644)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/key", withDestinationPath: open)
        #expect(Self.errors("kind: hatch, secret: {file: key}", in: folder).count == 1)
    }

    @Test(arguments: [
        ("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), ("s3cret", "s3cret"), (" s p ", " s p "),
        ("пароль\n\n", "пароль"),
        ("", nil), ("\n", nil), ("a\nb", nil), ("a\u{0}b", nil), ("a\tb", nil),
    ])
    func whatAFileMayHold(text: String, secret: String?) throws {
        let folder = try Folder()
        _ = try folder.write(text, "key")
        let provider = try? Self.read("kind: hatch, secret: {file: key}", in: folder)
        #expect(provider?.secret?.exposed == secret)
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let folder = try Folder()
        _ = try folder.write([0xFF, 0xFE, 0x41], "key")
        #expect(
            Self.errors("kind: hatch, secret: {file: key}", in: folder).first?.text(.en).contains("not text") == true)
        #expect(
            Self.errors("kind: hatch, secret: {file: nothing}", in: folder).first?.text(.ru).contains("0600") == true)
        #expect(
            Self.errors("kind: hatch, secret: {file: .}", in: folder).first?.text(.en).contains("not a file") == true)
    }

    @Test func secretsAreNeverPrinted() throws {
        let folder = try Folder()
        _ = try folder.write("hunter2-from-file", "key")
        let text =
            VestnikFileTests.least + """

                providers:
                  a: {kind: hatch, secret: {file: key}}
                  b: {kind: hatch, secret: {env: K}}
                  c: {kind: max, base_url: "http://127.0.0.1:1", secret: {sandbox: hunter2-made-up}}
                """
        let settings = try VestnikFileTests.read(
            text, environment: ["K": "hunter2-from-env"], file: folder.path + "/vestnik.yaml")
        #expect(settings.providers.count == 3)
        var dumped = ""
        dump(settings, to: &dumped)
        for print in ["\(settings)", "\(settings.rows)", "\(settings.providers)", String(reflecting: settings), dumped]
        {
            #expect(!print.contains("hunter2"))
        }
        #expect(settings.rows.filter { $0.value.hasPrefix("•••") }.count == 3)
        #expect(settings.rows.contains { $0.key == "providers.b.secret" && $0.value.contains("env: K") })
    }
}

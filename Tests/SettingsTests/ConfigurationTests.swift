import Delivery
import Domain
import Foundation
import Providers
import Testing

@testable import Settings

struct ConfigurationTests {
    static let shipped = PurposeFileTests.project.appending(path: "Config/vestnik.yaml").path

    /// The file in the repository is a working one.
    @Test func theShippedConfigurationIsGood() throws {
        let configuration = try Configuration.load(Self.shipped, environment: [:])
        #expect(configuration.settings.providers.count == 5)
        #expect(configuration.carried == [.email, .sms, .max, .maxChat, .telegram])
        #expect(configuration.purposes.count == 13)
        #expect(configuration.templates.ids.contains("payment-reminder"))
        #expect(configuration.settings.paths.database.hasSuffix("/data/vestnik.db"))
        #expect(configuration.settings.listen.api.port == 8080)
    }

    /// What the check lets pass, the start does not refuse.
    @Test func everyShippedAccountCanBeMade() async throws {
        let configuration = try Configuration.load(Self.shipped, environment: [:])
        let time = TimeSource { Moment(wall: Date(), uptime: 0) }
        for settings in configuration.settings.providers {
            let provider = try Catalog.provider(for: settings, declared: configuration.declared, time: time)
            #expect(provider.profile.id == settings.id)
            #expect(provider.profile.pace == settings.pace)
            #expect(provider.profile.channels.isSubset(of: configuration.carried))
            await provider.shutdown()
        }
    }

    /// The demo goes through sms-a as long as it can.
    @Test func theSecondSMSAccountIsAReserve() throws {
        let providers = try Configuration.load(Self.shipped, environment: [:]).settings.providers
        let weights = Dictionary(providers.map { ($0.id.text, $0.pace?.weight) }, uniquingKeysWith: { one, _ in one })
        #expect(weights["sms-a"] == 100 && weights["sms-b"] == 0)
    }

    /// Every key has a line of explanation above it, in Russian and English.
    @Test func everyKeyOfTheShippedFileIsExplained() throws {
        let lines = try String(contentsOfFile: Self.shipped, encoding: .utf8).components(separatedBy: "\n")
        let providers = try #require(lines.firstIndex(of: "providers:"))
        let text = lines.prefix(providers).joined(separator: "\n")
        for (index, line) in lines.prefix(providers).enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
            let above = lines[index - 1].trimmingCharacters(in: .whitespaces)
            #expect(above.hasPrefix("#"), "\(line) has no comment")
        }
        for key in [
            "kind", "base_url", "ca_file", "proxy", "timeout", "connect_timeout", "idle_limit", "fresh_connections",
            "concurrency", "rate",
            "rate_unit", "burst", "daily_cap", "weight", "per_chat", "sender", "user, secret", "tls, helo_name",
            "values",
        ] {
            #expect(text.contains("#   \(key) "), "\(key) is not explained")
        }
    }

    @Test func aMissingFileIsNamed() throws {
        let errors = try #require(throws: ConfigurationErrors.self) {
            try Configuration.load("/nowhere/vestnik.yaml", environment: [:])
        }
        #expect(errors.text(.en) == "/nowhere/vestnik.yaml: there is no such file")
    }

    @Test func problemsOfAllFilesAreToldTogether() throws {
        let folder = try ProviderSectionTests.Folder()
        _ = try folder.write("purposes:\n  news: {}\n", "purposes.yaml")
        _ = try folder.write([0xFF], "latin.txt")
        try FileManager.default.createDirectory(atPath: folder.path + "/providers", withIntermediateDirectories: true)
        _ = try folder.write("title: X\n", "providers/x.yaml")
        let file = try folder.write(VestnikFileTests.least + "\nlanguage: ru\n", "vestnik.yaml")
        let errors = try #require(throws: ConfigurationErrors.self) { try Configuration.load(file, environment: [:]) }
        let files = Set(errors.all.map { URL(filePath: $0.file).lastPathComponent })
        #expect(files.isSuperset(of: ["purposes.yaml", "x.yaml"]), "\(errors.text(.en))")
    }

    /// vestnik.yaml in a folder with the shipped purposes and templates.
    private static func site(_ providers: String) throws -> (folder: ProviderSectionTests.Folder, file: String) {
        let folder = try ProviderSectionTests.Folder()
        let project = PurposeFileTests.project.path
        let file = try folder.write(
            VestnikFileTests.least + """

                templates: \(project)/Templates
                purposes: \(project)/Config/purposes.yaml
                provider_files: providers
                \(providers)
                """, "vestnik.yaml")
        return (folder, file)
    }

    // MARK: one copy

    /// A declared provider that sends again what a gateway may have passed on.
    private static let pigeon = """
        title: Pigeon
        channels: [sms]
        base: https://pigeon.example
        send: {path: /send, body: form, params: {to: "{to}", text: "{text}"}}
        reply:
          format: json
          code: body.code
          rules:
            - {if: "http in 200 and body.id exists", then: accepted}
            - {if: "http in 500 and code in busy", then: unreachable}
          http_5xx: unreachable
          id: body.id
        """

    private static func errors(
        of description: String, purposes: String? = nil, accounts: String = "  p: {kind: pigeon}"
    ) throws -> [ConfigurationError] {
        let site = try Self.site("providers:\n\(accounts)")
        try FileManager.default.createDirectory(
            atPath: site.folder.path + "/providers", withIntermediateDirectories: true)
        _ = try site.folder.write(description, "providers/pigeon.yaml")
        let path = try purposes.map { try site.folder.write($0, "purposes.yaml") }
        do throws(ConfigurationErrors) {
            _ = try Configuration.load(
                site.file, environment: ["K": "1:abcd"], flags: path.map { ["purposes": $0] } ?? [:])
        } catch {
            // There may be others: templates name purposes that a file of one purpose does not have.
            return error.all.filter { $0.file.hasSuffix("pigeon.yaml") }
        }
        return []
    }

    @Test func aPurposeThatHoldsIsNotSentAgainByAProvidersFile() throws {
        let errors = try Self.errors(of: Self.pigeon)
        #expect(errors.map(\.line) == [11] && errors.map(\.key) == ["reply.http_5xx"])
        let said = try #require(errors.first)
        #expect(said.text(.en).contains("p carries purposes with on_unconfirmed: hold or ask (payment_reminder, "))
        #expect(said.text(.ru).contains("обещана одна копия"))
    }

    @Test func norByARuleThatSaysTheSame() throws {
        let rule = "    - {if: \"http in 500..599\", then: unreachable}"
        let text = Self.pigeon.replacing("  http_5xx: unreachable", with: rule)
        let errors = try Self.errors(of: text)
        #expect(errors.map(\.line) == [11] && errors.map(\.key) == ["reply.rules[2]"])
    }

    /// What is changed in the description or the accounts, so that nobody is promised one copy in vain.
    @Test(arguments: [
        ("  http_5xx: unreachable\n", "", "  p: {kind: pigeon}"),
        ("http_5xx: unreachable", "http_5xx: no_answer", "  p: {kind: pigeon}"),
        ("  http_5xx: unreachable", "    - {if: \"http in 503\", then: unreachable}", "  p: {kind: pigeon}"),
        ("text: \"{text}\"}}", "text: \"{text}\", id: \"{reference}\"}}\nidempotent: true", "  p: {kind: pigeon}"),
        ("title", "title", "  t: {kind: telegram, secret: {env: K}}"),
    ])
    func whatIsNoTroubleIsNotRefused(old: String, new: String, accounts: String) throws {
        try #require(Self.pigeon.contains(old))
        #expect(try Self.errors(of: Self.pigeon.replacing(old, with: new), accounts: accounts).isEmpty)
    }

    @Test(arguments: [("hold", true), ("ask", true), ("resend", false)])
    func thePurposeDecides(word: String, refused: Bool) throws {
        let purposes = """
            purposes:
              news:
                title: {ru: Новости, en: News}
                basis: consent
                channels: [email, sms]
                on_unconfirmed: \(word)
            """
        #expect(try Self.errors(of: Self.pigeon, purposes: purposes).isEmpty != refused)
        let mail = purposes.replacing("[email, sms]", with: "[email]")
        #expect(try Self.errors(of: Self.pigeon, purposes: mail).isEmpty)
    }

    @Test func theShippedConfigurationHasNoWarnings() throws {
        #expect(try Configuration.load(Self.shipped, environment: [:]).warnings.isEmpty)
    }

    @Test func purposesThatNobodyCarriesAreWarnedOfWithTheirLine() throws {
        let site = try Self.site("providers:\n  t: {kind: telegram, secret: {env: K}}")
        let configuration = try Configuration.load(site.file, environment: ["K": "1:abcd"])
        let expected = configuration.purposes.values.filter { !$0.channels.contains(.telegram) }.map(\.id.text)
        #expect(!expected.isEmpty && expected.count < configuration.purposes.count)
        #expect(Set(configuration.warnings.map(\.key)) == Set(expected.map { "purposes.\($0).channels" }))
        let lines = try String(contentsOfFile: configuration.settings.paths.purposes, encoding: .utf8)
            .components(separatedBy: "\n")
        for warning in configuration.warnings {
            let line = try #require(warning.line)
            #expect(lines[line - 1].contains("channels:"), "\(warning.text(.en))")
            #expect(warning.file.hasSuffix("purposes.yaml") && warning.text(.ru).contains("добавьте провайдера"))
        }
    }

    @Test func everyValueOfAnAccountIsShownWithItsOwnLine() throws {
        let site = try Self.site("providers:\n  t:\n    secret: {env: K}\n    kind: telegram\n    rate: 5/s")
        let rows = try Configuration.load(site.file, environment: ["K": "1:abcd"]).settings.rows
        let lines = try String(contentsOfFile: site.file, encoding: .utf8).components(separatedBy: "\n")
        let kind = try #require(rows.first { $0.key == "providers.t.kind" })
        guard case .file(let line?) = kind.origin else { return #expect(Bool(false), "\(kind.origin)") }
        #expect(lines[line - 1] == "    kind: telegram")
    }

    @Test func withoutAnyProviderThereIsOneWarning() throws {
        let site = try Self.site("")
        #expect(try Configuration.load(site.file, environment: [:]).warnings.map(\.key) == ["providers"])
    }

    @Test func aFileMustNotTakeTheNameOfABuiltInKind() throws {
        let site = try Self.site("")
        try FileManager.default.createDirectory(
            atPath: site.folder.path + "/providers", withIntermediateDirectories: true)
        _ = try site.folder.write("title: X\n", "providers/smtp.yaml")
        let errors = try #require(throws: ConfigurationErrors.self) {
            try Configuration.load(site.file, environment: [:])
        }
        #expect(errors.all.count == 1)
        #expect(errors.text(.en).contains("smtp.yaml: the kind smtp is built in"), "\(errors.text(.en))")
    }

    @Test func flagsAndEnvironmentReachEverything() throws {
        let configuration = try Configuration.load(
            Self.shipped, environment: ["VESTNIK_LOG_LEVEL": "debug"], flags: ["database": "/tmp/other.db"])
        #expect(configuration.settings.logLevel == .debug)
        #expect(configuration.settings.paths.database == "/tmp/other.db")
    }

    @Test(arguments: [
        (Duration.milliseconds(1500), "1500ms"), (.seconds(30), "30s"), (.seconds(90), "90s"), (.seconds(120), "2m"),
        (.seconds(7200), "2h"), (.seconds(86_400 * 3), "3d"), (.seconds(0), "0s"),
    ])
    func durationsAreShownAsTheyAreWritten(duration: Duration, text: String) { #expect(duration.shown == text) }
}

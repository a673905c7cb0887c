import ArgumentParser
import Delivery
import Domain
import Foundation
import Journal
import Providers
import Queue
import Settings
import StoreSQLite

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Проверить машину, настройки и базу · check machine, configuration and database",
        discussion: "Ничего не меняет и никому не пишет. Код выхода 1, если есть ошибки.")
    @OptionGroup var options: HouseOptions

    func run() async throws {
        try await report(in: options.language) {
            var findings = Checkup.machine()
            do {
                let settings = try LoadedSettings.load(options)
                findings += Checkup.configuration(settings)
                findings += await Checkup.database(settings, at: Clocks.now())
            } catch let failure as Failure {
                findings.append(Finding(.error, "configuration", failure.words))
            }
            for finding in findings {
                Console.print(options.json ? JSONText.line(finding) : finding.text(options.language))
            }
            let errors = findings.count { $0.level == .error }
            if errors > 0 { throw ExitCode(Failure.Code.someFailed.rawValue) }
        }
    }
}

/// One thing that was looked at.
struct Finding: Encodable {
    enum Level: String, Encodable {
        case good
        /// Worth knowing; nothing has to be done.
        case note
        case warning, error
    }
    let level: Level
    let topic: String
    let words: Words

    init(_ level: Level, _ topic: String, _ words: Words) {
        self.level = level
        self.topic = topic
        self.words = words
    }

    init(_ level: Level, _ topic: String, ru: String, en: String) { self.init(level, topic, Words(ru: ru, en: en)) }

    func text(_ language: Language) -> String {
        let mark =
            switch level {
            case .good: "✓"
            case .note: "·"
            case .warning: "!"
            case .error: "✗"
            }
        return " \(mark) \(words(language))"
    }

    enum CodingKeys: CodingKey { case level, topic, ru, en }
    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: CodingKeys.self)
        try line.encode(level, forKey: .level)
        try line.encode(topic, forKey: .topic)
        try line.encode(words.ru, forKey: .ru)
        try line.encode(words.en, forKey: .en)
    }
}

/// The looks themselves: each says what it saw, also when all is well.
enum Checkup {
    static func machine() -> [Finding] {
        var findings = [
            Finding(.good, "libraries", ru: "libcurl \(CurlLibrary.version)", en: "libcurl \(CurlLibrary.version)"),
            sqlite(),
        ]
        findings.append(
            TimeZone(identifier: "Asia/Yekaterinburg") != nil
                ? Finding(.good, "time zones", ru: "часовые пояса есть", en: "time zones are there")
                : Finding(
                    .error, "time zones", ru: "нет часовых поясов: установите пакет tzdata",
                    en: "no time zones: install the package tzdata"))
        return findings
    }

    /// sqlite.org/wal.html#walresetbug: 3.7.0–3.51.2 but for the backports in 3.44.6 and 3.50.7.
    private static func sqlite() -> Finding {
        let version = SQLiteLibrary.version
        guard Durability.hasWALResetBug(version) else {
            return Finding(.good, "sqlite", ru: "SQLite \(version)", en: "SQLite \(version)")
        }
        return Finding(
            .warning, "sqlite",
            ru:
                "SQLite \(version) с ошибкой WAL-reset: другим программам нельзя писать в базу (свои команды идут через владельца)",
            en:
                "SQLite \(version) has the WAL-reset bug: no other program may write to the database (our own commands go through its owner)"
        )
    }

    static func configuration(_ settings: LoadedSettings) -> [Finding] {
        var findings = [
            Finding(
                .good, "configuration", ru: "настройки \(settings.file.file)", en: "configuration \(settings.file.file)"
            )
        ]
        do {
            let shelf = settings.templates
            findings.append(
                Finding(.good, "templates", ru: "шаблонов \(shelf.ids.count)", en: "\(shelf.ids.count) templates"))
            let providers = try settings.makeProviders()
            findings.append(
                providers.isEmpty
                    ? Finding(
                        .error, "providers", ru: "нет ни одного провайдера: отправлять некому",
                        en: "no provider: nobody can send")
                    : Finding(
                        .good, "providers", ru: "провайдеры: \(names(providers))", en: "providers: \(names(providers))")
            )
        } catch let failure as Failure {
            findings.append(Finding(.error, "configuration", failure.words))
        } catch {
            findings.append(Finding(.error, "configuration", ru: "\(error)", en: "\(error)"))
        }
        // That there is no provider at all was said above.
        for warning in settings.configuration.warnings where warning.key != "providers" {
            findings.append(
                Finding(.warning, "configuration", Words(ru: warning.text(.ru), en: warning.text(.en))))
        }
        findings.append(stop(settings))
        for provider in settings.file.providers where provider.kind == "smtp" && provider.tls == .none {
            findings.append(
                Finding(
                    .warning, "tls", ru: "\(provider.id): почта уходит без шифрования (tls: none)",
                    en: "\(provider.id): mail leaves unencrypted (tls: none)"))
        }
        return findings
    }

    private static func stop(_ settings: LoadedSettings) -> Finding {
        if let notice = settings.configuration.stopNotice {
            return Finding(.note, "stop", Words(ru: notice.text(.ru), en: notice.text(.en)))
        }
        return Finding(
            .good, "stop", ru: "остановка ждёт всего, что начато", en: "a stop waits for everything that has begun")
    }

    private static func names(_ providers: [any Provider]) -> String {
        providers.map(\.profile.id.text).joined(separator: ", ")
    }

    static func database(_ settings: LoadedSettings, at now: Moment) async -> [Finding] {
        let path = settings.databasePath
        guard access(path, F_OK) == 0 else {
            return [Finding(.warning, "database", ru: "базы \(path) ещё нет", en: "there is no database \(path) yet")]
        }
        do throws(StoreError) {
            let store = try SQLiteStore.openReadOnly(path)
            let stats = try await store.stats(at: now)
            let waiting = stats.rows.reduce(0) { $0 + $1.waiting + $1.held }
            var findings = [
                Finding(
                    .good, "database", ru: "база \(path), в очереди \(waiting)",
                    en: "database \(path), \(waiting) queued"),
                Disk(of: path).finding,
            ]
            if let notice = try await store.holdNotice() {
                findings.append(
                    Finding(
                        .warning, "held",
                        notice.headline(
                            ReadingRoom(settings: settings, store: store, language: settings.language).clock)))
            }
            for state in try await store.providerStates() {
                guard let until = state.pausedUntil, until > now.wall else { continue }
                if until == .distantFuture {
                    findings.append(
                        Finding(
                            .warning, "provider",
                            ru: "\(state.provider) на паузе с \(state.since.ISO8601Format()), пока не включат",
                            en: "\(state.provider) is paused since \(state.since.ISO8601Format()), until resumed"))
                    continue
                }
                findings.append(
                    Finding(
                        .warning, "provider",
                        ru: "\(state.provider) на паузе до \(until.ISO8601Format()): \(state.reason ?? "")",
                        en: "\(state.provider) is paused until \(until.ISO8601Format()): \(state.reason ?? "")"))
            }
            if let intake = await intake(settings) { findings.append(intake) }
            return findings
        } catch {
            return [Finding(.error, "database", Failure(error, path: path).words)]
        }
    }

    /// Nil when nobody was offered the file yet.
    private static func intake(_ settings: LoadedSettings) async -> Finding? {
        let path = settings.intakePath
        guard access(path, F_OK) == 0 else { return nil }
        do throws(StoreError) {
            let file = try IntakeFile.openReadOnly(path)
            defer { file.close() }
            let counts = try await file.counts()
            return Finding(
                counts.refused > 0 ? .warning : .good, "intake",
                ru: "приём через SQL \(path): ждёт \(counts.pending), не принято \(counts.refused)"
                    + (counts.refused > 0 ? ": vestnik intake list" : ""),
                en: "intake by SQL \(path): \(counts.pending) waiting, \(counts.refused) refused"
                    + (counts.refused > 0 ? ": vestnik intake list" : ""))
        } catch {
            return Finding(.warning, "intake", Failure(error, path: path).words)
        }
    }
}

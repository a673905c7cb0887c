import Delivery
import Domain
import Foundation
import Logging
import Policy
import Providers
import Rendering
import Settings
import Worker

/// The whole configuration of this process, read once at start, and what the stages need of it.
struct LoadedSettings: Sendable {
    let configuration: Configuration
    let language: Language

    var file: VestnikSettings { configuration.settings }
    var purposes: [PurposeID: Purpose] { configuration.purposes }
    var databasePath: String { file.paths.database }
    /// Where programs on this host put requests by SQL: beside the database.
    var intakePath: String {
        URL(filePath: databasePath).deletingLastPathComponent().appending(path: "intake.db").path()
    }
    /// Without links and dots: two spellings of one file are one database.
    var realDatabasePath: String { URL(filePath: databasePath).absoluteURL.resolvingSymlinksInPath().path() }
    var controlSocket: String { file.listen.control }
    var timeZone: String { file.timeZone }
    var organisation: RenderingContext.Organisation { file.organisation }

    /// - Throws: a `Failure` with code 78 and every problem that was found, a line each.
    static func load(_ options: HouseOptions) throws -> LoadedSettings {
        try load(try ConfigPath.find(options.config), language: options.lang?.language)
    }

    /// - Parameter language: nil leaves it to `VESTNIK_LANG` and then to the file.
    static func load(_ path: String, language: Language?) throws -> LoadedSettings {
        let environment = ProcessInfo.processInfo.environment
        do throws(ConfigurationErrors) {
            let configuration = try Configuration.load(path, environment: environment)
            let spoken = language ?? environment["VESTNIK_LANG"].flatMap(Language.init(rawValue:))
            return LoadedSettings(configuration: configuration, language: spoken ?? configuration.settings.language)
        } catch {
            throw Failure(.configuration, Words(ru: error.text(.ru), en: error.text(.en)))
        }
    }

    // MARK: what the stages need of it

    var templates: TemplateFolder { configuration.templates }

    /// The folder's templates, and every version that messages were accepted with.
    func shelf(archived: [(ref: TemplateRef, source: [UInt8])]) throws -> TemplateFolder {
        do throws(ConfigurationError) {
            return try TemplateFolder(folder: file.paths.templates, archived: archived)
        } catch {
            throw Failure(.configuration, Words(ru: error.text(.ru), en: error.text(.en)))
        }
    }

    func makeProviders() throws -> [any Provider] {
        try file.providers.map { settings in
            do throws(CatalogError) {
                return try Catalog.provider(for: settings, declared: configuration.declared, time: Clocks.time)
            } catch {
                throw Failure(
                    .configuration,
                    ru: "\(file.file): providers.\(settings.id).\(error.setting): \(error.problem.ru)",
                    en: "\(file.file): providers.\(settings.id).\(error.setting): \(error.problem.en)")
            }
        }
    }

    var retry: RetrySchedule { RetrySchedule(pauses: file.worker.retry, suppressFor: file.worker.suppressFor) }
    var engineLimits: EngineLimits { EngineLimits(window: file.worker.window, lease: file.worker.lease) }

    func provider(named text: String) throws -> ProviderID {
        let known = file.providers.map(\.id.text)
        if let id = ProviderID(text), known.contains(text) { return id }
        throw Failure.unknown(
            ru: "провайдера «\(text)» нет в настройках", en: "no provider \"\(text)\" in the configuration", text,
            among: known)
    }

    func purpose(named text: String) throws -> Purpose {
        if let id = PurposeID(text), let purpose = purposes[id] { return purpose }
        throw Failure.unknown(
            ru: "цели «\(text)» нет", en: "no purpose \"\(text)\"", text, among: purposes.keys.map(\.text).sorted())
    }

    func logger(_ label: String) -> Logger {
        let level = Logger.Level(rawValue: file.logLevel.rawValue) ?? .info
        return Logger(label: label) { LineLogHandler(label: $0, level: level) }
    }

    static var quietLogger: Logger { Logger(label: "vestnik") { LineLogHandler(label: $0, level: .error) } }
}

/// Where the configuration file is: flag, `VESTNIK_CONFIG`, the working directory, /etc.
enum ConfigPath {
    static func find(_ flag: String?) throws -> String {
        if let named = flag ?? ProcessInfo.processInfo.environment["VESTNIK_CONFIG"] { return named }
        let usual = ["Config/vestnik.yaml", "/etc/vestnik/vestnik.yaml"]
        if let found = usual.first(where: { FileManager.default.fileExists(atPath: $0) }) { return found }
        throw Failure(
            .configuration,
            ru:
                "нет файла настроек: ни \(usual.joined(separator: ", ни ")). Укажите --config ФАЙЛ; образец: Config/vestnik.yaml",
            en:
                "no configuration file: neither \(usual.joined(separator: " nor ")). Give --config FILE; a sample is Config/vestnik.yaml"
        )
    }
}

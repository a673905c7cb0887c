import ArgumentParser
import Domain
import Settings

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Настройки · configuration", subcommands: [Check.self, Print.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Проверить всё, что читает запуск · check everything that start-up reads")
        @OptionGroup var options: HouseOptions

        private struct Line: Encodable {
            var ok: Bool
            var warnings: [String]
        }

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                let shelf = settings.templates
                let providers = try settings.makeProviders()
                let words = Words(
                    ru:
                        "Настройки годятся: \(settings.file.file), целей \(settings.purposes.count), шаблонов \(shelf.ids.count), провайдеров \(providers.count).",
                    en:
                        "The configuration is good: \(settings.file.file), \(settings.purposes.count) purposes, \(shelf.ids.count) templates, \(providers.count) providers."
                )
                let warnings = settings.configuration.warnings.map { $0.text(settings.language) }
                if options.json { return Console.print(JSONText.line(Line(ok: true, warnings: warnings))) }
                let label = Words(ru: "внимание", en: "warning")(settings.language)
                for warning in warnings { Console.error("\(label): \(warning)") }
                Console.print(words(settings.language))
            }
        }
    }

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Каждое значение и откуда оно; секреты закрыты · each value and where it came from")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                if options.json {
                    for row in settings.file.rows {
                        Console.print(
                            JSONText.line(["key": row.key, "value": row.value, "origin": row.origin.words(.en)]))
                    }
                    return
                }
                var table =
                    settings.language == .ru ? Table("КЛЮЧ", "ЗНАЧЕНИЕ", "ОТКУДА") : Table("KEY", "VALUE", "FROM")
                for row in settings.file.rows { table.add(row.key, row.value, row.origin.words(settings.language)) }
                Console.print(table.render())
            }
        }
    }
}

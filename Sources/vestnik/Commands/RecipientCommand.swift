import ArgumentParser
import Domain
import Foundation
import Policy
import StoreSQLite

struct RecipientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipient", abstract: "Жители и лицевые счета · residents and accounts",
        subcommands: [Import.self, Show.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Загрузить из CSV (UTF-8 или windows-1251; разделитель «;», «,» или табуляция)",
            discussion: """
                Столбцы: id, name, locale, time_zone, house, entrance, riser, flat, phone, email, max, telegram, max_chat, consents.
                Обязателен только id. Пример: Config/demo/residents.csv
                """)
        @OptionGroup var options: HouseOptions
        @Argument(help: "Файл CSV · CSV file") var file: String
        @Flag(help: "Только проверить · check only") var dryRun = false

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw Failure(.badData, ru: "файл \(file) не читается", en: "the file \(file) cannot be read")
                }
                let reply = try await carryOut(
                    .importResidents(
                        csv: data.base64EncodedString(), file: URL(filePath: file).lastPathComponent, dryRun: dryRun),
                    settings)
                guard case .imported(let result) = reply else { return }
                if options.json { Console.print(JSONText.line(result)) } else { tell(result, settings.language) }
                if !result.errors.isEmpty { throw ExitCode(Failure.Code.badData.rawValue) }
            }
        }

        private func tell(_ result: ImportReply, _ language: Language) {
            for error in result.errors {
                Console.error(
                    Words(
                        ru: "строка \(error.row), столбец \(error.column): \(error.ru)",
                        en: "row \(error.row), column \(error.column): \(error.en)")(language))
            }
            let words =
                if result.stored {
                    Words(
                        ru:
                            "Загружено: получателей \(result.recipients), согласий \(result.consents), из них новых \(result.newConsents ?? 0).",
                        en:
                            "Imported: \(result.recipients) recipients, \(result.consents) consents, \(result.newConsents ?? 0) of them new."
                    )
                } else if result.errors.isEmpty {
                    Words(
                        ru:
                            "Проверено, ничего не сохранено: получателей \(result.recipients), согласий \(result.consents), ошибок нет.",
                        en:
                            "Checked, nothing stored: \(result.recipients) recipients, \(result.consents) consents, no errors."
                    )
                } else {
                    Words(
                        ru:
                            "Ничего не сохранено: исправьте строки с ошибками (\(result.errors.count)) и загрузите файл снова.",
                        en: "Nothing was stored: mend the \(result.errors.count) rows above and import the file again.")
                }
            Console.print(words(language))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Что мы знаем о получателе · what we know of a recipient")
        @OptionGroup var options: HouseOptions
        @Argument(help: "ls:0045-12") var id: String

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let id = try RecipientID(typed: id)
                guard let found = try await house.reading({ store throws(StoreError) in try await store.recipient(id) })
                else {
                    throw Failure(.badData, ru: "получателя \(id) нет в базе", en: "no recipient \(id) in the database")
                }
                let line = RecipientLine(found)
                Console.print(options.json ? JSONText.line(line) : line.text)
            }
        }
    }
}

struct RecipientLine: Encodable {
    struct Place: Encodable {
        var channel: String
        var address: String
    }
    var id: String
    var locale: String
    var time_zone: String
    var house: String?
    var entrance: String?
    var flat: String?
    var destinations: [Place]

    init(_ recipient: Recipient) {
        id = recipient.id.text
        locale = recipient.locale
        time_zone = recipient.timeZone
        house = recipient.premises?.house
        entrance = recipient.premises?.entrance
        flat = recipient.premises?.flat
        destinations = recipient.destinations.map { Place(channel: $0.channel.rawValue, address: $0.address.masked) }
    }

    var text: String {
        let place = [house, entrance.map { "п. \($0)" }, flat.map { "кв. \($0)" }].compactMap(\.self).joined(
            separator: ", ")
        return ([id, place, "\(locale), \(time_zone)"] + destinations.map { "\($0.channel): \($0.address)" })
            .filter { !$0.isEmpty }.joined(separator: "\n  ")
    }
}

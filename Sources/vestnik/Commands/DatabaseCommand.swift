import ArgumentParser
import Domain
import Foundation
import Journal
import StoreSQLite
import Synchronization
import Wording

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "База: копия, проверка · the database: copy, check",
        subcommands: [Backup.self, Check.self])

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Снять копию на ходу · copy it while it works",
            discussion: "Копия цельная, с правами 0600 и с пометкой: запущенная из неё база ничего не отправляет, "
                + "пока её не отпустят (vestnik queue resume).")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Новый файл · a new file") var file: String

        func run() async throws {
            // The owner has another working directory.
            let target = URL(filePath: file).absoluteURL.path()
            Console.error(Words(ru: "Снимаю копию…", en: "Copying…")(options.language))
            try await carryOut(options, .backup(to: target), patience: .seconds(6 * 3600))
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Проверить страницы базы и цепочку журнала · check pages and the journal's chain",
            discussion:
                "Без файла — рабочая база, рядом с её владельцем. Ничего не меняет. Код выхода 65, если повреждена.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Копия вместо рабочей базы · a copy instead") var file: String?

        private struct Line: Encodable {
            var database: String
            var ok: Bool
            var damages: [String]
            var journal: ChainLine
            var held: String?
        }

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                let path = file ?? settings.databasePath
                do throws(StoreError) { try await check(path, settings.language) } catch {
                    throw Failure(error, path: path)
                }
            }
        }

        private func check(_ path: String, _ language: Language) async throws(StoreError) {
            let store = try SQLiteStore.openReadOnly(path)
            say(
                ru: "База \(path): проверяю страницы и индексы…", en: "Database \(path): checking pages and indexes…",
                language)
            let damages = try await store.damages()
            say(ru: "Проверяю цепочку журнала…", en: "Checking the chain of the journal…", language)
            let progress = Mutex(Progress(Words(ru: "Журнал", en: "Journal"), in: language))
            let chain = try await store.verify { done, total in
                progress.withLock { $0.show(Int(done), of: Int(total)) }
            }
            progress.withLock { $0.finish() }
            let hold = try await store.hold()
            if options.json {
                let journal = ChainLine(chain)
                Console.print(
                    JSONText.line(
                        Line(
                            database: path, ok: damages.isEmpty && journal.ok, damages: damages, journal: journal,
                            held: hold?.reason.rawValue)))
            } else {
                tell(damages, chain, hold, language)
            }
            if case .intact = chain, damages.isEmpty { return }
            throw StoreError(.corrupt, damages.first ?? "the chain of the journal is broken")
        }

        private func tell(_ damages: [String], _ chain: ChainReport, _ hold: Hold?, _ language: Language) {
            if damages.isEmpty {
                Console.print(Words(ru: "✓ страницы и индексы целы", en: "✓ pages and indexes are intact")(language))
            }
            for damage in damages.prefix(20) { Console.print("✗ \(damage)") }
            Console.print((ChainLine(chain).ok ? "✓ " : "✗ ") + chain.words(language))
            if let hold {
                Console.print(
                    Words(
                        ru: "! отправка из неё остановлена: \(hold.reason.words.ru)",
                        en: "! sending from it is stopped: \(hold.reason.words.en)")(language))
            }
        }

        private func say(ru: String, en: String, _ language: Language) {
            if !options.json { Console.error(Words(ru: ru, en: en)(language)) }
        }
    }
}

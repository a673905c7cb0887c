import ArgumentParser
import Domain
import Journal
import StoreSQLite
import Synchronization

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Журнал доказательств · the evidence journal", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Проверить цепочку: не изменил ли кто записи · check that nobody edited the chain")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let progress = Mutex(
                    Progress(Words(ru: "Проверяю журнал", en: "Checking the journal"), in: house.language))
                let verdict = try await house.reading { store throws(StoreError) in
                    try await store.verify { done, total in
                        progress.withLock { $0.show(Int(done), of: Int(total)) }
                    }
                }
                progress.withLock { $0.finish() }
                if options.json {
                    Console.print(JSONText.line(ChainLine(verdict)))
                } else {
                    Console.print(verdict.words(house.language))
                }
                if case .broken = verdict { throw ExitCode(Failure.Code.badData.rawValue) }
            }
        }
    }
}

extension ChainReport {
    var words: Words {
        switch self {
        case .intact(let rows):
            Words(
                ru: "Журнал цел: \(rows) записей, цепочка сходится.",
                en: "The journal is intact: \(rows) rows, the chain holds.")
        case .broken(let row, let rows, let why):
            Words(
                ru: "Журнал изменён: первая неверная запись — № \(row) (всего \(rows)): \(why.ru). Всё до неё цело.",
                en:
                    "The journal was altered: the first bad row is no. \(row) of \(rows): \(why.en). Everything before it is intact."
            )
        }
    }
}

struct ChainLine: Encodable {
    var ok: Bool
    var rows: Int64
    var first_bad_row: Int64?
    var why: String?
    init(_ report: ChainReport) {
        switch report {
        case .intact(let rows):
            ok = true
            self.rows = rows
        case .broken(let row, let rows, let why):
            ok = false
            self.rows = rows
            first_bad_row = row
            self.why = why.en
        }
    }
}

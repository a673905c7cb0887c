import ArgumentParser
import Domain
import FoundationEssentials
import Policy
import StoreSQLite
import Wording

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Согласия и отказы · consents and withdrawals",
        subcommands: [Grant.self, Withdraw.self, Check.self, Show.self])

    /// Who, for what, through which channel, and how we know.
    struct Word: ParsableArguments {
        @Argument(help: "Получатель: ls:0045-12 · recipient") var recipient: String
        @Argument(help: "Цель: e_receipt, news … · purpose") var purpose: String
        @Option(help: "Канал; без него — все · channel, all of them without it") var channel: String?
        @Option(help: "paper, web_form, bot, call, gis_zhkh, esia, import, operator") var source = "operator"
        @Option(help: "Чем подтверждается: скан, номер записи · what proves it") var evidence: String?
        @Option(help: "Версия текста согласия · version of the consent text") var textVersion: String?
        @Option(help: "Когда сказано, RFC 3339 · when it was said") var at: String?

        func order(_ action: String) -> Command {
            .consent(
                ConsentOrder(
                    recipient: recipient, purpose: purpose, channel: channel, action: action, source: source,
                    evidence: evidence, textVersion: textVersion, occurredAt: at))
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Записать согласие · record a consent")
        @OptionGroup var options: HouseOptions
        @OptionGroup var word: Word
        func run() async throws { try await carryOut(options, word.order("granted")) }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Записать отказ; действует сразу, и на то, что уже в очереди · record a withdrawal, effective at once")
        @OptionGroup var options: HouseOptions
        @OptionGroup var word: Word
        func run() async throws { try await carryOut(options, word.order("withdrawn")) }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Можно ли писать и почему, правило за правилом · may we write, rule by rule")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Получатель · recipient") var recipient: String
        @Argument(help: "Цель · purpose") var purpose: String
        @Option(help: "Канал · channel") var channel: String?

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let answer = try await house.ask(recipient, purpose, channel)
                Console.print(options.json ? JSONText.line(ConsentAnswerLine(answer)) : answer.text(house))
                if !answer.allowed { throw ExitCode(Failure.Code.someFailed.rawValue) }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Все записи о согласиях жителя · the whole ledger of a resident")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Получатель · recipient") var recipient: String

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let id = try RecipientID(typed: recipient)
                let ledger = try await house.reading { store throws(StoreError) in try await store.ledger(of: id) }
                if options.json { return ledger.forEach { Console.print(JSONText.line(ConsentLine($0))) } }
                var table =
                    house.language == .ru
                    ? Table("ЗАПИСЬ", "КОГДА", "ЦЕЛЬ", "КАНАЛ", "ЧТО", "ОТКУДА", "КТО ЗАПИСАЛ", "ПОДТВЕРЖДЕНИЕ")
                    : Table("RECORD", "WHEN", "PURPOSE", "CHANNEL", "WHAT", "SOURCE", "RECORDED BY", "EVIDENCE")
                for record in ledger {
                    table.add(
                        record.id.text, house.clock(record.occurredAt), record.purpose.text,
                        record.channel?.rawValue ?? "*", record.action.words(house.language),
                        record.source.words(house.language),
                        record.recordedBy, record.evidence ?? "—")
                }
                Console.print(table.render())
            }
        }
    }
}

struct ConsentLine: Encodable {
    var id: String
    var recipient: String
    var purpose: String
    var channel: String?
    var action: String
    var source: String
    var recorded_by: String
    var evidence: String?
    var text_version: String?
    var occurred_at: String
    var recorded_at: String
    init(_ record: ConsentRecord) {
        id = record.id.text
        recipient = record.recipient.text
        purpose = record.purpose.text
        channel = record.channel?.rawValue
        action = record.action.rawValue
        source = record.source.rawValue
        recorded_by = record.recordedBy
        evidence = record.evidence
        text_version = record.textVersion
        occurred_at = record.occurredAt.ISO8601Format()
        recorded_at = record.recordedAt.ISO8601Format()
    }
}

extension RecipientID {
    init(typed text: String) throws {
        guard let id = Self(text) else {
            throw Failure(
                .usage, ru: "«\(text)» не может быть номером получателя", en: "\"\(text)\" cannot be a recipient id")
        }
        self = id
    }
}

import ArgumentParser
import Domain
import FoundationEssentials
import Policy
import StoreSQLite
import Wording

struct SuppressionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppression", abstract: "Стоп-лист: адреса, на которые не пишем · addresses we do not write to",
        subcommands: [List.self, Add.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Записи стоп-листа · the list")
        @OptionGroup var options: HouseOptions
        @Option(help: "Сколько · how many") var limit = 100

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let all = try await house.reading { store throws(StoreError) in
                    try await store.suppressions(limit: limit, before: nil)
                }
                if options.json { return all.forEach { Console.print(JSONText.line(SuppressionLine($0))) } }
                var table =
                    house.language == .ru
                    ? Table("КАНАЛ", "АДРЕС", "ПРИЧИНА", "С", "ДО")
                    : Table("CHANNEL", "ADDRESS", "REASON", "SINCE", "UNTIL")
                for item in all.map(\.suppression) {
                    table.add(
                        item.destination.channel.rawValue, item.destination.address.masked,
                        item.reason.words(house.language) + (item.detail.map { ": \($0)" } ?? ""),
                        house.clock(item.since), item.until.map(house.clock) ?? "—")
                }
                Console.print(table.render())
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Больше не писать на адрес · stop writing to an address")
        @OptionGroup var options: HouseOptions
        @Argument(help: "sms, email, max …") var channel: String
        @Argument(help: "+7…, имя@…, номер чата") var address: String
        @Option(help: "Почему · why") var reason: String?
        @Option(help: "До какого времени, RFC 3339 · until") var until: String?
        func run() async throws {
            try await carryOut(options, .suppress(channel: channel, address: address, reason: reason, until: until))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Снова можно писать · allow again")
        @OptionGroup var options: HouseOptions
        @Argument(help: "sms, email, max …") var channel: String
        @Argument(help: "+7…, имя@…, номер чата") var address: String
        func run() async throws { try await carryOut(options, .lift(channel: channel, address: address)) }
    }
}

struct SuppressionLine: Encodable {
    var id: String
    var channel: String
    var address: String
    var reason: String
    var detail: String?
    var since: String
    var until: String?
    init(_ line: ListedSuppression) {
        let item = line.suppression
        id = line.id.text
        channel = item.destination.channel.rawValue
        address = item.destination.address.masked
        reason = item.reason.rawValue
        detail = item.detail
        since = item.since.ISO8601Format()
        until = item.until?.ISO8601Format()
    }
}

/// For commands whose whole answer is one sentence.
func carryOut(_ options: HouseOptions, _ command: Command, patience: Duration = .seconds(120)) async throws {
    try await report(in: options.language) {
        let settings = try LoadedSettings.load(options)
        let sentence: String
        switch try await carryOut(command, settings, patience: patience) {
        case .done(let text): sentence = text
        case .said(let ru, let en): sentence = Words(ru: ru, en: en)(settings.language)
        case .items, .imported, .webhook, .refused, .pong: return
        }
        Console.print(options.json ? JSONText.line(["result": sentence]) : sentence)
    }
}

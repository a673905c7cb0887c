import ArgumentParser
import Delivery
import Domain
import Queue

struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider", abstract: "Провайдеры: кто работает, пауза · accounts: which work, pause",
        subcommands: [List.self, Pause.self, Resume.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Провайдеры и их состояние · accounts and their state")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let standings = try await house.providers(at: Clocks.now().wall)
                if options.json { return standings.forEach { Console.print(JSONText.line(ProviderLine($0))) } }
                var table =
                    house.language == .ru
                    ? Table("ПРОВАЙДЕР", "ВИД", "КАНАЛЫ", "ВЕС", "СКОРОСТЬ", "СЕГОДНЯ", "СОСТОЯНИЕ")
                    : Table("PROVIDER", "KIND", "CHANNELS", "WEIGHT", "RATE", "TODAY", "STATE")
                for standing in standings {
                    table.add(
                        standing.account.id.text, standing.account.kind,
                        standing.account.channels.map(\.rawValue).joined(separator: ", "),
                        "\(standing.account.limits.weight)",
                        standing.rate(house.language), standing.today(house.language), standing.words(house))
                }
                Console.print(table.render())
                await house.warnIfHeld()
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Не отправлять через провайдера, пока не включат · stop using an account",
            discussion:
                "Сообщения ждут или уходят через других провайдеров канала. Действует сразу и после перезапуска.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Имя из providers: · its name in providers:") var id: String
        @Option(help: "Почему, для тех, кто посмотрит позже · why, for whoever looks later") var reason: String?
        func run() async throws { try await carryOut(options, .pauseProvider(id: id, note: reason)) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Снова отправлять · use it again")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Имя из providers: · its name in providers:") var id: String
        func run() async throws { try await carryOut(options, .resumeProvider(id: id)) }
    }
}

import ArgumentParser
import Domain
import Journal
import StoreSQLite
import Wording

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Очередь · the queue", subcommands: [Stats.self])

    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Сколько ждёт и как давно · how much waits, and since when")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let stats = try await house.reading { store throws(StoreError) in
                    try await store.stats(at: Clocks.now())
                }
                if options.json { return Console.print(JSONText.line(StatsLine(stats))) }
                var table =
                    house.language == .ru
                    ? Table("ПРИОРИТЕТ", "ЖДЁТ", "ОТПР.", "ОТЛОЖЕНО", "СТАРЕЙШЕЕ")
                    : Table("PRIORITY", "WAITING", "SENDING", "HELD", "OLDEST")
                for row in stats.rows {
                    table.add(
                        row.priority.name, "\(row.waiting)", "\(row.sending)", "\(row.held)",
                        row.oldest.map { house.span($0) } ?? "—")
                }
                Console.print(table.render())
                let states = MessageState.allCases.compactMap { state in
                    stats.states[state].map { "\(state.words(house.language)): \($0)" }
                }
                if !states.isEmpty { Console.print("\n" + states.joined(separator: " · ")) }
            }
        }
    }
}

struct StatsLine: Encodable {
    struct Row: Encodable {
        var priority: String
        var waiting: Int
        var sending: Int
        var held: Int
        var oldest_seconds: Double?
    }
    var queues: [Row]
    var states: [String: Int]
    init(_ stats: QueueStats) {
        queues = stats.rows.map {
            Row(
                priority: $0.priority.name, waiting: $0.waiting, sending: $0.sending, held: $0.held,
                oldest_seconds: $0.oldest?.seconds)
        }
        states = [:]
        for (state, count) in stats.states { states[state.rawValue] = count }
    }
}

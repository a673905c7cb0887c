import ArgumentParser
import Domain
import Journal
import StoreSQLite
import Wording

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Очередь · the queue",
        subcommands: [Stats.self, Held.self, Pause.self, Resume.self])

    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Сколько ждёт и как давно · how much waits, and since when")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let now = Clocks.now()
                let (stats, lines, hold) = try await house.reading { store throws(StoreError) in
                    (
                        try await store.stats(at: now), try await store.queueLines(at: now),
                        try await store.standstill()?.hold
                    )
                }
                if options.json { return Console.print(JSONText.line(StatsLine(stats, lines, hold))) }
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
                await house.warnIfHeld()
            }
        }
    }

    struct Held: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Почему отправка стоит и что ушло бы · why sending is stopped and what would go")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let (standstill, backlog) = try await house.reading { store throws(StoreError) in
                    (try await store.standstill(), try await store.backlog())
                }
                if standstill == nil, !options.json {
                    return Console.print(
                        Words(ru: "Отправка не остановлена.", en: "Sending is not stopped.")(house.language))
                }
                let outlook = try await BacklogOutlook.of(house, at: Clocks.now())
                if options.json { return Console.print(JSONText.line(HeldLine(standstill, backlog, outlook))) }
                guard let standstill else { return }
                let notice = HoldNotice(standstill: standstill, backlog: backlog)
                Console.print(notice.headline(house.clock)(house.language))
                Console.print(standstill.hold.reason.advice(house.language))
                if !backlog.isEmpty {
                    Console.print("\n" + notice.table(outlook, house.language, house.clock).render())
                }
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Остановить всю отправку, приём идёт · stop all sending, accept on")
        @OptionGroup var options: HouseOptions
        func run() async throws { try await carryOut(options, .holdQueue) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Отправлять снова, в том числе из копии базы · send again, also from a copy")
        @OptionGroup var options: HouseOptions
        func run() async throws { try await carryOut(options, .releaseQueue) }
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
    struct Line: Encodable {
        var channel: String
        var priority: String
        var waiting: Int
        var held: Int
        var oldest_seconds: Double?
    }
    var queues: [Row]
    var lines: [Line]
    /// What holds messages back: `quiet_hours`, `backoff` …
    var held_reasons: [String: Int]
    var states: [String: Int]
    /// Why nothing leaves, if so.
    var held: String?
    init(_ stats: QueueStats, _ lines: [QueueLine], _ hold: Hold?) {
        held = hold?.reason.rawValue
        queues = stats.rows.map {
            Row(
                priority: $0.priority.name, waiting: $0.waiting, sending: $0.sending, held: $0.held,
                oldest_seconds: $0.oldest?.seconds)
        }
        self.lines = lines.map {
            Line(
                channel: $0.channel.rawValue, priority: $0.priority.name, waiting: $0.waiting,
                held: $0.held.values.reduce(0, +), oldest_seconds: $0.oldest?.seconds)
        }
        held_reasons = [:]
        for (reason, count) in lines.heldReasons { held_reasons[reason.rawValue] = count }
        states = [:]
        for (state, count) in stats.states { states[state.rawValue] = count }
    }
}

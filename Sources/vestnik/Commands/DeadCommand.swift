import ArgumentParser
import Domain
import FoundationEssentials
import Intake
import Journal
import StoreSQLite
import Wording

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Недоставленные: список, повтор, списание · messages that go no further by themselves",
        subcommands: [List.self, Retry.self, Drop.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Что не дошло или осталось без ответа · what did not arrive or was never answered")
        @OptionGroup var options: HouseOptions
        @OptionGroup var which: DeadLetterOptions
        @Option(help: "Сколько, 1…250 · how many") var limit = 50
        @Option(help: "Продолжить после сообщения · continue after this message") var after: String?

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                guard (1...250).contains(limit) else {
                    throw Failure(.usage, ru: "--limit: от 1 до 250", en: "--limit: 1 to 250")
                }
                let filter = try which.filter(house.settings)
                let after = try after.map(MessageID.init(typed:))
                let page = try await house.reading { store throws(StoreError) in
                    try await store.deadLetters(filter, limit: limit, after: after)
                }
                if options.json { return page.forEach { Console.print(JSONText.line(DeadLine($0, house.language))) } }
                Console.print(DeadTable(letters: page, house: house).text)
                Console.error(closing(try await house.deadLetters(filter), page)(house.language))
            }
        }

        private func closing(_ all: [DeadLetter], _ page: [DeadLetter]) -> Words {
            let unsure = all.count { $0.mayHaveArrived }
            let failed = all.count - unsure
            let more = page.count == limit ? page.last.map { " --after \($0.message)" } ?? "" : ""
            var ru = "Всего \(all.count): не доставлено \(failed), без ответа \(unsure)."
            var en = "\(all.count) in all: \(failed) not delivered, \(unsure) without an answer."
            if !more.isEmpty { (ru, en) = (ru + " Дальше:\(more)", en + " More:\(more)") }
            if failed > 0 {
                let command = "vestnik dead retry\(which.text) --expected-count \(failed)"
                (ru, en) = (ru + "\nПовторить недоставленные: \(command)", en + "\nRetry the failed ones: \(command)")
            }
            if unsure > 0 {
                let command = "vestnik dead drop\(which.text) --expected-count \(unsure)"
                (ru, en) = (
                    ru + "\nСписать те, что без ответа: \(command)", en + "\nWrite the unanswered off: \(command)"
                )
            }
            return Words(ru: ru, en: en)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Отправить ещё раз новым сообщением · send again as a new message",
            discussion: "Сообщения названы по номерам или отобраны; отбор требует --expected-count. "
                + "Каждое повторяется один раз. Где неизвестно, дошло ли, житель может получить второй экземпляр: "
                + "такие повторяются только с --even-unconfirmed.")
        @OptionGroup var options: HouseOptions
        @OptionGroup var which: DeadLetterOptions
        @Argument(help: "msg_…") var ids: [String] = []
        @Option(help: "Сколько их должно быть · how many there must be") var expectedCount: Int?
        @Flag(help: "И те, что могли дойти: возможен второй экземпляр · also where a second copy may arrive")
        var evenUnconfirmed = false

        func run() async throws {
            let bulk = DeadLetterBulk(options: options, which: which, ids: ids, expectedCount: expectedCount)
            try await bulk.run(
                Words(ru: "Повторяю", en: "Retrying"), .retry(evenUnconfirmed: evenUnconfirmed),
                leaving: Words(
                    ru: "без ответа, могли дойти, оставлены (--even-unconfirmed повторит и их)",
                    en: "without an answer may have arrived and are left alone (--even-unconfirmed retries them too)")
            ) { .retry(ids: $0, evenUnconfirmed: evenUnconfirmed) }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Списать то, о чём уже не узнать · give up finding out what became of them",
            discussion: "Касается только сообщений без ответа: они станут «не доставлено». Житель мог их получить.")
        @OptionGroup var options: HouseOptions
        @OptionGroup var which: DeadLetterOptions
        @Argument(help: "msg_…") var ids: [String] = []
        @Option(help: "Сколько их должно быть · how many there must be") var expectedCount: Int?

        func run() async throws {
            let bulk = DeadLetterBulk(options: options, which: which, ids: ids, expectedCount: expectedCount)
            try await bulk.run(
                Words(ru: "Списываю", en: "Writing off"), .drop,
                leaving: Words(
                    ru: "уже закрыты как недоставленные, списывать нечего",
                    en: "are closed as not delivered, there is nothing to write off")
            ) { .writeOff(ids: $0) }
        }
    }
}

/// Which of them.
struct DeadLetterOptions: ParsableArguments {
    @Option(help: "Причина: no_answer, unknown_address … · reason") var reason: String?
    @Option(help: "Канал · channel") var channel: String?
    @Option(help: "Цель · purpose") var purpose: String?
    @Option(help: "С какого времени: 24h, 7d или RFC 3339 · from when") var since: String?

    func filter(_ settings: LoadedSettings) throws -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        filter.reason = try reason.map(DeliveryFailure.Reason.init(typed:))
        filter.channel = try channel.map(Channel.init(typed:))
        filter.purpose = try purpose.map { try settings.purpose(named: $0).id }
        filter.since = try since.map { try Date(typed: $0, before: Clocks.now().wall) }
        return filter
    }

    var isEmpty: Bool { [reason, channel, purpose, since].allSatisfy { $0 == nil } }

    /// As it would be typed again.
    var text: String {
        [("reason", reason), ("channel", channel), ("purpose", purpose), ("since", since)]
            .compactMap { name, value in value.map { " --\(name) \($0)" } }.joined()
    }
}

/// One bulk action: the filter is looked at once, its count must be the expected one, and then it goes page by page.
struct DeadLetterBulk {
    let options: HouseOptions
    let which: DeadLetterOptions
    let ids: [String]
    let expectedCount: Int?

    init(options: HouseOptions, which: DeadLetterOptions, ids: [String], expectedCount: Int?) {
        self.options = options
        self.which = which
        self.ids = ids
        self.expectedCount = expectedCount
    }

    func run(
        _ label: Words, _ action: DeadLetterAction, leaving: Words, _ command: ([String]) -> Command
    ) async throws {
        try await report(in: options.language) {
            let settings = try LoadedSettings.load(options)
            let ids = try await chosen(action, leaving)
            guard !ids.isEmpty else {
                return Console.error(
                    Words(ru: "Таких сообщений нет.", en: "There are no such messages.")(settings.language))
            }
            let order = PagedOrder(label: label, options: options, settings: settings)
            let tally = try await order.carryOut(ids, stopped: closing, command)
            if !options.json { Console.error(closing(tally)(settings.language)) }
            if tally.refused > 0 { throw ExitCode(Failure.Code.someFailed.rawValue) }
        }
    }

    private func closing(_ tally: PagedOrder.Tally) -> Words {
        Words(
            ru:
                "Сделано \(tally.carriedOut) из \(tally.total), отказано \(tally.refused). Дальше: vestnik dead list · vestnik logs --follow",
            en:
                "\(tally.carriedOut) of \(tally.total) done, \(tally.refused) refused. Next: vestnik dead list · vestnik logs --follow"
        )
    }

    private func chosen(_ action: DeadLetterAction, _ leaving: Words) async throws -> [String] {
        guard ids.isEmpty else {
            guard which.isEmpty else {
                throw Failure(.usage, ru: "либо номера, либо отбор", en: "either ids or a filter")
            }
            try agree(on: ids.count, optional: true)
            return ids
        }
        let house = try ReadingRoom.open(options)
        let filter = try which.filter(house.settings)
        let choice = try await house.reading { store throws(StoreError) in
            try await DeadLetterChoice(filter, for: action, in: store)
        }
        if choice.others > 0 {
            Console.error(
                Words(ru: "\(choice.others) \(leaving.ru)", en: "\(choice.others) \(leaving.en)")(house.language))
        }
        try agree(on: choice.ids.count, optional: false)
        return choice.ids.map(\.text)
    }

    private func agree(on found: Int, optional: Bool) throws {
        guard let expectedCount else {
            if optional || found == 0 { return }
            throw Failure(
                .usage, ru: "нашлось \(found). Чтобы сделать это со всеми, повторите с --expected-count \(found)",
                en: "\(found) found. To do it with all of them, repeat with --expected-count \(found)")
        }
        guard expectedCount == found else {
            throw Failure(
                .badData,
                ru: "нашлось \(found), а ожидалось \(expectedCount): ничего не сделано. Посмотрите: vestnik dead list",
                en: "\(found) found, \(expectedCount) expected: nothing was done. Look: vestnik dead list")
        }
    }
}

extension ReadingRoom {
    /// All of them, newest first, read in pages.
    func deadLetters(_ filter: DeadLetterFilter) async throws -> [DeadLetter] {
        var all: [DeadLetter] = []
        while true {
            let page = try await reading { [last = all.last?.message] store throws(StoreError) in
                try await store.deadLetters(filter, limit: 1000, after: last)
            }
            all += page
            if page.count < 1000 { return all }
        }
    }
}

extension DeliveryFailure.Reason {
    init(typed text: String) throws {
        guard let reason = Self(rawValue: text) else {
            throw Failure.unknown(
                ru: "причины «\(text)» нет", en: "no reason \"\(text)\"", text, among: Self.allCases.map(\.rawValue))
        }
        self = reason
    }
}

extension Date {
    /// `30m`, `24h`, `7d` before now, or RFC 3339.
    init(typed text: String, before now: Date) throws {
        let seconds: [UInt8: Double] = [
            UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400,
        ]
        if let unit = text.utf8.last.flatMap({ seconds[$0] }), let count = Int(text.dropLast()),
            (0...100_000).contains(count)
        {
            self = now.addingTimeInterval(-Double(count) * unit)
        } else {
            try self.init(typed: text)
        }
    }
}

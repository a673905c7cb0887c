import ArgumentParser
import Domain
import Journal
import StoreSQLite

struct MessagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: "Сообщения: список, одно целиком, отмена, повтор · messages",
        subcommands: [List.self, Show.self, Cancel.self, Retry.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Список, новые сверху · newest first")
        @OptionGroup var options: HouseOptions
        @Option(help: "queued, sending, sent, unconfirmed, delivered, failed, suppressed, expired, cancelled")
        var status: [String] = []
        @Option(help: "Цель · purpose") var purpose: String?
        @Option(help: "Канал · channel") var channel: String?
        @Option(help: "Получатель: ls:0045-12 · recipient") var recipient: String?
        @Option(help: "Ваш номер · your reference") var reference: String?
        @Option(help: "Сколько, 1…250 · how many") var limit = 50
        @Option(help: "Продолжить после сообщения · continue after this message") var after: String?

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let filter = try filter(house)
                guard (1...250).contains(limit) else {
                    throw Failure(.usage, ru: "--limit: от 1 до 250", en: "--limit: 1 to 250")
                }
                let after = try after.map(MessageID.init(typed:))
                let page = try await house.reading { store throws(StoreError) in
                    try await store.messages(filter, limit: limit, after: after)
                }
                let (paused, now) = (await house.pausedChannels(), Clocks.now().wall)
                print(page.map { $0.seen(with: paused, at: now) }, house)
                await house.warnIfHeld()
            }
        }

        private func filter(_ house: ReadingRoom) throws -> MessageFilter {
            var filter = MessageFilter()
            filter.states = Set(try status.map(MessageState.init(typed:)))
            filter.purpose = try purpose.map { try house.settings.purpose(named: $0).id }
            filter.channel = try channel.map(Channel.init(typed:))
            filter.recipient = try recipient.map(RecipientID.init(typed:))
            filter.reference = reference
            return filter
        }

        private func print(_ page: [MessageView], _ house: ReadingRoom) {
            if options.json { return page.forEach { Console.print(JSONText.line(MessageRow($0))) } }
            var table =
                house.language == .ru
                ? Table("СООБЩЕНИЕ", "ПРИНЯТО", "ПОЛУЧАТЕЛЬ", "ЦЕЛЬ", "КАНАЛ", "ПРОВАЙДЕР", "СОСТОЯНИЕ")
                : Table("MESSAGE", "ACCEPTED", "RECIPIENT", "PURPOSE", "CHANNEL", "PROVIDER", "STATUS")
            for view in page {
                table.add(
                    view.message.id.text, house.clock(view.message.acceptedAt), view.addressee,
                    view.message.purpose.text,
                    (view.line ?? view.channel)?.rawValue ?? "—", view.provider?.text ?? "—",
                    view.standing(house.language, house.clock))
            }
            Console.print(table.render())
            if page.count == limit, let last = page.last {
                Console.error(
                    Words(
                        ru: "Показано \(page.count), есть ещё: --after \(last.message.id)",
                        en: "\(page.count) shown, there is more: --after \(last.message.id)")(house.language))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Одно сообщение и его ход · one message and its timeline")
        @OptionGroup var options: HouseOptions
        @Argument(help: "msg_…") var id: String

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let id = try MessageID(typed: id)
                let (view, timeline) = try await house.reading { store throws(StoreError) in
                    (try await store.message(id), try await store.timeline(of: id))
                }
                guard let view = view?.seen(with: await house.pausedChannels(), at: Clocks.now().wall) else {
                    throw Failure(.badData, ru: "сообщения \(id) нет в базе", en: "no message \(id) in the database")
                }
                if options.json {
                    Console.print(JSONText.line(MessageDossier(view, timeline)))
                } else {
                    Console.print(MessagePage(view: view, timeline: timeline, house: house).text)
                }
                if view.state == .queued { await house.warnIfHeld() }
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Отменить то, что ещё в очереди · cancel what still waits")
        @OptionGroup var options: HouseOptions
        @Argument(help: "msg_…") var ids: [String]
        func run() async throws { try await change(options, .cancel(ids: ids)) }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Повторить новым сообщением · send again as a new message",
            discussion: "Итоговое сообщение не меняется: повтор — новое сообщение со ссылкой retry_of, один на каждое: "
                + "снова повторяют уже его. "
                + "Где неизвестно, дошло ли, житель может получить второй экземпляр: нужно --even-unconfirmed.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "msg_…") var ids: [String]
        @Flag(help: "И те, что могли дойти: возможен второй экземпляр · also where a second copy may arrive")
        var evenUnconfirmed = false
        func run() async throws {
            try await change(options, .retry(ids: ids, evenUnconfirmed: evenUnconfirmed))
        }
    }

    private static func change(_ options: HouseOptions, _ command: Command) async throws {
        try await report(in: options.language) {
            let settings = try LoadedSettings.load(options)
            guard case .items(let items) = try await carryOut(command, settings) else { return }
            for item in items { Console.print(options.json ? JSONText.line(item) : item.line(in: settings.language)) }
            if items.contains(where: { $0.problem != nil || $0.detail != nil }) {
                throw ExitCode(Failure.Code.someFailed.rawValue)
            }
        }
    }
}

extension MessageState {
    init(typed text: String) throws {
        guard let state = Self(rawValue: text) else {
            throw Failure.unknown(
                ru: "состояния «\(text)» нет", en: "no state \"\(text)\"", text, among: Self.allCases.map(\.rawValue))
        }
        self = state
    }
}

extension ID {
    /// - Throws: a usage failure that shows the form an id has.
    init(typed text: String) throws {
        guard let id = Self(text) else {
            throw Failure(
                .usage, ru: "«\(text)» не номер; номер выглядит так: \(Self(raw: 1).text)",
                en: "\"\(text)\" is not an id; an id looks like \(Self(raw: 1).text)")
        }
        self = id
    }
}

import ArgumentParser
import Domain
import Foundation
import Journal
import StoreSQLite

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Вебхуки: кому рассказывать о событиях · whom to tell of events",
        discussion: """
            vestnik webhook add https://billing.example/vestnik --client billing --type message.*
            vestnik webhook listen --secret whsec_…        приёмник на этой машине, для разработчика
            """,
        subcommands: [
            List.self, Add.self, Test.self, Listen.self, Deliveries.self, Replay.self, Rotate.self, On.self, Off.self,
            Remove.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Все вебхуки · all of them")
        @OptionGroup var options: HouseOptions

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let all = try await house.reading { store throws(StoreError) in try await store.webhooks() }
                if options.json { return all.forEach { Console.print(JSONText.line(WebhookReply($0))) } }
                var table =
                    house.language == .ru
                    ? Table("ВЕБХУК", "КЛИЕНТ", "СОБЫТИЯ", "СОСТОЯНИЕ", "АДРЕС")
                    : Table("WEBHOOK", "CLIENT", "EVENTS", "STATE", "URL")
                for webhook in all.map({ WebhookReply($0) }) {
                    table.add(
                        webhook.id, webhook.client ?? "*",
                        webhook.types.isEmpty ? "*" : webhook.types.joined(separator: ", "), webhook.status,
                        webhook.url)
                }
                Console.print(table.render())
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Новый вебхук; секрет показывается один раз · a new one; its secret is shown once")
        @OptionGroup var options: HouseOptions
        @Argument(help: "https://…") var url: String
        @Option(help: "Событие или группа: message.failed, message.*; можно несколько · events or groups")
        var type: [String] = []
        @Option(help: "Только сообщения этого клиента · messages of this client only") var client: String?
        @Flag(help: "И согласия, стоп-лист, провайдеры · also consents, suppressions, providers") var house = false

        func run() async throws {
            try await order(options, .add(url: url, types: type, client: client, house: house))
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Отправить подписанный webhook.test · send a signed webhook.test")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        func run() async throws { try await order(options, .test(id: id)) }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Новый секрет; сутки подписи идут обоими · a new secret; both sign for a day")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        func run() async throws { try await order(options, .rotate(id: id)) }
    }

    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Включить снова, с места остановки · switch on, from where it stopped")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        func run() async throws { try await order(options, .turn(id: id, on: true)) }
    }

    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Выключить · switch off")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        func run() async throws { try await order(options, .turn(id: id, on: false)) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Удалить · remove")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        func run() async throws { try await order(options, .remove(id: id)) }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Отправить события заново · send events again",
            discussion: """
                vestnik webhook replay wh_… --failed
                vestnik webhook replay wh_… --event evt_… --event evt_…
                vestnik webhook replay wh_… --after evt_… --until evt_…
                """)
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        @Option(help: "evt_…") var event: [String] = []
        @Option(help: "Все после этого · all after it") var after: String?
        @Option(help: "До этого включительно · up to and with it") var until: String?
        @Flag(help: "Все, от которых отступились · all that were given up") var failed = false

        func validate() throws {
            let chosen = [!event.isEmpty, after != nil, failed].count { $0 }
            guard chosen == 1 else {
                throw ValidationError("Одно из --event, --after, --failed · one of --event, --after, --failed")
            }
            for text in event + [after, until].compactMap({ $0 }) where EventID(text) == nil {
                throw ValidationError("\(text): нужно evt_… · evt_… is needed")
            }
        }

        func run() async throws {
            if failed { return try await order(options, .replayFailed(id: id)) }
            if let after { return try await order(options, .replayRange(id: id, after: after, until: until)) }
            try await order(options, .replay(id: id, events: event))
        }
    }

    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Что отправлено и что нет · what was taken and what was not")
        @OptionGroup var options: HouseOptions
        @Argument(help: "wh_…") var id: String
        @Option(help: "pending, delivered, failed") var status: String?
        @Option(help: "Сколько, до 250 · how many, up to 250") var limit = 50

        func run() async throws {
            try await report(in: options.language) {
                guard let webhook = WebhookID(id) else {
                    throw Failure(.usage, ru: "\(id): нужно wh_…", en: "\(id): wh_… is needed")
                }
                let wanted = try status.map { text in
                    guard let status = WebhookDelivery.Status(rawValue: text) else {
                        throw Failure.unknown(
                            ru: "состояния «\(text)» нет", en: "no status \"\(text)\"", text,
                            among: WebhookDelivery.Status.allCases.map(\.rawValue))
                    }
                    return status
                }
                let house = try ReadingRoom.open(options)
                let all = try await house.reading { store throws(StoreError) in
                    try await store.deliveries(of: webhook, status: wanted, limit: limit, after: nil)
                }
                if options.json { return all.forEach { Console.print(JSONText.line(DeliveryLine($0))) } }
                var table =
                    house.language == .ru
                    ? Table("СОБЫТИЕ", "СОСТОЯНИЕ", "ПОПЫТОК", "СЛЕДУЮЩАЯ", "КОД", "ОШИБКА")
                    : Table("EVENT", "STATUS", "ATTEMPTS", "NEXT", "CODE", "ERROR")
                for item in all {
                    table.add(
                        item.event.text, item.status.rawValue, "\(item.attempts)",
                        item.nextAt.map(house.clock) ?? "—", item.code.map(String.init) ?? "—", item.error ?? "")
                }
                Console.print(table.render())
            }
        }
    }
}

private struct DeliveryLine: Encodable {
    var event: String
    var status: String
    var attempts: Int
    var nextAt: String?
    var code: Int?
    var error: String?
    init(_ delivery: WebhookDelivery) {
        event = delivery.event.text
        status = delivery.status.rawValue
        attempts = delivery.attempts
        nextAt = delivery.nextAt?.ISO8601Format()
        code = delivery.code
        error = delivery.error
    }
    enum CodingKeys: String, CodingKey {
        case event, status, attempts
        case nextAt = "next_at"
        case code, error
    }
}

/// Carries an order out and prints what came of it.
private func order(_ options: HouseOptions, _ order: WebhookOrder) async throws {
    try await report(in: options.language) {
        let settings = try LoadedSettings.load(options)
        switch try await carryOut(.webhook(order), settings) {
        case .webhook(let webhook):
            Console.print(options.json ? JSONText.line(webhook) : webhook.text(settings.language))
            if webhook.taken == false { throw ExitCode(Failure.Code.someFailed.rawValue) }
        case .said(let ru, let en):
            let sentence = Words(ru: ru, en: en)(settings.language)
            Console.print(options.json ? JSONText.line(["result": sentence]) : sentence)
        case .items, .imported, .done, .refused, .pong: return
        }
    }
}

extension WebhookReply {
    fileprivate func text(_ language: Language) -> String {
        var lines = ["\(id)  \(status)  \(url)"]
        if let secret {
            lines.append(
                Words(
                    ru: "секрет, больше его не покажут: \(secret)", en: "the secret, not shown again: \(secret)")(
                        language))
        }
        if let taken {
            let answer = [code.map { "HTTP \($0)" }, taken ? nil : error].compactMap { $0 }.joined(separator: ", ")
            lines.append(
                (taken ? Words(ru: "принял: ", en: "taken: ") : Words(ru: "не принял: ", en: "not taken: "))(language)
                    + answer)
        }
        return lines.joined(separator: "\n")
    }
}

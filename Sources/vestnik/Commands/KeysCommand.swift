import ArgumentParser
import Domain
import Foundation
import Intake
import Policy
import StoreSQLite

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Ключи API: кто может вызывать шлюз · API keys",
        subcommands: [Create.self, List.self, Revoke.self, GuestsCommand.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Новый ключ; показывается один раз · a new key, shown once",
            discussion: """
                live — настоящая отправка; team — только список гостей (vestnik keys guests); test — ничего не уходит.
                Права: messages:write messages:read consents:write ops:read ops:write admin; без --scope — первые два.
                Не больше двух действующих ключей каждого режима на систему: старый и новый на время замены.
                """)
        @OptionGroup var options: HouseOptions
        @Option(help: "Вызывающая система · the calling system: billing-1c") var client: String
        @Option(help: "live, team, test") var mode = KeyMode.live.rawValue
        @Option(help: "Право, можно повторять · scope, repeatable") var scope: [String] = []
        @Option(help: "Разрешённый шаблон, можно повторять · allowed template") var template: [String] = []
        @Option(help: "Разрешённый канал, можно повторять · allowed channel") var channel: [String] = []
        @Option(help: "Сообщений в день · messages per day") var dailyCap: Int?
        @Option(help: "Срок: 90d, 24h или RFC 3339 · until when") var expires: String?
        @Option(help: "Откуда можно: 10.20.0.0/16, можно повторять · from where") var from: [String] = []
        @Option(help: "Пометка для людей · a note for people") var note: String?

        func run() async throws {
            try await report(in: options.language) {
                let settings = try LoadedSettings.load(options)
                let fresh = FreshKey(try KeyMode(typed: mode), random: Clocks.secretBytes(40))
                let until = try expires.map { try Date(typed: $0, after: Clocks.now().wall) }
                let order = KeyOrder(
                    id: fresh.id, digest: fresh.digest, client: client, mode: mode, scopes: scope,
                    templates: template, channels: channel, dailyCap: dailyCap,
                    expires: until?.ISO8601Format(), networks: from, note: note)
                guard case .said(let ru, let en) = try await carryOut(.createKey(order), settings) else { return }
                if options.json {
                    return Console.print(
                        JSONText.line(
                            FreshKeyLine(
                                id: fresh.id, key: fresh.text, client: client, mode: mode, expires_at: order.expires)))
                }
                Console.error(Words(ru: ru, en: en)(settings.language))
                Console.error(
                    Words(
                        ru: "Сохраните его сейчас: больше он не покажется нигде.",
                        en: "Keep it now: it is shown nowhere again.")(settings.language))
                Console.print(fresh.text)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Все ключи, без секретов · all keys, no secrets")
        @OptionGroup var options: HouseOptions
        @Option(help: "Только этой системы · of this system only") var client: String?

        func run() async throws {
            try await report(in: options.language) {
                let house = try ReadingRoom.open(options)
                let now = Clocks.now().wall
                let all = try await house.reading { store throws(StoreError) in try await store.keys() }
                let keys = all.filter { client == nil || $0.client.text == client }
                if options.json { return keys.forEach { Console.print(JSONText.line(KeyLine($0, at: now))) } }
                var table =
                    house.language == .ru
                    ? Table("КЛЮЧ", "СИСТЕМА", "РЕЖИМ", "СОСТОЯНИЕ", "ПРАВА", "ДО", "ИСПОЛЬЗОВАН", "ПОМЕТКА")
                    : Table("KEY", "CLIENT", "MODE", "STATUS", "SCOPES", "UNTIL", "LAST USED", "NOTE")
                for key in keys {
                    table.add(
                        key.id, key.client.text, key.mode.rawValue, key.status(at: now).words(house.language),
                        key.scopes.map(\.rawValue).sorted().joined(separator: " "),
                        key.expires.map(house.clock) ?? "—", key.lastUsed.map(house.clock) ?? "—", key.note ?? "")
                }
                Console.print(table.render())
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Отозвать ключ · revoke a key")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Номер ключа: 8 знаков после vk_live_ · the key's id") var id: String
        func run() async throws {
            // Somebody may paste the whole key: what is secret in it goes no further than here.
            let parts = id.split(separator: "_", maxSplits: 3).map(String.init)
            try await carryOut(options, .revokeKey(id: parts.count >= 3 && parts[0] == "vk" ? parts[2] : id))
        }
    }
}

struct GuestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guests", abstract: "Список гостей: кого достают ключи team · whom team keys reach",
        subcommands: [Add.self, Remove.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Добавить · add")
        @OptionGroup var options: HouseOptions
        @Option(help: "Вызывающая система · the calling system") var client: String
        @Argument(help: "+7…, имя@…, max:НОМЕР, ls:0045-12") var guest: String
        func run() async throws {
            try await carryOut(options, .guest(GuestOrder(client: client, guest: guest, joins: true)))
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Убрать · remove")
        @OptionGroup var options: HouseOptions
        @Option(help: "Вызывающая система · the calling system") var client: String
        @Argument(help: "+7…, имя@…, max:НОМЕР, ls:0045-12") var guest: String
        func run() async throws {
            try await carryOut(options, .guest(GuestOrder(client: client, guest: guest, joins: false)))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Показать · show")
        @OptionGroup var options: HouseOptions
        @Option(help: "Вызывающая система · the calling system") var client: String

        func run() async throws {
            try await report(in: options.language) {
                let client = try ClientName(typed: client)
                let house = try ReadingRoom.open(options)
                let guests = try await house.reading { store throws(StoreError) in
                    try await store.guests(of: client.text)
                }
                for guest in guests {
                    Console.print(
                        options.json ? JSONText.line(["client": client.text, "guest": guest.masked]) : guest.masked)
                }
            }
        }
    }
}

private struct FreshKeyLine: Encodable {
    var id: String
    var key: String
    var client: String
    var mode: String
    var expires_at: String?
}

struct KeyLine: Encodable {
    var id: String
    var client: String
    var mode: String
    var status: String
    var scopes: [String]
    var templates: [String]?
    var channels: [String]?
    var daily_cap: Int?
    var from: [String]?
    var created_at: String
    var expires_at: String?
    var revoked_at: String?
    var last_used_at: String?
    var note: String?

    init(_ key: KeyRecord, at now: Date) {
        id = key.id
        client = key.client.text
        mode = key.mode.rawValue
        status = key.status(at: now).rawValue
        scopes = key.scopes.map(\.rawValue).sorted()
        templates = key.templates?.sorted()
        channels = key.channels?.map(\.rawValue).sorted()
        daily_cap = key.dailyCap
        from = key.networks.isEmpty ? nil : key.networks.map(\.text)
        created_at = key.created.ISO8601Format()
        expires_at = key.expires?.ISO8601Format()
        revoked_at = key.revoked?.ISO8601Format()
        last_used_at = key.lastUsed?.ISO8601Format()
        note = key.note
    }
}

extension KeyRecord.Status {
    fileprivate func words(_ language: Language) -> String {
        switch self {
        case .active: Words(ru: "действует", en: "active")(language)
        case .expired: Words(ru: "истёк", en: "expired")(language)
        case .revoked: Words(ru: "отозван", en: "revoked")(language)
        }
    }
}

extension Date {
    /// `24h`, `90d` from now on, or RFC 3339.
    fileprivate init(typed text: String, after now: Date) throws {
        let seconds: [UInt8: Double] = [UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400]
        if let unit = text.utf8.last.flatMap({ seconds[$0] }), let count = Int(text.dropLast()),
            (1...100_000).contains(count)
        {
            self = now.addingTimeInterval(Double(count) * unit)
        } else {
            try self.init(typed: text)
        }
    }
}

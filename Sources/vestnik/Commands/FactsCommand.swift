import ArgumentParser
import Domain
import Foundation
import Policy
import StoreSQLite

struct FactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts", abstract: "Сведения о лицевых счетах: баланс · facts of accounts: the balance",
        discussion: """
            По ним перед отправкой проверяется условие сообщения: {"account": "0045-12", "if": "balance > 0"}.
            Баланс — сколько должен житель: больше нуля — долг, 0.00 — оплачено, меньше нуля — переплата.
            """, subcommands: [Set.self, Show.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Записать баланс · note the balance",
            discussion: "vestnik facts set 0045-12 --balance 0.00 --as-of 2026-11-24T10:00:00+03:00")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Лицевой счёт: 0045-12 · account") var account: String
        // `--balance -12.50` would be two flags.
        @Option(parsing: .unconditional, help: "Долг в рублях: 3250.50; -12.00 — переплата · what is owed")
        var balance: String
        @Option(help: "На какое время, RFC 3339; без него — сейчас · as of") var asOf: String?
        func run() async throws {
            try await carryOut(options, .facts(account: account, balance: balance, asOf: asOf))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Что известно о счёте · what is known")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Лицевой счёт: 0045-12 · account") var account: String

        func run() async throws {
            try await report(in: options.language) {
                let id = try AccountID(typed: account)
                let house = try ReadingRoom.open(options)
                let known = try await house.reading { store throws(StoreError) in
                    try await store.facts(of: [id])[id]
                }
                guard let known else {
                    throw Failure(
                        .badData, ru: "о счёте \(id) ничего не известно. Записать: vestnik facts set \(id) --balance …",
                        en: "nothing is known of the account \(id). To note it: vestnik facts set \(id) --balance …")
                }
                if options.json { return Console.print(JSONText.line(FactsLine(known))) }
                Console.print(
                    Words(
                        ru: "\(id): баланс \(known.balance.text) на \(house.clock(known.asOf))",
                        en: "\(id): balance \(known.balance.text) as of \(house.clock(known.asOf))")(house.language))
            }
        }
    }
}

struct FactsLine: Encodable {
    var account: String
    var balance: String
    var currency = "RUB"
    var as_of: String
    init(_ facts: AccountFacts) {
        account = facts.account.text
        balance = facts.balance.text
        as_of = facts.asOf.ISO8601Format()
    }
}

extension AccountID {
    init(typed text: String) throws {
        guard let id = AccountID(text) else {
            throw Failure(
                .usage, ru: "«\(text)» — не номер лицевого счёта", en: "\"\(text)\" is not the number of an account")
        }
        self = id
    }
}

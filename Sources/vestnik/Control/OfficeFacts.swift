import Domain
import Foundation
import Intake
import Policy
import StoreSQLite

/// What people tell the office of personal accounts.
extension Office {
    func noteFacts(_ account: String, _ balance: String, _ asOf: String?) async throws -> Words {
        let now = Clocks.now()
        let account = try AccountID(typed: account)
        guard let balance = Kopecks(balance) else {
            throw Failure(
                .badData, ru: "баланс пишется так: 3250.50, 0.00 или -12.00",
                en: "a balance is written like 3250.50, 0.00 or -12.00")
        }
        let asOf = try asOf.map(Date.init(typed:)) ?? now.wall
        guard let facts = AccountFacts(account: account, balance: balance, asOf: asOf, toldAt: now.wall) else {
            throw Failure(
                .badData, ru: "--as-of в будущем: более свежие сведения до того времени не взялись бы",
                en: "--as-of lies ahead: no later facts would be taken until then")
        }
        switch try await store.note([facts], by: person, at: now).first {
        case .taken, nil:
            return Words(
                ru: "Записано: \(account), баланс \(balance.text). Действует на всё, что ещё не начало отправляться.",
                en: "Noted: \(account), balance \(balance.text). It holds for all that has not begun to leave.")
        case .same:
            return Words(
                ru: "Так и было записано: \(account), баланс \(balance.text).",
                en: "Known already: \(account), balance \(balance.text).")
        case .older(let known):
            return Words(
                ru: "Не взято: известен более поздний баланс \(known.balance.text) на \(known.asOf.ISO8601Format()).",
                en: "Not taken: a later balance is known, \(known.balance.text) as of \(known.asOf.ISO8601Format()).")
        }
    }
}

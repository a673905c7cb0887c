package import Domain
package import FoundationEssentials

/// The body of `PUT /v1/accounts/{account}/facts`: `{"balance": "0.00", "as_of": "2026-11-24T10:00:00+03:00"}`.
package struct FactsRequest: Sendable, Hashable {
    package var balance: Kopecks
    /// Nil: as of now.
    package var asOf: Date?

    /// - Throws: `Problem` with everything that is wrong, each error with its pointer.
    package init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else {
            throw Problem(.invalidJSON, Words(ru: "нужен объект {…}", en: "an object {…} is needed"))
        }
        var fields = Fields(members)
        let balance = fields.require("balance") { fields, value in fields.kopecks(value) }
        _ = fields.take("currency") { fields, value -> String? in
            guard case .string(let text) = value, text.sameBytes(as: "RUB") else {
                return fields.fail(.invalidValue, Words(ru: "счета ведутся в рублях: RUB", en: "accounts are in RUB"))
            }
            return text
        }
        asOf = fields.take("as_of") { fields, value in fields.time(value) }
        if let problem = fields.finish() { throw problem }
        guard let balance else { throw Problem(.invalidValue, Words(ru: "нет баланса", en: "no balance")) }
        self.balance = balance
    }

    /// - Throws: where `as_of` lies ahead.
    package func facts(of account: AccountID, at now: Date) throws(Problem) -> AccountFacts {
        if let facts = AccountFacts(account: account, balance: balance, asOf: asOf ?? now, toldAt: now) { return facts }
        let words = Words(
            ru: "as_of в будущем: более свежие сведения до того времени не взялись бы",
            en: "as_of lies ahead: no later facts would be taken until then")
        throw Problem(.invalidValue, words, errors: [.init("/as_of", .invalidValue, words)])
    }
}

extension Fields {
    fileprivate mutating func kopecks(_ value: JSON) -> Kopecks? {
        if case .string(let text) = value, let sum = Kopecks(text) { return sum }
        return fail(
            .invalidValue,
            Words(
                ru: "нужна сумма строкой, как \"3250.50\", \"0.00\" или \"-12.00\"",
                en: "a sum as text is needed, like \"3250.50\", \"0.00\" or \"-12.00\""))
    }
}

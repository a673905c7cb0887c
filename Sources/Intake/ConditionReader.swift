import Domain

extension Fields {
    /// `{"account": "0045-12", "if": "balance > 0"}`, both said.
    mutating func condition(_ name: String) -> Condition? {
        take(name) { fields, value in
            guard var inside = fields.object(value) else { return nil }
            let account = inside.require("account") { fields, value in fields.account(value) }
            let comparison = inside.require("if") { fields, value in fields.comparison(value) }
            fields.close(inside)
            guard let account, let comparison else { return nil }
            return Condition(account: account, comparison: comparison.sign, bound: comparison.bound)
        }
    }

    mutating func account(_ value: JSON) -> AccountID? {
        // `ls:` may stand before the 128 bytes of the account itself.
        guard let text = line(value, limit: 131) else { return nil }
        return AccountID(text)
            ?? fail(.invalidValue, Words(ru: "это не номер лицевого счёта", en: "not the number of an account"))
    }

    private mutating func comparison(_ value: JSON) -> (sign: Condition.Comparison, bound: Kopecks)? {
        if case .string(let text) = value, let (sign, bound) = Condition.comparison(in: text) { return (sign, bound) }
        let signs = Condition.Comparison.allCases.map(\.rawValue).joined(separator: " ")
        return fail(
            .invalidValue,
            Words(
                ru: "нужно сравнение баланса с суммой, как \"balance > 0\" или \"balance >= 500.00\"; знаки: \(signs)",
                en:
                    "a comparison of the balance with a sum is needed, like \"balance > 0\" or \"balance >= 500.00\"; signs: \(signs)"
            ))
    }
}

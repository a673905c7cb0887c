/// What must still be so when a message leaves: `balance > 0` of one account. A comparison, not a language: whoever needs
/// more decides it before asking us.
package struct Condition: Sendable, Hashable {
    package enum Comparison: String, Sendable, CaseIterable {
        case greater = ">"
        case atLeast = ">="
        case less = "<"
        case atMost = "<="
        case equal = "="
        case other = "!="
    }
    package let account: AccountID
    package let comparison: Comparison
    package let bound: Kopecks

    package init(account: AccountID, comparison: Comparison, bound: Kopecks) {
        self.account = account
        self.comparison = comparison
        self.bound = bound
    }

    /// - Parameter text: see `comparison(in:)`; nil where that is.
    package init?(account: AccountID, _ text: String) {
        guard let (comparison, bound) = Self.comparison(in: text) else { return nil }
        self.init(account: account, comparison: comparison, bound: bound)
    }

    /// - Parameter text: `balance > 0`, `balance<=-12.50`; spaces may stand around the sign. Nil for all else.
    package static func comparison(in text: String) -> (Comparison, bound: Kopecks)? {
        var rest = text.utf8[...]
        func skipSpaces() { rest = rest.drop { $0 == UInt8(ascii: " ") } }
        guard rest.starts(with: subject.utf8) else { return nil }
        rest = rest.dropFirst(subject.utf8.count)
        skipSpaces()
        let sign = rest.prefix { "<>=!".utf8.contains($0) }
        guard let comparison = Comparison(rawValue: String(decoding: sign, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(sign.count)
        skipSpaces()
        guard let bound = Kopecks(String(decoding: rest, as: UTF8.self)) else { return nil }
        return (comparison, bound)
    }

    private static let subject = "balance"

    /// `balance > 0.00`: what `comparison(in:)` reads.
    package var text: String { "\(Self.subject) \(comparison.rawValue) \(bound.text)" }

    package func holds(for balance: Kopecks) -> Bool {
        switch comparison {
        case .greater: balance > bound
        case .atLeast: balance >= bound
        case .less: balance < bound
        case .atMost: balance <= bound
        case .equal: balance == bound
        case .other: balance != bound
        }
    }
}

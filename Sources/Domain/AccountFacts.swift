package import FoundationEssentials

/// A personal account as the resident knows it: `0045-12`. 1…128 bytes of printable text in NFC. Written as the recipient
/// `ls:0045-12` it is the same account.
package struct AccountID: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package init?(_ text: String) {
        guard let name = RecipientID(text) else { return nil }
        guard name.text.utf8.starts(with: "ls:".utf8) else {
            self.text = name.text
            return
        }
        guard let account = name.account, let plain = RecipientID(account) else { return nil }
        self.text = plain.text
    }
    package var description: String { text }
}

/// What the billing system told last of one account. Only the latest is kept: it answers one question, whether the reason
/// for a message still holds when the message leaves.
package struct AccountFacts: Sendable, Hashable {
    package var account: AccountID
    /// What the resident owes: above zero is a debt, zero is paid, below zero is paid ahead.
    package var balance: Kopecks
    /// When that was so in the books it comes from.
    package var asOf: Date
    package init(account: AccountID, balance: Kopecks, asOf: Date) {
        self.account = account
        self.balance = balance
        self.asOf = asOf
    }

    /// How far the caller's clock may be ahead of ours, in seconds.
    private static let lead: Double = 300

    /// Nil where `asOf` lies ahead of `toldAt`: a later one wins, and nothing would win against next year.
    package init?(account: AccountID, balance: Kopecks, asOf: Date, toldAt: Date) {
        guard asOf <= toldAt.addingTimeInterval(Self.lead) else { return nil }
        self.init(account: account, balance: balance, asOf: min(asOf, toldAt))
    }
}

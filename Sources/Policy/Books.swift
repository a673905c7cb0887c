package import Domain

/// All that the books say about the addressee of one message, read in one go. Policy itself reads nothing.
package struct Standing: Sendable, Hashable {
    /// Nil when the message names no recipient, or one who is not in the books.
    package var recipient: Recipient?
    /// The latest record for each channel (nil = all channels) of the message's purpose.
    package var consents: [ConsentWord]
    /// Those that hold for the addresses of this recipient or message.
    package var suppressions: [Suppression]
    /// Of the client, for a message of a team key; nil for every other, which needs no invitation.
    package var guests: GuestList?
    /// Of the account in the message's condition; nil where it has none, or nothing is known.
    package var facts: AccountFacts?
    package var epoch: Epoch
    package init(
        recipient: Recipient? = nil, consents: [ConsentWord] = [], suppressions: [Suppression] = [],
        guests: GuestList? = nil, facts: AccountFacts? = nil, epoch: Epoch
    ) {
        self.recipient = recipient
        self.consents = consents
        self.suppressions = suppressions
        self.guests = guests
        self.facts = facts
        self.epoch = epoch
    }
}

/// The books that policy looks into: recipients, consents, suppressions, facts of accounts.
package protocol ConsentBook: Sendable {
    /// One per message, in order, all from one snapshot.
    func standings(of messages: [Message], at now: Moment) async throws(StoreError) -> [Standing]
    /// Appends; never edits. Effective for every message that has not begun when it returns.
    func record(_ records: [ConsentRecord], at now: Moment) async throws(StoreError)
    /// Oldest first.
    func ledger(of recipient: RecipientID) async throws(StoreError) -> [ConsentRecord]
    func suppress(_ suppressions: [Suppression], by: String, at now: Moment) async throws(StoreError)
    /// False when there was none.
    func lift(_ destination: Destination, by: String, at now: Moment) async throws(StoreError) -> Bool
    /// Newest first.
    func suppressions(limit: Int) async throws(StoreError) -> [Suppression]
}

/// Residents with what they said, as one file told it: taken whole or not at all.
package struct ResidentImport: Sendable, Hashable {
    package var recipients: [Recipient]
    package var consents: [ConsentRecord]
    /// Who brought it, for the journal.
    package var by: String
    package init(recipients: [Recipient], consents: [ConsentRecord] = [], by: String = "gateway") {
        self.recipients = recipients
        self.consents = consents
        self.by = by
    }
}

/// Residents and accounts as the callers told us.
package protocol RecipientBook: Sendable {
    /// All or nothing. Recipients are inserted or replaced by id; of the consents only those are appended that the ledger
    /// does not hold yet (same recipient, purpose, channel, action and `occurredAt`): a file taken twice says nothing new.
    /// - Returns: how many consents were appended.
    func take(_ residents: ResidentImport, at now: Moment) async throws(StoreError) -> Int
    /// Inserts or replaces by id. Durable when it returns.
    func put(_ recipients: [Recipient], at now: Moment) async throws(StoreError)
    /// Those of them that are in the books, read in one go.
    func recipients(_ ids: Set<RecipientID>) async throws(StoreError) -> [RecipientID: Recipient]
    /// Ids of all who live there, in order of id; nil members of `premises` mean "any".
    func residents(of premises: Premises) async throws(StoreError) -> [RecipientID]
}

extension RecipientBook {
    package func recipient(_ id: RecipientID) async throws(StoreError) -> Recipient? { try await recipients([id])[id] }
}

/// What is known of personal accounts. One book for the whole house: who told it stands in the journal, and a condition
/// asks what is so, not who said it.
package protocol FactBook: Sendable {
    /// Durable when it returns, and effective for every message that has not begun by then. One result per item, in order.
    /// - Parameter by: who says so: `client:billing`, `cli:anna`.
    func note(_ facts: [AccountFacts], by: String, at now: Moment) async throws(StoreError) -> [FactNoted]
    /// Those of them of which something is known.
    func facts(of accounts: Set<AccountID>) async throws(StoreError) -> [AccountID: AccountFacts]
}

/// What became of facts that were told.
package enum FactNoted: Sendable, Hashable {
    case taken
    /// The same was known already.
    case same
    /// Ignored: news of a later time came before it.
    case older(than: AccountFacts)
}

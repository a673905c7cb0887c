package import Domain

/// A line of the suppression list under its own name, which says nothing about the address. A line that takes the place of
/// another one has a new name.
package struct ListedSuppression: Sendable, Hashable {
    package let id: SuppressionID
    package let suppression: Suppression
    package init(id: SuppressionID, _ suppression: Suppression) {
        self.id = id
        self.suppression = suppression
    }
}

/// What was shown in full to somebody outside: the journal keeps that it was.
package enum Disclosure: Sendable, Hashable {
    /// All that is held about one resident.
    case resident(RecipientID)
    /// The consents of everybody.
    case ledger
}

/// The books of residents as their keepers work on them: one by one, page by page. Policy and the worker need none of it.
package protocol PeopleBook: ConsentBook, RecipientBook {
    /// Inserts or replaces by id.
    /// - Returns: whether the resident is new.
    func put(_ recipient: Recipient, by: String, at now: Moment) async throws(StoreError) -> Bool

    /// Name, premises and addresses go. What was said and what was done stays as evidence: consents, suppressions, messages,
    /// the journal. Messages that wait find no address when they are permitted.
    /// - Returns: false where nobody of this name is in the books.
    func remove(_ recipient: RecipientID, by: String, at now: Moment) async throws(StoreError) -> Bool

    /// The ledger of one resident, newest first, below `before`.
    func ledger(
        of recipient: RecipientID, limit: Int, before: ConsentID?
    ) async throws(StoreError) -> [ConsentRecord]

    /// The ledger of everybody, oldest first, above `after`.
    func ledger(after: ConsentID?, limit: Int) async throws(StoreError) -> [ConsentRecord]

    /// All or nothing. What the ledger holds already (same recipient, purpose, channel, action and `occurredAt`) is not
    /// written a second time, so that a request may be repeated.
    /// - Returns: what stands in the ledger for each, in order.
    func append(_ records: [ConsentRecord], at now: Moment) async throws(StoreError) -> [ConsentRecord]

    /// Appends only where the ledger of the resident still holds exactly `count` records.
    /// - Returns: false, and nothing is written, where somebody was faster.
    func append(
        _ records: [ConsentRecord], to recipient: RecipientID, holding count: Int, at now: Moment
    ) async throws(StoreError) -> Bool

    /// Newest first, below `before`; also those that have ended.
    func suppressions(limit: Int, before: SuppressionID?) async throws(StoreError) -> [ListedSuppression]

    /// Those of the addresses, however they are written, that are on the list; also those that have ended.
    func suppressions(of destinations: [Destination]) async throws(StoreError) -> [ListedSuppression]

    /// Of two reasons for one address the one that holds longer stays.
    /// - Returns: the line that stands now, and whether it is this one.
    func list(
        _ suppression: Suppression, by: String, at now: Moment
    ) async throws(StoreError) -> (line: ListedSuppression, isNew: Bool)

    /// - Returns: false where there is no such line.
    func lift(_ id: SuppressionID, by: String, at now: Moment) async throws(StoreError) -> Bool

    func note(_ disclosure: Disclosure, by: String, at now: Moment) async throws(StoreError)
}

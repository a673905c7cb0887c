package import Domain
package import FoundationEssentials
package import Policy

/// Looks at what residents are said to have said, and makes records of it. Stores nothing itself.
package struct ConsentIntake: Sendable {
    private let purposes: Set<PurposeID>
    private let mandatory: Set<PurposeID>
    private let recipients: any RecipientBook
    private let ids: IDSource

    package init(purposes: [PurposeID: Purpose], recipients: any RecipientBook, ids: IDSource) {
        self.purposes = Set(purposes.keys)
        mandatory = Set(purposes.values.filter(\.mandatory).map(\.id))
        self.recipients = recipients
        self.ids = ids
    }

    package func record(
        of entry: ConsentEntry, by: String, at now: Date
    ) async throws(StoreError) -> Result<ConsentRecord, ConsentObjection> {
        try await records(of: [entry], by: by, at: now).first ?? .failure(.unknownRecipient(entry.recipient))
    }

    /// One for each, in order; the book of residents is read once.
    /// - Parameter by: who writes it down: `client:billing`, `cli:anna`.
    package func records(
        of entries: [ConsentEntry], by: String, at now: Date
    ) async throws(StoreError) -> [Result<ConsentRecord, ConsentObjection>] {
        let known = try await recipients.recipients(Set(entries.map(\.recipient)))
        return entries.map { entry in
            if known[entry.recipient] == nil { return .failure(.unknownRecipient(entry.recipient)) }
            if let objection = entry.objection(among: purposes, mandatory: mandatory, at: now) {
                return .failure(objection)
            }
            return .success(entry.record(ids, by: by, at: now))
        }
    }
}

extension ConsentEntry {
    /// Nil where it may be written down, whoever the resident is.
    ///
    /// - Parameter mandatory: purposes that nobody can refuse altogether. A file that tells history may hold such a word;
    ///   policy gives it no weight.
    func objection(
        among purposes: Set<PurposeID>, mandatory: Set<PurposeID> = [], at now: Date
    ) -> ConsentObjection? {
        guard purposes.contains(purpose) else {
            return .unknownPurpose(purpose, nearest: nearestName(to: purpose.text, among: purposes.map(\.text)))
        }
        if mandatory.contains(purpose), channel == nil, !action.allows { return .mandatory(purpose) }
        if let occurredAt, occurredAt > now { return .yetToCome }
        return nil
    }
}

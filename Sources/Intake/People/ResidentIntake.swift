package import Domain
package import Policy

/// Takes a file of residents into the books: whole or not at all.
package struct ResidentIntake: Sendable {
    private let recipients: any RecipientBook

    package init(recipients: any RecipientBook) { self.recipients = recipients }

    package struct Outcome: Sendable, Hashable {
        package var recipients: Int
        package var consents: Int
        /// Of them, those that the ledger did not hold before; nil where nothing was stored.
        package var newConsents: Int?
        package var errors: [ResidentFile.RowError]
        package var stored: Bool { newConsents != nil }
        /// So many errors are told; the rest is more of the same.
        package static let told = 100
    }

    /// - Parameter dryRun: only look.
    package func take(
        _ file: ResidentFile, by: String, dryRun: Bool, at now: Moment
    ) async throws(StoreError) -> Outcome {
        var outcome = Outcome(
            recipients: file.recipients.count, consents: file.consents.count, errors: file.errors)
        guard file.errors.isEmpty, !dryRun else { return outcome }
        outcome.newConsents = try await recipients.take(
            ResidentImport(recipients: file.recipients, consents: file.consents, by: by), at: now)
        return outcome
    }
}

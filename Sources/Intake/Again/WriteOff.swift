package import Domain
package import Journal
package import Queue

/// `unconfirmed` becomes `failed`: a person knows of the doubt and closes the case.
package struct WriteOff: Sendable {
    private let queue: any MessageQueue
    private let journal: any JournalReader

    package init(queue: any MessageQueue, journal: any JournalReader) {
        self.queue = queue
        self.journal = journal
    }

    /// - Parameter by: the person or program, for the journal.
    /// - Returns: one for each, in order, all in one commit.
    package func callAsFunction(
        _ ids: [MessageID], by: String, at now: Moment
    ) async throws(StoreError) -> [Applied] {
        var changes: [Change] = []
        for id in ids {
            let failure = try await journal.message(id)?.failure ?? DeliveryFailure(.noAnswer)
            changes.append(Change(message: id, event: .writtenOff, by: by, failure: failure))
        }
        return try await queue.apply(changes, at: now)
    }
}

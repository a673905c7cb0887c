package import Domain
import GRDB

extension SQLiteStore {
    /// The newest row of the journal, 0 when it is empty: where `logs --follow` begins.
    package func lastSequence() async throws(StoreError) -> Int64 {
        try await read { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM journal") ?? 0 }
    }

    /// - Parameter tell: called after each commit with a line in the journal, on the thread that writes: it must only ring.
    package func whenJournalGrows(_ tell: @escaping @Sendable () -> Void) { writer?.whenJournalGrows(tell) }
}

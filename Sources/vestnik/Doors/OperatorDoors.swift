import API
import Domain
import Queue
import StoreSQLite

extension Doors {
    /// What operators and monitoring see and switch; on the listener of the house only.
    func operators(_ reception: Reception) -> [Route] {
        let hold = { @Sendable [store = house.store] () async throws(StoreError) -> Hold? in try await store.hold() }
        let metrics = MetricsResource(
            reception, tally: house.store.tally, gauges: house.store, board: board, version: Version.number)
        return TemplatesResource(reception).routes + QueuesResource(reception, hold: hold).routes
            + ProvidersResource(reception, board: board).routes + DeadLettersResource(reception).routes
            + JournalResource(reception).routes + metrics.routes
    }
}

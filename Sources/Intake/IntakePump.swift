// The memory of the drain between its steps. The loop that turns it lives in `vestnik`; here is what one step does.

package import Domain
package import Queue

package struct IntakePump: Sendable {
    /// Enqueued or refused, and not yet written into their rows: a stranger may hold the table for long.
    private var unsettled: [IntakeSettling] = []
    /// Rows up to this id were read since all was settled last.
    private var mark: Int64 = 0

    package static let page = 1000
    /// More than this waits in the table, not here.
    static let most = 10_000

    /// What one step did.
    package struct Step: Sendable, Hashable {
        package var accepted = 0
        package var refused: [IntakeSettling] = []
        /// There is more to do at once.
        package var more = false
        /// Why the endings could not be written down; the messages themselves are queued.
        package var unsettled: StoreError?
    }

    package init() {}

    /// Endings first, then the next page. While the rows cannot be marked, what waits behind them still becomes messages.
    /// - Throws: where the table cannot be read or the queue takes nothing; nothing is lost, the same step can be repeated.
    package mutating func step(
        _ table: any IntakeTable, _ drain: Drain, at now: Moment
    ) async throws(StoreError) -> Step {
        var step = Step()
        guard unsettled.count < Self.most else {
            step.unsettled = await settle(table, at: now)
            step.more = step.unsettled == nil
            return step
        }
        let page = try await table.pending(after: mark, limit: Self.page)
        let endings = try await drain(page.rows, of: table.identity, at: now)
        unsettled += endings
        mark = page.rows.last?.id ?? mark
        for ending in endings {
            switch ending.ending {
            case .message: step.accepted += 1
            case .refused: step.refused.append(ending)
            }
        }
        step.unsettled = await settle(table, at: now)
        step.more = !page.isLast
        return step
    }

    private mutating func settle(_ table: any IntakeTable, at now: Moment) async -> StoreError? {
        guard !unsettled.isEmpty else { return nil }
        do throws(StoreError) {
            try await table.settle(unsettled, at: now)
            unsettled = []
            // A row may have been given a smaller number than the last one.
            mark = 0
            return nil
        } catch { return error }
    }
}

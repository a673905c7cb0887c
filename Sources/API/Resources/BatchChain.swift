import Intake

/// Pages of a batch in their order, each in a commit of its own. While one is written, the next is read and decided: the
/// two need different threads, and each about half of the time.
struct BatchChain {
    let work: BatchWork
    let dryRun: Bool
    private var decided: BatchWork.Page?
    private var results: [BatchResult] = []

    init(work: BatchWork, dryRun: Bool) {
        self.work = work
        self.dryRun = dryRun
    }

    /// Returns when the page before this one is stored.
    mutating func take(_ read: @escaping @Sendable () -> [BatchReading]) async throws(Problem) {
        async let next = work.decided(read())
        if let decided {
            // Not twice, should this throw.
            self.decided = nil
            results += try await work.store(decided, dryRun: dryRun)
        }
        decided = try await next.get()
    }

    mutating func end() async throws(Problem) -> [BatchResult] {
        if let decided { results += try await work.store(decided, dryRun: dryRun) }
        decided = nil
        return results
    }
}

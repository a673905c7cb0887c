// The simulator: the real engine over the books of one seed's world, judged by what clients were told and what arrived.

import Synchronization

/// What became of one seed.
package struct Run: Sendable {
    package let seed: UInt64
    /// Of everything that happened: the same seed twice is the same hash.
    package let hash: UInt64
    package let violations: [String]
    /// The last events before the end, or all of them.
    package let trace: [String]
    /// How much of what there was: deaths, submissions, ends.
    package let tally: [String: Int]
}

/// - Parameters:
///   - source: a fresh store for this run, and the way to open it again.
///   - whole: keep every line of the trace.
package func simulate(seed: UInt64, over source: StoreSource = .memory(), whole: Bool = false) async -> Run {
    let world = World(seed: seed, source: source, whole: whole)
    do {
        try await world.run()
        try await world.judge()
    } catch {
        world.oracle.accuse("the world broke: \(error)")
    }
    return Run(
        seed: seed, hash: world.trace.hash, violations: world.oracle.notes.withLock(\.accusations),
        trace: whole ? world.trace.lines : world.trace.lines.suffix(40), tally: world.state.withLock(\.tally))
}

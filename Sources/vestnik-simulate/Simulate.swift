import ArgumentParser
import Foundation
import Simulation

/// Runs many worlds, or shows one. The seeds are the numbers from `--from` on: what failed is asked for again by number.
@main struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vestnik-simulate",
        abstract: "Turn the gateway's core under seeded misfortunes and judge what became of each message.",
        discussion: """
            A world is the real worker over books in memory, with its own clock, accounts that fail in every way, clients \
            that ask twice, residents who withdraw, operators who pause, cancel and retry, a store that cannot be \
            written, clocks that are set, and processes that die, hang and come back. All of it follows from the seed: \
            the same seed is the same history, to the last event. When a world is over, three witnesses must agree about \
            each message: what clients were told, what the books say, and what arrived.

            What is judged: I1 nothing acknowledged is lost; I2 no copy without an attempt; I3 no unexplained second \
            copy; I4 a purpose that waits sends no second copy; I5 no word that the copies deny; I6 nothing after a \
            withdrawal; I7 nothing after its expiry; I8 only one's own words; I9 one attempt at a time; I10 sums agree. \
            Besides: pauses, holds, Retry-After, caps, schedules, clean stops, and that everything comes to an end.

              vestnik-simulate --seeds 100000            many worlds
              vestnik-simulate --seed 4711 --trace       one world, event by event
              vestnik-simulate --flaw ignoresTokens      a defect planted on purpose: is it found?

            Exit status: 0 when all is well, which with --flaw means that the flaw was found; else 1.
            """)

    @Option(help: "How many worlds.") var seeds = 1000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "Only this seed.") var seed: UInt64?
    @Option(help: "Plant this defect into the store.") var flaw: Flaw?
    @Flag(help: "Print every event of each world.") var trace = false
    @Flag(help: "One JSON object at the end instead of words.") var json = false
    @Option(help: "Worlds at once.") var jobs = 2

    mutating func validate() throws {
        guard seeds > 0, jobs > 0 else { throw ValidationError("--seeds and --jobs are above 0") }
    }

    func run() async throws {
        let seeds = seed.map { $0...$0 } ?? from...(from + UInt64(self.seeds) - 1)
        var sum = Sum()
        let start = ContinuousClock.now
        let (whole, flaw) = (trace, flaw)
        await forEach(seeds, jobs: jobs) {
            await simulate(seed: $0, over: .memory(flaw: flaw), whole: whole)
        } then: { run in
            sum.add(run)
            if trace { print(run.trace.joined(separator: "\n")) }
            // A planted flaw is found again and again; the first few are enough to look at.
            if !run.violations.isEmpty, flaw == nil || sum.failed.count <= 3 { report(run) }
            if sum.runs % 500 == 0 { say("\(sum.runs) of \(seeds.count), \(sum.failed.count) failed") }
        }
        let took = (ContinuousClock.now - start) / .seconds(1)
        print(json ? try sum.json(took: took) : sum.words(took: took))
        guard sum.failed.isEmpty == (flaw == nil) else { throw ExitCode(1) }
    }

    private func report(_ run: Run) {
        let again = "vestnik-simulate --seed \(run.seed)\(flaw.map { " --flaw \($0.rawValue)" } ?? "") --trace"
        say("seed \(run.seed) fails, see \(again):")
        run.violations.prefix(5).forEach { say("  \($0)") }
        if !trace { run.trace.suffix(20).forEach { say("    \($0)") } }
    }

    private func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

extension Flaw: ExpressibleByArgument {}

/// A few at a time, in the order in which they end.
private func forEach(
    _ seeds: ClosedRange<UInt64>, jobs: Int, _ work: @escaping @Sendable (UInt64) async -> Run, then: (Run) -> Void
) async {
    await withTaskGroup(of: Run.self) { group in
        var rest = seeds.makeIterator()
        for _ in 0..<jobs { if let seed = rest.next() { group.addTask { await work(seed) } } }
        for await run in group {
            then(run)
            if let seed = rest.next() { group.addTask { await work(seed) } }
        }
    }
}

/// What all runs came to.
private struct Sum {
    var runs = 0
    var failed: [UInt64] = []
    var tally: [String: Int] = [:]
    /// Independent of the order in which the runs ended.
    var hash: UInt64 = 0

    mutating func add(_ run: Run) {
        runs += 1
        if !run.violations.isEmpty { failed.append(run.seed) }
        tally.merge(run.tally) { $0 + $1 }
        hash ^= run.hash &* (run.seed | 1)
    }

    func words(took: Double) -> String {
        let lines = tally.sorted { $0.key < $1.key }.map { "  \($0.value) \($0.key)" }
        let failures = failed.isEmpty ? "no violation" : "failed seeds: \(failed.sorted())"
        let rate = String(format: "%.1f s, %.0f worlds a second", took, Double(runs) / max(took, 0.001))
        return (["\(runs) worlds in \(rate), hash \(String(hash, radix: 16))"] + lines + [failures])
            .joined(separator: "\n")
    }

    func json(took: Double) throws -> String {
        struct Report: Encodable {
            let worlds: Int, seconds: Double, hash: String, failed: [UInt64], tally: [String: Int]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let report = Report(
            worlds: runs, seconds: took, hash: String(hash, radix: 16), failed: failed.sorted(), tally: tally)
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}

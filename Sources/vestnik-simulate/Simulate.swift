import ArgumentParser
import Foundation
import Simulation

/// Runs many worlds, or shows one. The seeds are the numbers from `--from` on: what failed is asked for again by number.
@main struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vestnik-simulate",
        abstract: "Turn the gateway's core under seeded misfortunes and judge what became of each message.")

    @Option(help: "How many worlds.") var seeds = 1000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "Only this seed.") var seed: UInt64?
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
        let whole = trace
        await forEach(seeds, jobs: jobs) {
            await simulate(seed: $0, whole: whole)
        } then: { run in
            sum.add(run)
            if trace { print(run.trace.joined(separator: "\n")) }
            if !run.violations.isEmpty { report(run) }
            if sum.runs % 500 == 0 { say("\(sum.runs) of \(seeds.count), \(sum.failed.count) failed") }
        }
        let took = (ContinuousClock.now - start) / .seconds(1)
        print(json ? try sum.json(took: took) : sum.words(took: took))
        guard sum.failed.isEmpty else { throw ExitCode(1) }
    }

    private func report(_ run: Run) {
        say("seed \(run.seed) fails:")
        run.violations.prefix(5).forEach { say("  \($0)") }
        if !trace { run.trace.suffix(20).forEach { say("    \($0)") } }
    }

    private func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

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

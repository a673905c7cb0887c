import Foundation
import Simulation
import StoreSQLite
import Testing

/// Worlds by the number of their seed; `vestnik-simulate --seed N --trace` shows one.
@Suite(.serialized) struct SimulationTests {
    @Test(.timeLimit(.minutes(10))) func twoThousandWorlds() async {
        let runs = await runs(of: 1...2000) { await simulate(seed: $0) }
        for run in runs where !run.violations.isEmpty { Self.record(run) }
        let sum = runs.reduce(into: [String: Int]()) { $0.merge($1.tally) { $0 + $1 } }
        // What never happens proves nothing.
        for (what, least) in [
            ("deaths", 1000), ("commits whose answer was lost", 1000), ("failed calls of the store", 1000),
            ("stopped processes", 100), ("clean stops", 100), ("wall jumps", 200), ("inquiries", 1000),
            ("copies", 10_000), ("unconfirmed", 1000),
        ] {
            #expect(sum[what, default: 0] >= least, "\(what)")
        }
    }

    @Test func theSameSeedIsTheSameHistory() async {
        for seed in UInt64(1)...10 {
            let (one, two) = (await simulate(seed: seed, whole: true), await simulate(seed: seed, whole: true))
            #expect(one.hash == two.hash && one.trace == two.trace && one.tally == two.tally)
        }
        let hashes = await runs(of: 1...20) { await simulate(seed: $0) }.map(\.hash)
        #expect(Set(hashes).count == 20, "different seeds are different histories")
    }

    /// A simulator that misses these would miss the like of them.
    @Test(arguments: Flaw.allCases) func aPlantedFlawIsFound(_ flaw: Flaw) async {
        var found: Run?
        for seed in UInt64(1)...1000 where found == nil {
            let run = await simulate(seed: seed, over: .memory(flaw: flaw))
            if !run.violations.isEmpty { found = run }
        }
        #expect(found != nil, "\(flaw) was not found in 1,000 worlds")
    }

    @Test(.timeLimit(.minutes(5))) func theSameWorldsOverTheRealStore() async throws {
        for seed in UInt64(1)...20 {
            let folder = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let path = folder.appending(path: "vestnik.db").path()
            let run = await simulate(seed: seed, over: .sqlite(path))
            if !run.violations.isEmpty { Self.record(run) }
        }
    }

    private static func record(_ run: Run) {
        Issue.record(
            """
            seed \(run.seed): \(run.violations.prefix(5).joined(separator: "; "))
            \(run.trace.joined(separator: "\n"))
            """)
    }

    /// On both cores, in the order of the seeds.
    private func runs(of seeds: ClosedRange<UInt64>, _ work: @escaping @Sendable (UInt64) async -> Run) async -> [Run] {
        await withTaskGroup(of: [Run].self) { group in
            let lanes = UInt64(4)
            for lane in 0..<lanes {
                group.addTask {
                    var runs: [Run] = []
                    for seed in seeds where seed % lanes == lane { runs.append(await work(seed)) }
                    return runs
                }
            }
            return await group.reduce(into: []) { $0 += $1 }.sorted { $0.seed < $1.seed }
        }
    }
}

extension StoreSource {
    /// The file stays; the next process opens it after the last one let go.
    fileprivate static func sqlite(_ path: String) -> StoreSource {
        let start = Date(timeIntervalSince1970: 1_795_467_600)
        return StoreSource(canBeShared: false) {
            try SQLiteStore.open(path, holder: "first", at: start)
        } reopened: { store in
            (store as? SQLiteStore)?.close()
            return try SQLiteStore.open(path, holder: "next", at: start)
        }
    }
}

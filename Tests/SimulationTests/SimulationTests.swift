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
        for (what, least) in Self.leastOfAll {
            #expect(sum[what, default: 0] >= least, "\(what): \(sum[what, default: 0])")
        }
    }

    /// Of 2,000 worlds, about two thirds of what they had when this was written: a change that makes the worlds calm is
    /// seen here.
    static let leastOfAll: [(what: String, least: Int)] = [
        // Processes.
        ("deaths", 2500), ("deaths while sending", 100), ("deaths of poison", 250), ("clean stops", 250),
        ("stalls", 200), ("processes stopped for longer than a lease", 90), ("processes stopped for a moment", 150),
        // The store and the clock.
        ("commits whose answer was lost", 2000), ("failed calls of the store", 15_000), ("writes refused: full", 6000),
        ("writes refused: busy", 6000), ("callers turned away", 2500), ("wall jumps", 500),
        // What providers answer.
        ("answers: accepted", 12_000), ("answers: no_answer", 4000), ("answers: unintelligible", 2000),
        ("answers: unreachable", 3500), ("answers: untrusted", 1000), ("answers: throttled", 2500),
        ("Retry-After", 2300), ("answers: address_busy", 1000), ("answers: unknown_address", 350),
        ("answers: opted_out", 100), ("answers: content_rejected", 180), ("answers: too_long", 120),
        ("answers: bad_credentials", 300), ("answers: out_of_funds", 300), ("answers: misconfigured", 300),
        ("inquiries", 1800), ("reports that moved", 6000),
        // People.
        ("cancellations", 1000), ("consents withdrawn", 5000), ("consents granted", 1000), ("pauses", 800),
        ("holds", 180), ("retries", 600), ("decisions: resent", 100), ("decisions: writtenOff", 90),
        // Where it ends.
        ("copies", 16_000), ("sent", 7000), ("delivered", 5000), ("unconfirmed", 1900), ("expired", 5000),
        ("failed", 1300), ("failed: poison", 80), ("suppressed", 3500), ("cancelled", 1000), ("exact worlds", 200),
    ]

    /// Seeds of bugs that the simulator found in the gateway. They need not show the bug for ever: when the worlds change,
    /// a seed becomes another world. Each bug has its own test where it was.
    static let bugs: [(what: String, seed: UInt64)] = [
        // A daily cap kept one number: back on the day before, a clock set back over midnight, nothing was used up.
        ("the cap after a midnight that came twice", 1250), ("the same, without a restart", 2352),
        // The ledger was asked at the start only, about the day that the wall showed then.
        ("the cap of a day that only an earlier process knew", 2858), ("the same, in another world", 8926),
    ]
    @Test(arguments: bugs) func aBugStaysAway(_ bug: (what: String, seed: UInt64)) async {
        let run = await simulate(seed: bug.seed)
        if !run.violations.isEmpty { Self.record(run) }
    }

    @Test func theSameSeedIsTheSameHistory() async {
        for seed in UInt64(1)...10 {
            let (one, two) = (await simulate(seed: seed, whole: true), await simulate(seed: seed, whole: true))
            #expect(one.hash == two.hash && one.trace == two.trace && one.tally == two.tally)
        }
        let hashes = await runs(of: 1...20) { await simulate(seed: $0) }.map(\.hash)
        #expect(Set(hashes).count == 20, "different seeds are different histories")
    }

    /// A planted flaw, the invariant that it breaks, and worlds that are known to show it. When the worlds change, some
    /// seeds become others; `vestnik-simulate --flaw NAME` names new ones.
    struct Planted: Sendable, CustomTestStringConvertible {
        let flaw: Flaw
        let breaks: String
        let seeds: [UInt64]
        var testDescription: String { "\(flaw)" }
    }
    static let planted = [
        Planted(flaw: .losesMessages, breaks: "I1", seeds: [1, 2, 3]),
        Planted(flaw: .forgetsAttempts, breaks: "I2", seeds: [1, 2, 3]),
        Planted(flaw: .ignoresKeys, breaks: "I3", seeds: [2, 6, 7, 11, 19, 23]),
        Planted(flaw: .repeatsUnknown, breaks: "I4", seeds: [9, 13, 29, 42, 51, 52, 57, 62]),
        Planted(flaw: .forgetsReach, breaks: "I5", seeds: [1, 2, 17, 18, 19, 31, 38]),
        Planted(flaw: .ignoresBooks, breaks: "I6", seeds: [1, 8, 10, 12, 25, 31, 34, 46]),
        Planted(flaw: .ignoresExpiry, breaks: "I7", seeds: [5, 21, 36, 46, 54, 56, 64, 67]),
        Planted(flaw: .mixesWords, breaks: "I8", seeds: [1, 2, 3]),
        Planted(flaw: .endsLeasesEarly, breaks: "I9", seeds: [2, 19, 58, 103, 107, 141, 147]),
        Planted(flaw: .tellsTwice, breaks: "I10", seeds: [3, 10, 17, 18, 22, 24, 35]),
        Planted(flaw: .forgetsBegan, breaks: "I9", seeds: [4, 9, 19, 32, 37, 42, 51, 52]),
        Planted(flaw: .ignoresTokens, breaks: "P9", seeds: [9, 32, 68, 270, 1161, 1382, 1562, 1575, 1675, 1957, 1987]),
    ]

    /// A simulator that misses these would miss the like of them.
    @Test(arguments: planted) func aPlantedFlawIsFound(_ planted: Planted) async {
        var complaints: [String] = []
        for seed in planted.seeds {
            let run = await simulate(seed: seed, over: .memory(flaw: planted.flaw))
            complaints += run.violations
            if run.violations.contains(where: { $0.hasPrefix("\(planted.breaks): ") }) { return }
        }
        Issue.record("\(planted.flaw) breaks \(planted.breaks), and none of its worlds says so: \(complaints)")
    }

    @Test func everyFlawHasItsWorldsAndEveryInvariantItsFlaw() {
        #expect(Self.planted.map(\.flaw.rawValue).sorted() == Flaw.allCases.map(\.rawValue).sorted())
        let broken = Set(Self.planted.map(\.breaks))
        #expect(broken.isSuperset(of: (1...10).map { "I\($0)" }))
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

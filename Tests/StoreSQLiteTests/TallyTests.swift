import Counting
import Domain
import Foundation
import GatewayTesting
import Policy
import Queue
import StoreSQLite
import Synchronization
import Testing

/// What is counted is what is in the books, and only that.
@Suite struct TallyTests {
    private func open(_ folder: Folder, _ tally: Tally = Tally()) throws -> SQLiteStore {
        try SQLiteStore.open(folder.database, holder: "test", at: .noon, tally: tally)
    }

    @Test func whatIsRolledBackIsNotCounted() async throws {
        let folder = try Folder(), store = try open(folder)
        _ = try await store.enqueue([.sample(.sample(id: 1))], at: .noon)
        await withTaskGroup(of: Void.self) { group in
            for id in 1...40 {
                group.addTask {
                    // Every fourth uses an id that is taken; its good half is not counted either.
                    let second: Int64 = id % 4 == 0 ? 1 : Int64(2000 + id)
                    let items: [Enqueue] = [.sample(.sample(id: Int64(1000 + id))), .sample(.sample(id: second))]
                    _ = await failure { _ = try await store.enqueue(items, at: .noon) }
                }
            }
        }
        let accepted = store.tally.counts.accepted.all.map(\.value)
        #expect(accepted == [61])
        #expect(try await store.gauges(at: .noon).messages[.queued] == 61)
    }

    /// A key that is known brings no second message.
    @Test func aRepeatIsNotCounted() async throws {
        let folder = try Folder(), store = try open(folder)
        let message = Message(
            id: MessageID(raw: 7), client: "billing", idempotencyKey: "k", purpose: .news,
            template: TemplateRef(id: "x", version: "sha256:00"), expiresAt: .noon.addingTimeInterval(60),
            acceptedAt: .noon)
        for _ in 0..<2 { _ = try await store.enqueue([.sample(message)], at: .noon) }
        #expect(store.tally.counts.accepted.all.map(\.value) == [1])
        let refused = Enqueue(message: .sample(id: 8), requestHash: [], start: .suppressed(.noAddress))
        _ = try await store.enqueue([refused], at: .noon)
        let suppressed = store.tally.counts.suppressed.all
        #expect(suppressed.map(\.key) == [.noAddress] && suppressed.map(\.value) == [1])
    }

    @Test func theWayOfAMessage() async throws {
        let time = Atomic<UInt64>(0)
        let folder = try Folder()
        let store = try open(folder, Tally(nanoseconds: { time.add(1_000_000, ordering: .relaxed).newValue }))
        let due = Date.noon.addingTimeInterval(-30)
        _ = try await store.enqueue([.sample(.sample(id: 1), due: due), .sample(.sample(id: 2))], at: .noon)
        let claims = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 2)]), at: .noon).claims
        try #require(claims.count == 2)
        _ = try await store.turn(TurnRequest(beginning: claims.map { $0.beginning() }), at: .noon)
        let failed = claims[1].failed(.failedPermanently, DeliveryFailure(.unknownAddress))
        _ = try await store.turn(TurnRequest(finished: [claims[0].accepted(), failed]), at: .noon)
        let counts = store.tally.counts
        #expect(
            counts.tries.all.map { "\($0.key.provider) \($0.key.outcome) \($0.value)" } == [
                "sms-a accepted 1", "sms-a unknown_address 1",
            ])
        #expect(counts.standings.all.map { "\($0.key.state) \($0.value)" } == ["sent 1", "failed 1"])
        #expect(counts.parts.all.map(\.value) == [2])
        let wait = try #require(counts.waits.all.first)
        #expect(wait.key.purpose == .paymentReminder && wait.key.channel == .sms)
        #expect(wait.value.count == 1 && wait.value.sum == 31, "due 30 s before noon, taken 1 s after it")
        // A claim alone does not wait for the disk and is not timed.
        #expect(counts.commits.count == 3 && counts.commits.sum == 0.003)
        let gauges = try await store.gauges(at: .noon)
        #expect(gauges.messages == [.queued: 0, .sending: 0, .unconfirmed: 0] && gauges.bytes > 4096)
        // A settlement that comes twice changes nothing, in the numbers neither.
        _ = try await store.turn(TurnRequest(finished: [claims[0].accepted()]), at: .noon)
        #expect(store.tally.counts.tries.all.map(\.value) == [1, 1])
    }
}

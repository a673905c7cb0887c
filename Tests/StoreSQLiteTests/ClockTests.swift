import Domain
import Foundation
import GatewayTesting
import Journal
import Queue
import Testing

@testable import StoreSQLite

/// The wall clock was ahead and is set back: what was due stays due, what people named as a time stays there.
@Suite struct ClockTests {
    static let ahead: Double = 30 * 86_400

    /// The same moment, by a clock that is so many seconds ahead.
    private func moment(_ seconds: Int64, ahead: Double = 0) -> Moment {
        let right = Moment.noon.advanced(by: .seconds(seconds))
        return Moment(wall: right.wall.addingTimeInterval(ahead), uptime: right.uptime)
    }

    private func message(_ id: Int64) -> Message { .sample(id: id, expiresAt: .noon.addingTimeInterval(90 * 86_400)) }

    private func claims(_ store: SQLiteStore, at now: Moment) async throws -> [Int64] {
        try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 9)], lease: .seconds(86_400)), at: now)
            .claims.map(\.message.id.raw)
    }

    /// 1 was claimed, failed and waits ten seconds; 2 is held in the worker's hands; 3 waits; 4 shall go at a time.
    private func fill(_ store: SQLiteStore) async throws -> Claim {
        let now = moment(0, ahead: Self.ahead)
        for id: Int64 in [1, 2] {
            _ = try await store.enqueue(
                [Enqueue(message: message(id), requestHash: [], start: .queued(due: now.wall, nil, .sms))],
                at: now)
        }
        let taken = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 2)]), at: now).claims
        let first = try #require(taken.first)
        let backoff = Settlement(
            message: first.message.id, token: first.token, event: .postponed, due: now.wall.addingTimeInterval(10),
            held: .backoff, progress: first.progress)
        _ = try await store.turn(TurnRequest(finished: [backoff]), at: now)
        for (id, due, held) in [
            (3, now.wall, nil), (4, now.wall.addingTimeInterval(3600), HeldReason.sendAt),
        ] as [(Int64, Date, HeldReason?)] {
            _ = try await store.enqueue(
                [Enqueue(message: message(id), requestHash: [], start: .queued(due: due, held, .sms))],
                at: now)
        }
        return try #require(taken.last)
    }

    @Test func whatWasDueIsDueStill() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        let held = try await fill(store)
        #expect(try await claims(store, at: moment(1)) == [3], "1 waits for its ten seconds, 4 for its hour")
        let back = Settlement(
            message: held.message.id, token: held.token, event: .postponed, progress: held.progress)
        _ = try await store.turn(TurnRequest(finished: [back]), at: moment(2))
        #expect(try await claims(store, at: moment(3)) == [2], "what the worker held goes back to a place that is due")
        #expect(try await claims(store, at: moment(9)).isEmpty)
        #expect(try await claims(store, at: moment(12)) == [1])
        #expect(try await claims(store, at: moment(7200)).isEmpty, "a time that somebody named is a time")
        #expect(try await claims(store, at: moment(7300, ahead: Self.ahead)) == [4])
    }

    @Test func alsoBetweenTwoProcesses() async throws {
        let folder = try Folder()
        let first = try SQLiteStore.open(
            folder.database, holder: "test", at: Date.noon.addingTimeInterval(Self.ahead))
        _ = try await fill(first)
        first.close()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.recover(Aftercare(), at: moment(1))
        #expect(try await claims(store, at: moment(2)) == [2, 3])
    }

    @Test func aSmallStepAndAStoppedProcessAreNone() async throws {
        let folder = try Folder()
        let store = try SQLiteStore.open(folder.database, holder: "test", at: .noon)
        _ = try await store.enqueue([.sample(message(1))], at: moment(0))
        // Written down before a long stop, carried out after it: its clock reading is old, not set back.
        _ = try await store.enqueue([.sample(message(2))], at: moment(300))
        _ = try await store.enqueue([.sample(message(3))], at: moment(0))
        _ = try await store.enqueue([.sample(message(4))], at: moment(300, ahead: -30))
        #expect(try await store.entries(after: 0, limit: 20).allSatisfy { $0.event != "clockSetBack" })
    }
}

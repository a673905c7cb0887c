import Domain
import Foundation
import GatewayTesting
import Queue
import Synchronization
import Testing

/// A switch is written once, told to the worker each time, and reads the same for everybody.
struct ProviderBoardTests {
    private final class Ledger: ProviderLedger, ProviderVoices {
        let books = Mutex<(states: [ProviderState], by: [String])>(([], []))
        func providerStates() async throws(StoreError) -> [ProviderState] { books.withLock { $0.states } }
        func providerVoices() async throws(StoreError) -> [ProviderID: String] {
            books.withLock { books in books.by.last.map { [.sample: $0] } ?? [:] }
        }
        func charged(on day: Int) async throws(StoreError) -> [ProviderID: Int] { [.sample: day] }
        func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError) {
            books.withLock { books in
                books.states = [state]
                books.by.append(by)
            }
        }
    }

    private static let account = ProviderAccount(
        id: .sample, kind: "kannel", channels: [.sms],
        limits: .init(weight: 100, concurrency: 8, dailyCap: 100, unit: "parts"))

    @Test func switches() async throws {
        let ledger = Ledger(), told = Mutex<[ProviderBoard.Order]>([])
        let orders = { @Sendable (order: ProviderBoard.Order) in told.withLock { $0.append(order) } }
        let board = ProviderBoard([Self.account], ledger: ledger, day: { _ in 7 }, tell: orders)
        func standing() async throws -> ProviderStanding? {
            try await board.standing(of: .sample, at: .noon.addingTimeInterval(60))
        }
        #expect(try await standing()?.state == .works)
        try await board.resume(.sample, by: "cli:boris", at: .noon)
        try await board.pause(.sample, note: "звоним", by: "client:ops", at: .noon)
        let later = Moment(wall: .noon.addingTimeInterval(60), uptime: 1)
        try await board.pause(.sample, note: nil, by: "cli:boris", at: later)
        #expect(ledger.books.withLock { $0.by } == ["client:ops"], "the first word stands")
        let paused = try await standing()
        #expect(paused?.state == .paused && paused?.isPaused == true && paused?.ledger?.since == .noon)
        #expect(paused?.by == "client:ops" && paused?.pausedUntil == nil && paused?.usedToday == 7)
        try await board.pause(.sample, note: "ждём денег", by: "cli:boris", at: later)
        #expect(try await standing()?.ledger?.note == "ждём денег")
        #expect(try await standing()?.ledger?.since == .noon, "a new note is no new pause")
        try await board.resume(.sample, by: "cli:boris", at: later)
        #expect(try await standing()?.state == .works)
        #expect(
            told.withLock { $0 } == [
                .resume(.sample), .pause(.sample), .pause(.sample), .pause(.sample), .resume(.sample),
            ])
    }

    @Test(arguments: [
        (nil, 0, ProviderStanding.State.works), (nil, 100, .usedUp),
        (ProviderState(provider: .sample, since: .noon), 0, .works),
        (ProviderState(provider: .sample, pausedUntil: .distantFuture, reason: "operator", since: .noon), 100, .paused),
        (ProviderState(provider: .sample, pausedUntil: .noon + 10, reason: "throttled", since: .noon), 0, .resting),
        (ProviderState(provider: .sample, pausedUntil: .noon - 10, reason: "throttled", since: .noon), 0, .tried),
        (
            ProviderState(provider: .sample, pausedUntil: .distantFuture, reason: "out_of_funds", since: .noon), 0,
            .resting
        ),
    ])
    func states(_ ledger: ProviderState?, _ used: Int, _ expected: ProviderStanding.State) {
        let standing = ProviderStanding(
            account: Self.account, ledger: ledger, by: nil, usedToday: used, now: .noon)
        #expect(standing.state == expected)
    }
}

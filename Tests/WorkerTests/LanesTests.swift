import Delivery
import Domain
import Foundation
import GatewayTesting
import Policy
import Queue
import Testing

@testable import Worker

struct LanesTests {
    static func prepared(_ id: Int64, to destination: Destination = .sms()) -> Prepared {
        let message = Message.sample(id: id, to: [destination])
        return Prepared(
            claim: Claim(message: message, progress: Progress(), token: id), permit: .sample(message),
            submission: .sample(id: id, to: destination), steps: [], fallbackLeft: false, onUnconfirmed: .hold)
    }

    @Test func beginsNoMoreThanThereAreSlots() {
        var lanes = Lanes([ScriptedProvider(concurrency: 3)])
        for id in 1...10 { _ = lanes.enter(Self.prepared(Int64(id)), at: .noon) }
        let offered = lanes.offer(at: .noon), more = lanes.offer(at: .noon)
        #expect(offered.map(\.message.raw) == [1, 2, 3])
        #expect(more.isEmpty)
        #expect(lanes.held == 10)
    }

    @Test func oneSlotFreesOneBeginning() {
        var lanes = Lanes([ScriptedProvider(concurrency: 2)])
        for id in 1...4 { _ = lanes.enter(Self.prepared(Int64(id)), at: .noon) }
        _ = lanes.start(lanes.offer(at: .noon).map(\.message), at: .noon)
        let ended = lanes.end(MessageID(raw: 1)), again = lanes.end(MessageID(raw: 1))
        #expect(ended != nil)
        #expect(again == nil, "an answer counts once")
        let offered = lanes.offer(at: .noon)
        #expect(offered.map(\.message.raw) == [3])
    }

    @Test func aFailedTurnTakesItsOffersBack() {
        var lanes = Lanes([ScriptedProvider(concurrency: 2)])
        for id in 1...3 { _ = lanes.enter(Self.prepared(Int64(id)), at: .noon) }
        let first = lanes.offer(at: .noon)
        lanes.withdrawOffers()
        let second = lanes.offer(at: .noon)
        #expect(first.count == 2 && second.count == 2)
        #expect(lanes.held == 3)
    }

    @Test func aPausedAccountGivesBackWhatWaits() throws {
        var lanes = Lanes([ScriptedProvider(concurrency: 1)])
        for id in 1...3 { _ = lanes.enter(Self.prepared(Int64(id)), at: .noon) }
        _ = lanes.start(lanes.offer(at: .noon).map(\.message), at: .noon)
        let trouble = ProviderTrouble(
            provider: ProviderID("sms-a")!, failure: .init(.unreachable), alertsOperator: false)
        let first = lanes.pause(trouble, base: .seconds(10), at: .noon)
        let (state, released) = try #require(first)
        #expect(released.map(\.claim.message.id.raw) == [2, 3])
        #expect(state.pausedUntil == .noon.addingTimeInterval(10))
        let again = lanes.pause(trouble, base: .seconds(10), at: .noon)
        #expect(again == nil, "one burst is one trouble")
        let until = lanes.enter(Self.prepared(4), at: .noon)
        #expect(until == .noon.addingTimeInterval(10))

        let later = Date.noon.addingTimeInterval(11)
        let next = lanes.pause(trouble, base: .seconds(10), at: later)
        let (second, _) = try #require(next)
        #expect(second.pausedUntil == later.addingTimeInterval(20), "the second pause in a row is longer")
    }

    @Test func aSuccessThatBeganBeforeThePauseDoesNotEndIt() throws {
        let sms = ProviderID("sms-a")!
        var lanes = Lanes([ScriptedProvider(concurrency: 2)])
        let trouble = ProviderTrouble(
            provider: sms, failure: .init(.throttled, retryAfter: .seconds(100)), alertsOperator: false)
        _ = lanes.pause(trouble, base: .seconds(10), at: .noon)
        let during = lanes.works(sms, beganAt: .noon, at: .noon.addingTimeInterval(1))
        let late = lanes.works(sms, beganAt: .noon, at: .noon.addingTimeInterval(101))
        let fresh = lanes.works(sms, beganAt: .noon.addingTimeInterval(101), at: .noon.addingTimeInterval(102))
        #expect(during == nil && late == nil)
        #expect(fresh != nil && fresh?.pausedUntil == nil)
    }

    @Test func theSecondAccountOfAChannelStepsIn() {
        var lanes = Lanes([ScriptedProvider("sms-a"), ScriptedProvider("sms-b")])
        _ = lanes.enter(Self.prepared(1), at: .noon)
        let trouble = ProviderTrouble(
            provider: ProviderID("sms-a")!, failure: .init(.unreachable), alertsOperator: false)
        _ = lanes.pause(trouble, base: .seconds(10), at: .noon)
        _ = lanes.enter(Self.prepared(2), at: .noon)
        let offered = lanes.offer(at: .noon)
        #expect(offered.map(\.provider.text) == ["sms-b"])
    }

    @Test func aLongLaneKeepsItsOrder() {
        var lanes = Lanes([ScriptedProvider(concurrency: 7)])
        var seen: [Int64] = []
        for id in 1...500 { _ = lanes.enter(Self.prepared(Int64(id)), at: .noon) }
        while seen.count < 500 {
            let offered = lanes.offer(at: .noon).map(\.message)
            _ = lanes.start(offered, at: .noon)
            for id in offered { _ = lanes.end(id) }
            seen += offered.map(\.raw)
        }
        #expect(seen == Array(1...500))
    }
}

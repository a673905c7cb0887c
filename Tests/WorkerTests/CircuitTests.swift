import Delivery
import Domain
import Foundation
import GatewayTesting
import Queue
import Testing

@testable import Worker

/// When an account rests, for how long, and what wakes it; how much it is asked to bear.
struct CircuitTests {
    private func hear(
        _ circuit: inout Circuit, _ word: AccountWord, asked: Duration? = nil, began: Int64 = 0, at now: Int64
    ) -> Circuit.Change? {
        _ = circuit.look(at: now)
        return circuit.hear(word, asked: asked, began: began, base: .seconds(10), chance: 0.5, at: now)
    }

    @Test func oneFailureRestsNobodyTwoInARowDo() {
        var circuit = Circuit()
        #expect(hear(&circuit, .stumbles, at: 0) == nil)
        #expect(hear(&circuit, .works, at: 1) == nil)
        #expect(hear(&circuit, .stumbles, at: 2) == nil)
        #expect(hear(&circuit, .stumbles, at: 3) == .rests(until: 10_003))
        #expect(circuit.isOpen(at: 10_002) && !circuit.isOpen(at: 10_003))
    }

    @Test func theProvidersOwnWordRestsAtOnceAndTheLatestTimeHolds() {
        var circuit = Circuit()
        #expect(hear(&circuit, .rests, asked: .seconds(7), at: 0) == .rests(until: 7000))
        #expect(hear(&circuit, .rests, asked: .seconds(7), at: 0) == nil, "one burst is one trouble")
        #expect(
            hear(&circuit, .rests, asked: .seconds(60), at: 1) == .rests(until: 60_001),
            "never before the time that was asked for")
        #expect(hear(&circuit, .works, began: 0, at: 2) == nil, "an answer to what left before says nothing")
        #expect(circuit.isOpen(at: 60_000))
    }

    @Test func restsGrowToThreeQuartersOfAMinuteAndASuccessForgetsThem() {
        var circuit = Circuit()
        var now: Int64 = 0
        var lengths: [Int64] = []
        _ = hear(&circuit, .stumbles, at: now)
        for _ in 0..<9 {
            guard case .rests(let until)? = hear(&circuit, .stumbles, began: now, at: now) else { break }
            lengths.append((until - now) / 1000)
            now = until
        }
        #expect(lengths == [10, 20, 40, 45, 45, 45, 45, 45, 45])
        _ = circuit.look(at: now)
        #expect(hear(&circuit, .works, began: now - 1, at: now) == nil, "it began before the rest was over")
        #expect(hear(&circuit, .silent, began: now - 1, at: now) == nil, "a late time-out is no failed probe either")
        #expect(hear(&circuit, .stumbles, began: now - 1, at: now) == nil)
        #expect(hear(&circuit, .works, began: now, at: now + 5) == .works)
        #expect(circuit.state == .closed && circuit.rests == 0)
    }

    @Test func anAskedPauseHoldsAtTheFirstStumble() {
        var circuit = Circuit()
        #expect(hear(&circuit, .stumbles, asked: .seconds(300), at: 0) == .rests(until: 300_000))
    }

    @Test func silenceRestsAfterFive() {
        var circuit = Circuit()
        for second in Int64(0)..<4 { #expect(hear(&circuit, .silent, at: second) == nil) }
        #expect(hear(&circuit, .silent, at: 4) != nil)
    }

    @Test(arguments: DeliveryFailure.Reason.allCases) func everyReasonSaysSomethingOfTheAccount(
        reason: DeliveryFailure.Reason
    ) {
        let failure = DeliveryFailure(reason)
        switch (failure.scope, failure.outlook) {
        case (_, .unknown): #expect(reason.accountWord == .silent)
        case (.address, _), (.message, _): #expect(reason.accountWord == .works)
        case (.provider, _): #expect(![.works, .silent].contains(reason.accountWord))
        }
    }

    @Test func aPersonIsToldOnceWhileItLastsAndOnceAnHourWhereTheAccountGoesOn() {
        var told = Told()
        let hour: Int64 = 3_600_000
        let first = told.isNew(.badCredentials, rests: true, at: 0)
        let probe = told.isNew(.badCredentials, rests: true, at: 1000 * hour)
        let other = told.isNew(.outOfFunds, rests: true, at: 1)
        #expect(first && !probe && other)
        let strange = [0, hour - 1, hour, hour + 1].map { told.isNew(.unintelligible, rests: false, at: $0) }
        #expect(strange == [true, false, true, false])
    }

    @Test func oneStepInARoundOfAnswers() {
        var concurrency = Concurrency(maximum: 20)
        #expect(concurrency.limit == 5)
        for _ in 0..<10 { concurrency.succeeded() }
        #expect(concurrency.limit == 15, "up to the first overload each success adds one")
        for _ in 0..<15 { concurrency.overloaded() }
        #expect((13...14).contains(concurrency.limit))
        for _ in 0..<15 { concurrency.succeeded() }
        #expect((14...15).contains(concurrency.limit))
        for _ in 0..<10_000 { concurrency.overloaded() }
        #expect(concurrency.limit == 1)
        for _ in 0..<10_000 { concurrency.succeeded() }
        #expect(concurrency.limit == 20)
    }

    @Test func sharesMoveAwayFromErrorsAndComeBack() {
        var balance = Balance(weight: 50)
        for second in Int64(0)..<51 { balance.hear(isError: true, isSlow: false, at: second * 1000) }
        #expect(balance.fails(at: 51_000))
        balance.shift(forErrors: true, at: 51_000)
        balance.shift(forErrors: true, at: 52_000)
        #expect(balance.points == 45, "once a minute")
        balance.recover(at: 51_000 + 14 * 60_000)
        #expect(balance.points == 45)
        balance.recover(at: 51_000 + 15 * 60_000)
        #expect(balance.points == 50)
    }

    @Test func aSeventhLateIsSlow() {
        var balance = Balance(weight: 50)
        for answer in 0..<100 { balance.hear(isError: false, isSlow: answer < 14, at: 1) }
        #expect(!balance.isSlow)
        balance.hear(isError: false, isSlow: true, at: 2)
        #expect(!balance.isSlow)
        for _ in 0..<2 { balance.hear(isError: false, isSlow: true, at: 3) }
        #expect(balance.isSlow)
    }

    @Test func onlyWhatOthersPassIsAMessagesOwnTrouble() {
        var suspects = Suspects()
        let poison = MessageID(raw: 1)
        let first = suspects.metTrouble(poison)
        for _ in 0..<9 { suspects.somebodyPassed() }
        let second = suspects.metTrouble(poison)
        for _ in 0..<10 { suspects.somebodyPassed() }
        let third = suspects.metTrouble(poison), another = suspects.metTrouble(MessageID(raw: 2))
        #expect(!first && !second && third && !another)
        // One message a minute passes, and this one comes back every quarter of a minute.
        var found = 0
        for round in 1...160 {
            if round.isMultiple(of: 4) { suspects.somebodyPassed() }
            if suspects.metTrouble(poison) { found += 1 }
        }
        #expect(found == 4)
    }
}

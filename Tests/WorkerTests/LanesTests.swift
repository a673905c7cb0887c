import Delivery
import Domain
import Foundation
import GatewayTesting
import Policy
import Queue
import Testing

@testable import Worker

/// Who may begin, where a message waits, and what one account's trouble does to the others.
struct LanesTests {
    static let day = HouseDay.utc(.noon)

    static func prepared(
        _ id: Int64, to destination: Destination = .sms(), priority: Domain.Priority = .normal, text: String = "а"
    ) -> Prepared {
        let message = Message.sample(id: id, to: [destination], priority: priority)
        return Prepared(
            claim: Claim(message: message, progress: Progress(), token: id), permit: .sample(message),
            submission: .sample(Content(text: text), id: id, to: destination), steps: [], next: nil,
            onUnconfirmed: .hold, clock: .never)
    }

    static func lanes(_ providers: ScriptedProvider...) -> Lanes { Lanes(providers, at: .noon) }

    static func moment(_ seconds: Double) -> Moment { .noon.advanced(by: .milliseconds(Int64(seconds * 1000))) }

    private func enter(_ lanes: inout Lanes, _ ids: ClosedRange<Int64>, chance: Double = 0) {
        for id in ids { _ = lanes.enter(Self.prepared(id), window: 1000, on: Self.day, chance: chance, at: .noon) }
    }

    private func begin(_ lanes: inout Lanes, at now: Moment = .noon) -> [Int64] {
        let tokens = lanes.offer(on: Self.day, at: now).beginnings.map(\.token)
        _ = lanes.start(tokens, at: now)
        return tokens
    }

    /// `distantFuture` in the books is a person's pause: it survives the restart, and years.
    @Test func aPersonsPauseOutlivesTheProcess() {
        let state = ProviderState(
            provider: ProviderID("sms-a")!, pausedUntil: .distantFuture, reason: "operator", since: .noon)
        var lanes = Lanes([ScriptedProvider()], states: [state], at: .noon)
        let later = Self.moment(3 * 365 * 86_400)
        for (id, now) in [(Int64(1), Moment.noon), (2, later)] {
            let entry = lanes.enter(Self.prepared(id), window: 10, on: .utc(now.wall), chance: 0, at: now)
            guard case .closed(_, .providerPaused) = entry else {
                Issue.record("entered: \(entry)")
                continue
            }
        }
        let wanted = lanes.wanted(window: 10, on: .utc(later.wall), at: later)
        #expect(wanted.allSatisfy { $0.emergencies == 0 })
        lanes.at(0) { $0.circuit.resume() }
        let entry = lanes.enter(Self.prepared(3), window: 10, on: .utc(later.wall), chance: 0, at: later)
        if case .waits = entry { return }
        Issue.record("not let in: \(entry)")
    }

    @Test func beginsNoMoreThanThereAreSlots() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 3))
        enter(&lanes, 1...10)
        let first = lanes.offer(on: Self.day, at: .noon).beginnings.map(\.token)
        let more = lanes.offer(on: Self.day, at: .noon).beginnings
        #expect(first == [1, 2, 3] && more.isEmpty)
        #expect(lanes.held == 10)
    }

    @Test func oneSlotFreesOneBeginningAndAnAnswerCountsOnce() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 2))
        enter(&lanes, 1...4)
        #expect(begin(&lanes) == [1, 2])
        let ended = lanes.end(1), again = lanes.end(1)
        #expect(ended != nil && again == nil)
        #expect(begin(&lanes) == [3])
    }

    @Test func aFailedTurnTakesItsOffersBackInTheirOrder() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 2))
        enter(&lanes, 1...3)
        _ = lanes.offer(on: Self.day, at: .noon)
        lanes.withdrawOffers()
        #expect(begin(&lanes) == [1, 2])
        #expect(lanes.held == 3)
    }

    @Test func emergenciesOvertakeAtOnceAndBuryNobody() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 1))
        for id in Int64(1)...20 {
            _ = lanes.enter(Self.prepared(id, priority: .bulk), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        for id in Int64(101)...130 {
            _ = lanes.enter(Self.prepared(id, priority: .emergency), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        var order: [Int64] = []
        while let token = begin(&lanes).first {
            order.append(token)
            _ = lanes.end(token)
        }
        #expect(order.prefix(9).allSatisfy { $0 > 100 })
        #expect(order.prefix(30).count { $0 <= 100 } == 3, "every tenth place")
        #expect(order.count == 50)
    }

    @Test func aHungAccountHoldsBackItsOwnChannelOnly() {
        let hung = ScriptedProvider("smtp-main", channels: [.email], concurrency: 2)
        var lanes = Self.lanes(hung, ScriptedProvider(concurrency: 2))
        for id in Int64(1)...100 {
            _ = lanes.enter(Self.prepared(id, to: .email()), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        let wanted = lanes.wanted(window: 100, on: Self.day, at: .noon)
        #expect(wanted.first { $0.channel == .email } == Wanted(.email, limit: 0, emergencies: 10))
        #expect(wanted.first { $0.channel == .sms }?.limit == 100)
        let more = (Int64(101)...300).map {
            lanes.enter(Self.prepared($0, to: .email()), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        #expect(more.count { $0 == .full } == 100, "messages of other lines cannot fill it without end")
    }

    @Test func emergenciesAreNotTakenWithoutEndEither() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 1))
        for id in Int64(1)...10 {
            _ = lanes.enter(
                Self.prepared(id, priority: .emergency), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        let wanted = lanes.wanted(window: 100, on: Self.day, at: .noon).first { $0.channel == .sms }
        #expect(wanted == Wanted(.sms, limit: 90, emergencies: 0))
    }

    @Test func aClosedChannelIsLookedThroughOnceAMinute() {
        var lanes = Self.lanes(ScriptedProvider())
        rest(&lanes, for: 600)
        func sms(_ second: Double) -> Wanted? {
            lanes.wanted(window: 100, on: Self.day, at: Self.moment(second)).first { $0.channel == .sms }
        }
        #expect(sms(0) == Wanted(.sms, limit: 256))
        #expect(sms(1) == nil && sms(59) == nil)
        #expect(sms(60) == Wanted(.sms, limit: 256))
        #expect(sms(600) == Wanted(.sms, limit: 1), "the rest is over: one goes ahead")
    }

    private func rest(_ lanes: inout Lanes, for seconds: Double, _ provider: String = "sms-a") {
        guard let place = lanes.place(of: ProviderID(provider)!) else { return }
        lanes.at(place) { $0.circuit.rest(until: Self.moment(seconds).uptime) }
    }

    @Test func whatCannotWaitHereIsToldUntilWhen() {
        var lanes = Self.lanes(ScriptedProvider())
        rest(&lanes, for: 10)
        let obstacle = lanes.enter(Self.prepared(1), window: 100, on: Self.day, chance: 0, at: .noon)
        #expect(obstacle == .closed(until: .noon.addingTimeInterval(10), .providerPaused))
    }

    @Test func aProbeGoesAlone() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 4))
        rest(&lanes, for: 10)
        let later = Self.moment(11)
        _ = lanes.wanted(window: 100, on: Self.day, at: later)
        for id in Int64(1)...3 { _ = lanes.enter(Self.prepared(id), window: 100, on: Self.day, chance: 0, at: later) }
        #expect(begin(&lanes, at: later) == [1])
    }

    // MARK: several accounts of one channel

    @Test func theReserveStepsInOnlyWhenTheOthersRest() {
        var reserve = ScriptedProvider("sms-b")
        reserve = reserve.paced(Pace(weight: 0))
        var lanes = Self.lanes(ScriptedProvider("sms-a"), reserve)
        #expect(lanes.wanted(window: 100, on: Self.day, at: .noon).first { $0.channel == .sms }?.limit == 100)
        for id in Int64(1)...150 {
            _ = lanes.enter(Self.prepared(id), window: 100, on: Self.day, chance: 0.99, at: .noon)
        }
        #expect(lanes.lanes.map(\.waiting) == [150, 0], "however long the line is")
        _ = lanes.offer(on: Self.day, at: .noon)
        rest(&lanes, for: 10)
        enter(&lanes, 5...5, chance: 0.99)
        #expect(lanes.offer(on: Self.day, at: .noon).beginnings.map(\.provider.text) == ["sms-b"])
    }

    /// Its rest is over, one message is on its way to see: until that one is answered the reserve carries the others.
    @Test func theReserveWorksOnWhileTheOtherIsTried() {
        var lanes = Self.lanes(ScriptedProvider("sms-a"), ScriptedProvider("sms-b").paced(Pace(weight: 0)))
        rest(&lanes, for: 10)
        let later = Self.moment(11)
        let wanted = lanes.wanted(window: 100, on: Self.day, at: later).first { $0.channel == .sms }
        #expect(wanted?.limit == 101 && wanted?.emergencies == 10)
        func enter(_ id: Int64, _ priority: Domain.Priority) {
            _ = lanes.enter(
                Self.prepared(id, priority: priority), window: 100, on: Self.day, chance: 0, at: later)
        }
        enter(1, .emergency)
        #expect(lanes.lanes.map(\.waiting) == [0, 1], "no emergency tries an account that another one can spare it")
        for id in Int64(2)...6 { enter(id, .normal) }
        #expect(lanes.lanes.map(\.waiting) == [1, 5])
        _ = begin(&lanes, at: later)
        for id in Int64(7)...9 { enter(id, .normal) }
        #expect(lanes.lanes.map(\.waiting) == [0, 3 + 5 - lanes.lanes[1].underWay])
    }

    @Test func anAccountThatRestedIsTriedAgainBesideOneThatWorks() {
        let pair = ["sms-a", "sms-b"].map { ScriptedProvider($0).paced(Pace(weight: 50)) }
        var lanes = Self.lanes(pair[0], pair[1])
        rest(&lanes, for: 10)
        enter(&lanes, 1...20)
        #expect(lanes.lanes.map(\.waiting) == [0, 20])
        let later = Self.moment(11)
        _ = lanes.wanted(window: 1000, on: Self.day, at: later)
        for id in Int64(21)...40 {
            _ = lanes.enter(Self.prepared(id), window: 1000, on: Self.day, chance: 0.99, at: later)
        }
        #expect(lanes.lanes.map(\.waiting) == [1, 39], "one, to see whether it works again")
        let probe = lanes.offer(on: Self.day, at: later).beginnings.first { $0.provider.text == "sms-a" }
        _ = lanes.start([probe?.token ?? 0], at: later)
        _ = lanes.end(probe?.token ?? 0)
        _ = lanes.at(0) {
            $0.circuit.hear(.works, began: later.uptime, base: .seconds(10), chance: 0.5, at: later.uptime)
        }
        _ = lanes.enter(Self.prepared(41), window: 1000, on: Self.day, chance: 0, at: later)
        #expect(lanes.lanes[0].waiting == 1, "and has its share again")
    }

    @Test func aCapIsNotOverrunByALongText() {
        let provider = ScriptedProvider(concurrency: 9).paced(Pace(dailyCap: 6, unit: .parts))
        var lanes = Self.lanes(provider)
        let long = String(repeating: "ж", count: 67 * 4)
        _ = lanes.enter(Self.prepared(1, text: long), window: 10, on: Self.day, chance: 0, at: .noon)
        _ = lanes.enter(Self.prepared(2, text: long), window: 10, on: Self.day, chance: 0, at: .noon)
        #expect(begin(&lanes) == [1])
        #expect(lanes.releaseCapped(on: Self.day).map(\.claim.token) == [2], "another account may carry it")
    }

    @Test func sharesFollowTheWeights() {
        let a = ScriptedProvider("sms-a", concurrency: 5).paced(Pace(weight: 75))
        let b = ScriptedProvider("sms-b", concurrency: 5).paced(Pace(weight: 25))
        var lanes = Self.lanes(a, b)
        for id in Int64(0)..<100 {
            _ = lanes.enter(Self.prepared(id), window: 100, on: Self.day, chance: Double(id) / 100, at: .noon)
        }
        #expect(lanes.lanes.map(\.waiting) == [75, 25])
    }

    // MARK: pace

    @Test func theRateIsKept() {
        let provider = ScriptedProvider(concurrency: 5).paced(Pace(rate: 10, burst: 2))
        var lanes = Self.lanes(provider)
        enter(&lanes, 1...30)
        var begun = 0
        for tick in 0..<100 {
            let tokens = begin(&lanes, at: Self.moment(Double(tick) / 100))
            begun += tokens.count
            for token in tokens { _ = lanes.end(token) }
        }
        #expect((11...12).contains(begun), "two at once, then ten in the second: \(begun)")
    }

    @Test func theRateCountsWhatTheProviderCounts() {
        let provider = ScriptedProvider(concurrency: 5).paced(Pace(rate: 1, burst: 4, unit: .parts))
        var lanes = Self.lanes(provider)
        let long = String(repeating: "ж", count: 100)
        for id in Int64(1)...5 {
            _ = lanes.enter(Self.prepared(id, text: long), window: 100, on: Self.day, chance: 0, at: .noon)
        }
        #expect(begin(&lanes) == [1, 2], "two parts each")
        #expect(
            lanes.wake(window: 10, on: Self.day, at: .noon) == Self.moment(2).uptime,
            "when both parts of the next one may go")
    }

    @Test func aChatIsNotWrittenToTwiceAtOnceAndHoldsUpNobody() {
        let provider = ScriptedProvider(concurrency: 5).paced(Pace(perChat: .seconds(1)))
        var lanes = Self.lanes(provider)
        enter(&lanes, 1...2)
        _ = lanes.enter(Self.prepared(3, to: .sms("+79007654321")), window: 100, on: Self.day, chance: 0, at: .noon)
        #expect(begin(&lanes) == [1, 3])
        #expect(begin(&lanes, at: Self.moment(0.9)) == [])
        #expect(lanes.wake(window: 10, on: Self.day, at: .noon) == Self.moment(1).uptime)
        #expect(begin(&lanes, at: Self.moment(1)) == [2])
    }

    @Test func theDailyCapIsKeptOverProcessesAndEndsWithTheDay() {
        let provider = ScriptedProvider(concurrency: 9).paced(Pace(dailyCap: 5))
        var lanes = Self.lanes(provider)
        lanes.restore([ProviderID("sms-a")!: 3], on: Self.day.number)
        enter(&lanes, 1...4)
        #expect(begin(&lanes) == [1, 2])
        let obstacle = lanes.enter(Self.prepared(9), window: 100, on: Self.day, chance: 0, at: .noon)
        #expect(obstacle == .closed(until: .noon.addingTimeInterval(600), .rateLimit))
        let tomorrow = HouseDay(number: Self.day.number + 1, end: Self.day.end.addingTimeInterval(86_400))
        #expect(lanes.offer(on: tomorrow, at: Self.moment(50_000)).beginnings.map(\.token) == [3, 4])
    }

    /// Seed 374 of the simulator: after a midnight that came twice the cap held nobody back.
    @Test func aClockSetBackOverMidnightIsNoSecondAllowance() {
        let provider = ScriptedProvider(concurrency: 9).paced(Pace(dailyCap: 2))
        var lanes = Self.lanes(provider)
        let tomorrow = HouseDay(number: Self.day.number + 1, end: Self.day.end.addingTimeInterval(86_400))
        enter(&lanes, 1...9)
        #expect(begin(&lanes) == [1, 2])
        #expect(lanes.offer(on: tomorrow, at: Self.moment(1)).beginnings.map(\.token) == [3, 4])
        #expect(lanes.offer(on: Self.day, at: Self.moment(2)).beginnings.isEmpty)
        #expect(lanes.offer(on: tomorrow, at: Self.moment(3)).beginnings.isEmpty)
    }

    @Test func whatWaitedIntoTheQuietHoursIsAskedAgain() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 1))
        let message = Message.sample(id: 7)
        let question = Question(
            message: message,
            purpose: .sample(quietHours: QuietHours(workingDay: .init(from: 21 * 60, to: 9 * 60))),
            standing: Standing(epoch: Epoch(0)), rules: HouseRules(carried: Set(Channel.allCases)))
        guard case .success(let permit) = decide(question, at: .noon).ending else { return #expect(Bool(false)) }
        let prepared = Prepared(
            claim: Claim(message: message, progress: Progress(), token: 7), permit: permit, submission: .sample(id: 7),
            steps: [], next: nil, onUnconfirmed: .hold, clock: question.clock)
        _ = lanes.enter(prepared, window: 100, on: Self.day, chance: 0, at: .noon)
        let nine = Self.moment(9 * 3600)
        let offer = lanes.offer(on: Self.day, at: nine)
        #expect(offer.beginnings.isEmpty && offer.outdated.map(\.claim.token) == [7])
        #expect(lanes.held == 0)
    }

    @Test func aLongLineKeepsItsOrder() {
        var lanes = Self.lanes(ScriptedProvider(concurrency: 5))
        enter(&lanes, 1...500)
        var seen: [Int64] = []
        while seen.count < 500 {
            let tokens = begin(&lanes)
            for token in tokens { _ = lanes.end(token) }
            seen += tokens
        }
        #expect(seen == Array(1...500))
    }

    /// While claims are saved up nobody may be woken for them, and no message waits for more than a moment.
    @Test func claimsAreSavedUpForAMoment() {
        var lanes = Self.lanes(ScriptedProvider())
        func wanted(_ now: Moment) -> Int {
            lanes.wanted(window: 100, on: Self.day, at: now).first { $0.channel == .sms }?.limit ?? 0
        }
        #expect(wanted(.noon) == 100)
        #expect(lanes.wake(window: 100, on: Self.day, at: .noon) == nil, "nothing is saved up while nothing waits")
        for id in Int64(1)...60 { _ = lanes.enter(Self.prepared(id), window: 100, on: Self.day, chance: 0, at: .noon) }
        let soon = Moment.noon.advanced(by: .milliseconds(20))
        #expect(wanted(soon) == 0, "40 places are free, 60 wait in the line")
        #expect(lanes.open(window: 100, on: Self.day, at: soon).isEmpty)
        #expect(lanes.wake(window: 100, on: Self.day, at: soon) == Moment.noon.uptime + 100)
        let later = Moment.noon.advanced(by: .milliseconds(100))
        #expect(lanes.open(window: 100, on: Self.day, at: later) == [.sms])
        #expect(wanted(later) == 40)
    }
}

extension Lanes {
    /// As the engine does for a page of one.
    fileprivate mutating func enter(
        _ prepared: Prepared, window: Int, on day: HouseDay, chance: Double, at now: Moment
    ) -> Entry {
        let able = able(prepared.permit.destination.channel, on: day, at: now)
        return enter(prepared, able: able, window: window, on: day, chance: chance, at: now)
    }
}

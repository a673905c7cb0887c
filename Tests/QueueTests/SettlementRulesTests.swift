import Domain
import Foundation
import GatewayTesting
import Queue
import Testing

@Suite struct SettlementRulesTests {
    private static func settlement(
        _ event: MessageEvent, held: HeldReason? = nil, outcome: Attempt.Outcome? = nil, reach: Reach = .nobody
    ) -> Settlement {
        let attempt = outcome.map {
            Attempt(
                number: 1, provider: ProviderID("sms-a")!, destination: .sms(), beganAt: .noon, endedAt: .noon,
                outcome: $0)
        }
        return Settlement(
            message: MessageID(raw: 1), token: 1, event: event, attempt: attempt, held: held,
            progress: Progress(reach: reach))
    }

    // MARK: Reach

    @Test(arguments: Reach.allCases, Reach.allCases) func nothingButAnAcceptanceMakesReachSmallerOrSurer(
        known: Reach, told: Reach
    ) {
        for event in MessageEvent.allCases {
            let after = Self.settlement(event, reach: told).reach(after: known)
            let least = max(known, told)
            switch event {
            case .accepted: #expect(after == .accepted)
            case .answerLost: #expect(after == max(least, .perhaps))
            case .claimed, .postponed, .refused, .notTaken, .failedTemporarily, .failedPermanently, .fellBack,
                .leaseLost, .reportedDelivered, .reportedFailed, .resent, .writtenOff, .expiryPassed, .cancelled,
                .superseded:
                #expect(after == least)
            }
        }
    }

    // MARK: News

    static let news: [(event: MessageEvent, held: HeldReason?, before: HeldReason?, attempted: Bool, isNews: Bool)] = [
        (.postponed, nil, nil, false, false),
        (.postponed, nil, .backoff, false, false),
        (.postponed, .providerPaused, nil, false, true),
        (.postponed, .providerPaused, .providerPaused, false, false),
        (.postponed, .quietHours, .providerPaused, false, true),
        // Something was tried: that is always told.
        (.postponed, .providerPaused, .providerPaused, true, true),
        (.accepted, nil, nil, true, true),
        (.refused, nil, nil, false, true),
        (.failedTemporarily, .backoff, .backoff, true, true),
    ]
    @Test(arguments: news) func aLineForWhatIsNew(
        _ row: (event: MessageEvent, held: HeldReason?, before: HeldReason?, attempted: Bool, isNews: Bool)
    ) {
        let settlement = Self.settlement(
            row.event, held: row.held, outcome: row.attempted ? .failed(DeliveryFailure(.throttled)) : nil)
        #expect(settlement.isNews(heldBefore: row.before) == row.isNews)
    }

    // MARK: Causes

    @Test func theSettlementsOwnWordIsItsCauseElseItsAttempts() {
        var settlement = Self.settlement(.failedPermanently, outcome: .failed(DeliveryFailure(.addressBusy)))
        #expect(settlement.cause?.reason == .addressBusy && settlement.by == "provider:sms-a")
        settlement.failure = DeliveryFailure(.poison)
        #expect(settlement.cause?.reason == .poison && settlement.reason == "poison")
        settlement.refusal = .noConsent
        #expect(settlement.reason == "no_consent")
        #expect(Self.settlement(.accepted, outcome: .accepted(Receipt())).reason == nil)
        #expect(Self.settlement(.postponed).by == "gateway")
    }

    @Test(arguments: MessageState.allCases) func aWordIsKeptOnlyForAnEndingThatNeedsOne(state: MessageState) {
        let kept = Self.settlement(.answerLost, outcome: .failed(DeliveryFailure(.noAnswer))).wordKept(in: state)
        let needsOne = state == .suppressed || state == .failed || state == .unconfirmed
        #expect((kept.reason == "no_answer") == needsOne && (kept.cause != nil) == needsOne)
    }

    // MARK: From outside

    /// Not a single word of an operator or a client reaches what is on its way; a report does. What is claimed and has
    /// not begun can still be taken back.
    @Test(arguments: MessageEvent.allCases) func whatIsBeingSentBelongsToItsWorker(event: MessageEvent) {
        let isReport = event == .reportedDelivered || event == .reportedFailed
        #expect((event.standing(from: .sending, hasBegun: true) == .sending) == isReport)
        let takesBack = event == .cancelled || event == .superseded
        #expect((event.standing(from: .sending, hasBegun: false) == .queued) == takesBack)
        #expect(Change(message: MessageID(raw: 1), event: event, by: "operator").isReport == isReport)
        let isTheWorkers = [
            .claimed, .postponed, .refused, .failedTemporarily, .failedPermanently, .leaseLost, .answerLost,
        ].contains(event)
        #expect((event.standing(from: .unconfirmed, hasBegun: true) == .unconfirmed) == !isTheWorkers)
    }

    @Test func aReportOfOneAttemptSaysNothingOfTheOthers() {
        func attempt(_ number: Int, _ outcome: Attempt.Outcome) -> Attempt {
            var attempt = Self.settlement(.accepted, outcome: outcome).attempt!
            attempt.number = number
            return attempt
        }
        let taken = attempt(1, .accepted(Receipt())), lost = attempt(2, .failed(DeliveryFailure(.noAnswer)))
        let refused = attempt(3, .failed(DeliveryFailure(.addressBusy)))
        let report = Change(message: MessageID(raw: 1), event: .reportedFailed, by: "provider:sms-a", attempt: 1)
        let later = attempt(4, .accepted(Receipt()))
        #expect(report.reach(of: Progress(reach: .accepted), attempts: [taken, lost, refused]) == .nobody)
        #expect(report.reach(of: Progress(reach: .accepted), attempts: [taken, lost, later]) == .accepted)
        #expect(report.reach(of: Progress(reach: .perhaps), attempts: [taken]) == .perhaps)
        #expect([taken, lost, refused].carrier(of: .sent) == taken)
        #expect([taken, lost, refused].carrier(of: .unconfirmed) == lost)
        #expect([taken, lost, refused].carrier(of: .failed) == nil)
        #expect(MessageEvent.cancelled.leavesTheEarlierWord(at: .unconfirmed))
        #expect(!MessageEvent.cancelled.leavesTheEarlierWord(at: .cancelled), "no history is read for it")
    }

    @Test func theProvidersWordTakesAwayNoDoubtAboutEarlierAttempts() {
        let change = Change(message: MessageID(raw: 1), event: .notTaken, by: "provider:sms-a")
        let lost = Self.settlement(.answerLost, outcome: .failed(DeliveryFailure(.noAnswer))).attempt!
        let doubt = Progress(reach: .perhaps)
        #expect(change.progress(after: doubt, attempts: [lost]).reach == .nobody)
        #expect(change.progress(after: doubt, attempts: [lost, lost]).reach == .perhaps)
        #expect(change.progress(after: Progress(reach: .accepted), attempts: [lost]).reach == .accepted)
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Policy
import Queue
import Rendering
import Testing

@testable import Worker

extension QuietClock {
    static let never = QuietClock(hours: nil, zone: "Europe/Moscow", otherwise: "Europe/Moscow")
}

/// Every kind of ending and what it does to the message and to the address.
struct SettleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        var answer: Result<Receipt, DeliveryFailure>
        var attempts = 0
        var fallbackLeft = false
        var onUnconfirmed = Purpose.OnUnconfirmed.hold
        let event: MessageEvent
        /// Seconds from now; nil where nothing is due.
        var due: ClosedRange<Double>?
        var held: HeldReason?
        var attemptsAfter = 1
        var suppresses = false
        var testDescription: String { label }
    }

    static let schedule = RetrySchedule(pauses: [.seconds(100), .seconds(1000)], providerPause: .seconds(20))

    static let rows: [Row] = [
        Row(label: "accepted", answer: .success(Receipt(providerID: "7")), event: .accepted, attemptsAfter: 0),
        Row(
            label: "busy, first time", answer: .failure(.init(.addressBusy)), event: .failedTemporarily,
            due: 75...125, held: .backoff),
        Row(
            label: "busy, the provider names a time", answer: .failure(.init(.addressBusy, retryAfter: .seconds(600))),
            event: .failedTemporarily, due: 600...700, held: .backoff),
        Row(
            label: "busy, schedule used up", answer: .failure(.init(.addressBusy)), attempts: 2,
            event: .failedPermanently, attemptsAfter: 3),
        Row(
            label: "busy, schedule used up, fallback left", answer: .failure(.init(.addressBusy)), attempts: 2,
            fallbackLeft: true, event: .fellBack, due: 0...0, attemptsAfter: 0),
        Row(
            label: "no such address", answer: .failure(.init(.unknownAddress)), event: .failedPermanently,
            suppresses: true),
        Row(
            label: "no such address, fallback left", answer: .failure(.init(.unknownAddress)), fallbackLeft: true,
            event: .fellBack, due: 0...0, attemptsAfter: 0, suppresses: true),
        Row(
            label: "text refused", answer: .failure(.init(.contentRejected)), fallbackLeft: true,
            event: .failedPermanently),
        Row(
            label: "too fast", answer: .failure(.init(.throttled, retryAfter: .seconds(7))), event: .postponed,
            due: 15...25, held: .providerPaused, attemptsAfter: 0),
        Row(
            label: "unreachable", answer: .failure(.init(.unreachable)), event: .postponed, due: 15...25,
            held: .providerPaused, attemptsAfter: 0),
        Row(
            label: "bad password", answer: .failure(.init(.badCredentials)), event: .postponed, due: 15...25,
            held: .providerPaused, attemptsAfter: 0),
        Row(label: "an answer nobody understands", answer: .failure(.init(.unintelligible)), event: .answerLost),
        Row(label: "no answer", answer: .failure(.init(.noAnswer)), fallbackLeft: true, event: .answerLost),
    ]

    @Test(arguments: rows) func endingBecomesSettlement(row: Row) {
        let claim = Claim(
            message: .sample(), progress: Progress(attempts: row.attempts, submissions: row.attempts), token: 9)
        let prepared = Prepared(
            claim: claim, permit: .sample(), submission: .sample(), steps: [], next: row.fallbackLeft ? .email() : nil,
            onUnconfirmed: row.onUnconfirmed, clock: .never)
        let settlement = settle(
            row.answer, of: prepared, through: ProviderID("sms-a")!, beganAt: .noon, schedule: Self.schedule,
            chance: 0.5, at: .noon)

        #expect(settlement.event == row.event)
        #expect(settlement.token == 9)
        #expect(settlement.held == row.held)
        #expect(settlement.progress.attempts == row.attemptsAfter)
        #expect(settlement.progress.submissions == row.attempts + 1)
        #expect(settlement.attempt?.number == row.attempts + 1)
        #expect((settlement.suppress != nil) == row.suppresses)
        if let due = row.due {
            let seconds = settlement.due?.timeIntervalSince(.noon)
            #expect(seconds.map { due.contains($0) } == true, "due in \(String(describing: seconds)) s")
        } else {
            #expect(settlement.due == nil)
        }
    }

    /// Busy, or in doubt, with ten seconds left: no pause fits any more.
    @Test(arguments: [true, false], [true, false])
    func aPauseThatReachesTheExpiryIsAScheduleUsedUp(isBusy: Bool, fallbackLeft: Bool) {
        let message = Message.sample(expiresAt: .noon.addingTimeInterval(10))
        let prepared = Prepared(
            claim: Claim(message: message, progress: Progress(), token: 1), permit: .sample(message),
            submission: .sample(), steps: [], next: fallbackLeft ? .email() : nil, onUnconfirmed: .resend, clock: .never
        )
        let settlement = settle(
            .failure(.init(isBusy ? .addressBusy : .noAnswer)), of: prepared, through: ProviderID("sms-a")!,
            beganAt: .noon, schedule: Self.schedule, chance: 0, at: .noon)
        switch (isBusy, fallbackLeft) {
        case (true, true): #expect(settlement.event == .fellBack && settlement.due == .noon)
        case (true, false):
            #expect(settlement.event == .failedPermanently && settlement.failure?.reason == .addressBusy)
        case (false, true): #expect(settlement.event == .answerLost && settlement.resendAt == .noon)
        case (false, false): #expect(settlement.event == .answerLost && settlement.resendAt == nil)
        }
        #expect(settlement.progress.exhausted == (fallbackLeft ? [.sms()] : []))
    }

    /// What is decided of an unknown outcome does not depend on how it came to be unknown.
    @Test(arguments: [Purpose.OnUnconfirmed.hold, .ask, .resend], 0..<4)
    func aDeathAndALostAnswerLeadToTheSame(onUnconfirmed: Purpose.OnUnconfirmed, attempts: Int) {
        let message = Message.sample()
        let prepared = Prepared(
            claim: Claim(message: message, progress: Progress(attempts: attempts), token: 1), permit: .sample(message),
            submission: .sample(), steps: [], next: .email(), onUnconfirmed: onUnconfirmed, clock: .never)
        let settlement = settle(
            .failure(.init(.noAnswer)), of: prepared, through: ProviderID("sms-a")!, beganAt: .noon,
            canBeAsked: true, schedule: Self.schedule, chance: 0.5, at: .noon)
        var purpose = Purpose.sample()
        purpose.onUnconfirmed = onUnconfirmed
        let rules = AftercareRules(
            purposes: [message.purpose: purpose], schedule: Self.schedule, askable: [ProviderID("sms-a")!],
            chance: 0.5, now: .noon)
        let aftermath = rules.aftermath(
            of: Abandoned(
                message: message.id, purpose: message.purpose, expiresAt: message.expiresAt,
                progress: Progress(attempts: attempts + 1, deaths: 1), provider: ProviderID("sms-a")!))
        switch aftermath {
        case .resend(let due, let elsewhere):
            #expect(settlement.resendAt == due)
            #expect(settlement.progress.exhausted.isEmpty != elsewhere)
        case .hold(let until): #expect(settlement.resendAt == nil && settlement.due == until && until != nil)
        case .requeue, .bury: Issue.record("\(aftermath)")
        }
    }

    @Test func jitterSpreadsWhatFailedTogether() {
        let pauses = [0.0, 0.25, 0.5, 0.999].map { Self.schedule.jittered(.seconds(100), by: $0) }
        #expect(pauses.first == 75)
        #expect(pauses == pauses.sorted() && Set(pauses).count == 4)
        #expect(pauses.allSatisfy { (75..<125).contains($0) })
    }
}

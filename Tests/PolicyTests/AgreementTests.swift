import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Policy

/// The fast way decides as the plain way does, whatever the books say.
@Suite("Fast and plain decisions agree")
struct DecisionAgreementTests {
    /// Repeatable: a question that disagrees is found again.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        mutating func one<Value>(_ values: [Value]) -> Value { values.randomElement(using: &self)! }
        mutating func some<Value>(_ values: [Value], upTo count: Int) -> [Value] {
            (0..<Int.random(in: 0...count, using: &self)).map { _ in one(values) }
        }
        mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
    }

    static let destinations: [Destination] = [
        .sms(), .sms("+79990000001"), .email(), .email("Anna@Example.ru"), .email("anna@example.ru"), .max(),
        try! Destination(.telegram, "55001"), try! Destination(.maxChat, "-77001"), try! Destination(.vk, "4001"),
    ]
    static let purposes: [PurposeID] = [.paymentReminder, .news]

    static func record(_ number: Int, _ dice: inout Dice) -> ConsentRecord {
        ConsentRecord(
            id: ConsentID(raw: Int64(number)), recipient: RecipientID("ls:1")!, purpose: dice.one(purposes),
            channel: dice.one([nil, nil, .sms, .email, .telegram, .max]),
            action: dice.one(ConsentRecord.Action.allCases),
            occurredAt: .noon.addingTimeInterval(Double(-Int.random(in: 1...4, using: &dice)) * 86_400),
            recordedAt: .noon.addingTimeInterval(Double(-Int.random(in: 1...2, using: &dice)) * 86_400))
    }

    static func question(_ dice: inout Dice) -> Question {
        var purpose = Purpose.sample(
            dice.one(purposes), basis: dice.one(Purpose.Basis.allCases), mandatory: dice.chance(0.3),
            channels: dice.some(Channel.allCases, upTo: 5),
            quietHours: dice.one([nil, QuietHours(workingDay: .init(from: 1320, to: 480))]))
        purpose.onDoubt = dice.one([.send, .suppress])
        purpose.factsMaxAge = dice.one([nil, .seconds(3 * 86_400)])
        let account = AccountID("1")!
        let balance = Kopecks(dice.one([-100, 0, 100, 5000]))
        let days = Double(Int.random(in: 0...5, using: &dice))
        let facts = AccountFacts(account: account, balance: balance, asOf: .noon.addingTimeInterval(-days * 86_400))
        var message = Message.sample(
            purpose: purpose.id, to: dice.chance(0.5) ? [] : dice.some(destinations, upTo: 3),
            channels: dice.chance(0.7) ? [] : dice.some(Channel.allCases, upTo: 4))
        message.mode = dice.one([.live, .live, .live, .team, .test])
        message.recipient = dice.one([nil, RecipientID("ls:1")!])
        let guests =
            message.mode == .team && dice.chance(0.9)
            ? GuestList(
                recipients: dice.chance(0.3) ? [RecipientID("ls:1")!] : [],
                destinations: dice.some(destinations, upTo: 5))
            : nil
        if dice.chance(0.3) {
            message.condition = Condition(
                account: account, comparison: dice.one(Condition.Comparison.allCases),
                bound: Kopecks(dice.one([0, 100])))
        }
        let recipient = Recipient(
            id: RecipientID("ls:1")!, timeZone: dice.one(["Europe/Moscow", "Asia/Vladivostok", "Nowhere/At_All"]),
            destinations: dice.some(destinations, upTo: 5))
        let consents = (0..<Int.random(in: 0...5, using: &dice)).map { record($0, &dice) }
        let suppressions =
            dice.chance(0.6)
            ? []
            : dice.some(destinations, upTo: 2).map { destination in
                Suppression(
                    destination: destination, reason: dice.one(Suppression.Reason.allCases), since: .noon,
                    until: dice.one([nil, .noon.addingTimeInterval(-1), .noon.addingTimeInterval(86_400)]))
            }
        return Question(
            message: message, purpose: purpose,
            standing: Standing(
                recipient: dice.chance(0.9) ? recipient : nil, consents: consents.map(\.word),
                suppressions: suppressions, guests: guests, facts: dice.chance(0.8) ? facts : nil, epoch: Epoch(7)),
            exhausted: dice.chance(0.7) ? [] : dice.some(destinations, upTo: 3),
            rules: HouseRules(
                carried: Set(dice.chance(0.5) ? Channel.allCases : dice.some(Channel.allCases, upTo: 4)),
                foreignMessengersDenied: dice.chance(0.3), foreignMessengersNeedConsent: dice.chance(0.5)))
    }

    @Test func decisionsAgree() {
        var dice = Dice(state: 1)
        var allowed = 0
        for _ in 0..<20_000 {
            let question = Self.question(&dice)
            let now = Date.noon.addingTimeInterval(Double(Int.random(in: 0..<10_080, using: &dice)) * 60)
            let fast = decide(question, at: now), plain = Plainly.decide(question, at: now)
            #expect(fast.steps == plain.steps)
            #expect(fast.ending.map(\.destination) == plain.ending)
            #expect(fast.next == plain.next)
            #expect(nextDestination(for: question, at: now) == Plainly.nextDestination(for: question, at: now))
            #expect(plan(for: question) == Plainly.plan(for: question))
            if case .success = plain.ending { allowed += 1 }
        }
        #expect((2_000...18_000).contains(allowed), "a fair share of both endings")
    }
}

import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Policy

/// One row is one question: who is addressed, what the books say, what must come out.
struct DecideTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var purpose = Purpose.sample()
        var given: [Destination] = []
        var known: [Destination] = [.max(), .sms(), .email()]
        var recipient = true
        var channels: [Channel] = []
        var consents: [ConsentRecord] = []
        var suppressions: [Suppression] = []
        var exhausted: [Destination] = []
        var rules = HouseRules(carried: Set(Channel.allCases))
        var want: Want
        var fallbackLeft = false
        var testDescription: String { name }

        enum Want: Sendable, Equatable { case to(Destination), refused(SuppressedReason), noProvider }

        var question: Question {
            let id = recipient ? "ls:1" : nil
            let standing = Standing(
                recipient: recipient ? Recipient(id: RecipientID("ls:1")!, destinations: known) : nil,
                consents: consents.map(\.word), suppressions: suppressions, epoch: Epoch(7))
            return Question(
                message: .sample(purpose: purpose.id, recipient: id, to: given, channels: channels),
                purpose: purpose, standing: standing, exhausted: exhausted, rules: rules)
        }
    }

    /// Days count from the beginning of the ledger.
    static func record(
        _ action: ConsentRecord.Action, _ channel: Channel? = nil, day: Double = 1, written: Double? = nil,
        id: Int64 = 1, purpose: PurposeID = .paymentReminder
    ) -> ConsentRecord {
        let day0 = Date.noon.addingTimeInterval(-100 * 86_400)
        return ConsentRecord(
            id: ConsentID(raw: id), recipient: RecipientID("ls:1")!, purpose: purpose, channel: channel, action: action,
            occurredAt: day0.addingTimeInterval(day * 86_400),
            recordedAt: day0.addingTimeInterval((written ?? day) * 86_400))
    }

    static func stop(
        _ destination: Destination, _ reason: Suppression.Reason = .hardBounce, until: Date? = nil
    ) -> Suppression {
        Suppression(destination: destination, reason: reason, since: .noon.addingTimeInterval(-86_400), until: until)
    }

    static let telegram = try! Destination(.telegram, "55001")
    static let secondPhone = Destination.sms("+79990000001")
    static let news = Purpose.sample(.news, basis: .consent, channels: [.email, .sms])
    static let emergency = Purpose.sample(.outageEmergency, basis: .vital, mandatory: true, channels: [.sms, .max])
    static let abroad = Purpose.sample(channels: [.telegram, .sms])

    static func news(_ action: ConsentRecord.Action, _ channel: Channel? = nil, day: Double = 1, id: Int64 = 1)
        -> ConsentRecord
    {
        record(action, channel, day: day, id: id, purpose: .news)
    }

    static let order: [Row] = [
        Row(name: "purpose's first channel", want: .to(.max()), fallbackLeft: true),
        Row(name: "caller's order wins", channels: [.email, .sms], want: .to(.email()), fallbackLeft: true),
        Row(name: "caller's single channel has no fallback", channels: [.sms], want: .to(.sms())),
        Row(name: "channel without an address is passed over", known: [.email()], want: .to(.email())),
        Row(
            name: "recipient's own order within a channel", known: [secondPhone, .sms()], want: .to(secondPhone),
            fallbackLeft: true),
        Row(name: "no addresses at all", known: [], want: .refused(.noAddress)),
        Row(name: "recipient not in the books", recipient: false, want: .refused(.noAddress)),
        Row(name: "addresses only on other channels", known: [telegram], want: .refused(.noAddress)),
        Row(name: "caller's channel without address", channels: [.voice], want: .refused(.noAddress)),
        Row(name: "bare address, nobody known", given: [.sms()], recipient: false, want: .to(.sms())),
        Row(
            name: "bare addresses in the purpose's order", given: [.email(), .max()], recipient: false,
            want: .to(.max()), fallbackLeft: true),
        Row(
            name: "bare address on a channel the purpose lacks", given: [try! Destination(.vk, "9")], recipient: false,
            want: .to(try! Destination(.vk, "9"))),
        Row(
            name: "given address replaces the known one", given: [secondPhone], channels: [.sms], want: .to(secondPhone)
        ),
        Row(name: "given address keeps to its channel", given: [secondPhone], want: .to(secondPhone)),
        Row(name: "first one failed for good", exhausted: [.max()], want: .to(.sms()), fallbackLeft: true),
        Row(name: "last one left", exhausted: [.max(), .sms()], want: .to(.email())),
        Row(name: "all tried", exhausted: [.max(), .sms(), .email()], want: .refused(.noAddress)),
    ]

    static let consents: [Row] = [
        Row(name: "contract needs no record", want: .to(.max()), fallbackLeft: true),
        Row(name: "law needs no record", purpose: .sample(basis: .law), want: .to(.max()), fallbackLeft: true),
        Row(name: "vital needs no record", purpose: emergency, want: .to(.sms()), fallbackLeft: true),
        Row(name: "consent, no record", purpose: news, want: .refused(.noConsent)),
        Row(
            name: "consent, bare address", purpose: news, given: [.sms()], recipient: false, want: .refused(.noConsent)),
        Row(
            name: "consent granted for all", purpose: news, consents: [news(.granted)], want: .to(.email()),
            fallbackLeft: true),
        Row(
            name: "consent imported", purpose: news, consents: [news(.imported)], want: .to(.email()),
            fallbackLeft: true),
        Row(
            name: "consent granted for one channel", purpose: news, consents: [news(.granted, .sms)], want: .to(.sms())),
        Row(
            name: "consent for another purpose", purpose: news, consents: [record(.granted)], want: .refused(.noConsent)
        ),
        Row(
            name: "consent withdrawn", purpose: news, consents: [news(.granted), news(.withdrawn, day: 2)],
            want: .refused(.consentWithdrawn)),
        Row(
            name: "consent granted again", purpose: news, consents: [news(.withdrawn), news(.granted, day: 2)],
            want: .to(.email()), fallbackLeft: true),
        Row(name: "consent refused", purpose: news, consents: [news(.refused)], want: .refused(.noConsent)),
        Row(
            name: "withdrawn for one channel, the other stays", purpose: news,
            consents: [news(.granted), news(.withdrawn, .email, day: 2)], want: .to(.sms())),
        Row(
            name: "a later word for all overrules one for a channel", purpose: news,
            consents: [news(.granted, .email), news(.withdrawn, day: 2)], want: .refused(.consentWithdrawn)),
        Row(
            name: "a later word for a channel overrules one for all", purpose: news,
            consents: [news(.withdrawn), news(.granted, .email, day: 2)], want: .to(.email())),
        Row(
            name: "an old paper imported after a withdrawal", purpose: news,
            consents: [news(.withdrawn, day: 50), record(.imported, day: 2, written: 90, id: 9, purpose: .news)],
            want: .refused(.consentWithdrawn)),
        Row(
            name: "same time: the one written later", purpose: news,
            consents: [
                record(.granted, day: 5, written: 5, id: 2, purpose: .news),
                record(.withdrawn, day: 5, written: 6, id: 1, purpose: .news),
            ], want: .refused(.consentWithdrawn)),
        Row(
            name: "same time twice: the greater id", purpose: news,
            consents: [news(.withdrawn, day: 5, id: 3), news(.granted, day: 5, id: 2)],
            want: .refused(.consentWithdrawn)),
        Row(name: "contract, purpose switched off", consents: [record(.withdrawn)], want: .refused(.purposeOff)),
        Row(name: "contract, purpose refused", consents: [record(.refused)], want: .refused(.purposeOff)),
        Row(
            name: "contract, channel switched off", channels: [.max], consents: [record(.refused, .max)],
            want: .refused(.channelOff)),
        Row(
            name: "contract, one channel off, next one goes", consents: [record(.withdrawn, .max)], want: .to(.sms()),
            fallbackLeft: true),
        Row(
            name: "mandatory cannot be switched off", purpose: emergency,
            consents: [news(.withdrawn), record(.withdrawn, purpose: .outageEmergency)], want: .to(.sms()),
            fallbackLeft: true),
        Row(
            name: "mandatory leaves a channel", purpose: emergency,
            consents: [record(.refused, .sms, purpose: .outageEmergency)], want: .to(.max())),
        Row(
            name: "mandatory: a later word for all does not undo a channel's", purpose: emergency,
            consents: [
                record(.refused, .sms, purpose: .outageEmergency),
                record(.withdrawn, day: 2, purpose: .outageEmergency),
            ], want: .to(.max())),
        Row(
            name: "mandatory: the only channel cannot be left", purpose: emergency, known: [.sms()],
            consents: [record(.refused, .sms, purpose: .outageEmergency)], want: .to(.sms())),
        Row(
            name: "mandatory: left channel comes back when the others failed", purpose: emergency,
            consents: [record(.refused, .sms, purpose: .outageEmergency)], exhausted: [.max()], want: .to(.sms())),
        Row(
            name: "mandatory: left channel nobody carries", purpose: emergency, known: [.sms()],
            consents: [record(.refused, .sms, purpose: .outageEmergency)], rules: HouseRules(carried: [.max]),
            want: .refused(.channelOff)),
    ]

    static let stops: [Row] = [
        Row(
            name: "suppressed address, next one goes", suppressions: [stop(.max())], want: .to(.sms()),
            fallbackLeft: true),
        Row(
            name: "all suppressed", known: [.sms()], suppressions: [stop(.sms(), .manual)],
            want: .refused(.onSuppressionList)),
        Row(
            name: "given address suppressed", given: [.sms()], recipient: false, suppressions: [stop(.sms())],
            want: .refused(.onSuppressionList)),
        Row(
            name: "suppressed beats consent", purpose: news, known: [.email()], consents: [news(.granted)],
            suppressions: [stop(.email(), .complaint)], want: .refused(.onSuppressionList)),
        Row(
            name: "suppressed beats mandatory", purpose: emergency, known: [.sms()],
            suppressions: [stop(.sms(), .optedOut)], want: .refused(.onSuppressionList)),
        Row(
            name: "a mailbox however it is written", known: [.email("anna@example.ru")],
            suppressions: [stop(.email("Anna@example.ru"))], want: .refused(.onSuppressionList)),
        Row(
            name: "a mailbox with capitals in the books", known: [.email("ANNA@example.ru")],
            suppressions: [stop(.email("anna@example.ru"))], want: .refused(.onSuppressionList)),
        Row(
            name: "capitals stay for sending", known: [.email("Anna@example.ru")],
            suppressions: [stop(.email("inna@example.ru"))], want: .to(.email("Anna@example.ru"))),
        Row(
            name: "suppression over", suppressions: [stop(.max(), until: .noon)], want: .to(.max()), fallbackLeft: true),
        Row(
            name: "suppression not over yet", suppressions: [stop(.max(), until: .noon.addingTimeInterval(1))],
            want: .to(.sms()), fallbackLeft: true),
        Row(
            name: "another number of the same resident", known: [.sms(), secondPhone], suppressions: [stop(.sms())],
            want: .to(secondPhone)),
        Row(
            name: "the same digits on another channel", known: [.max("79001234567")],
            suppressions: [stop(.sms("79001234567"))], want: .to(.max("79001234567"))),
        Row(
            name: "no fallback to a suppressed one", known: [.max(), .sms()], suppressions: [stop(.sms())],
            want: .to(.max())),
    ]

    static let house: [Row] = [
        Row(
            name: "no provider for the first channel", rules: HouseRules(carried: [.sms, .email]), want: .to(.sms()),
            fallbackLeft: true),
        Row(name: "no provider for any", rules: HouseRules(carried: []), want: .noProvider),
        Row(
            name: "a refusal explains more than a missing provider", suppressions: [stop(.sms())],
            rules: HouseRules(carried: [.sms]), want: .refused(.onSuppressionList)),
        Row(name: "foreign messenger needs consent", purpose: abroad, known: [telegram], want: .refused(.noConsent)),
        Row(
            name: "foreign messenger, another channel goes", purpose: abroad, known: [telegram, .sms()],
            want: .to(.sms())),
        Row(
            name: "foreign messenger with its own consent", purpose: abroad, known: [telegram],
            consents: [record(.granted, .telegram)], want: .to(telegram)),
        Row(
            name: "foreign messenger, consent for all is not its own", purpose: abroad, known: [telegram],
            consents: [record(.granted)], want: .refused(.noConsent)),
        Row(
            name: "foreign messenger, its own was withdrawn, all granted later", purpose: abroad, known: [telegram],
            consents: [record(.withdrawn, .telegram), record(.granted, day: 2)], want: .refused(.noConsent)),
        Row(
            name: "foreign messenger, own consent, all withdrawn later", purpose: abroad, known: [telegram],
            consents: [record(.granted, .telegram), record(.withdrawn, day: 2)], want: .refused(.purposeOff)),
        Row(
            name: "foreign messenger, mandatory, all withdrawn",
            purpose: .sample(basis: .law, mandatory: true, channels: [.telegram]), known: [telegram],
            consents: [record(.withdrawn)], want: .refused(.noConsent)),
        Row(
            name: "foreign messenger, mandatory, refused",
            purpose: .sample(basis: .law, mandatory: true, channels: [.telegram]), known: [telegram],
            consents: [record(.refused, .telegram)], want: .refused(.channelOff)),
        Row(
            name: "foreign messenger, no consent asked (KZ)", purpose: abroad, known: [telegram],
            rules: HouseRules(carried: Set(Channel.allCases), foreignMessengersNeedConsent: false), want: .to(telegram)),
        Row(
            name: "foreign messenger denied", purpose: abroad, known: [telegram],
            consents: [record(.granted, .telegram)],
            rules: HouseRules(carried: Set(Channel.allCases), foreignMessengersDenied: true),
            want: .refused(.foreignMessengerDenied)),
        Row(
            name: "foreign messenger denied, SMS goes", purpose: abroad, known: [telegram, .sms()],
            consents: [record(.granted, .telegram)],
            rules: HouseRules(carried: Set(Channel.allCases), foreignMessengersDenied: true), want: .to(.sms())),
    ]

    @Test(arguments: order + consents + stops + house) func decision(row: Row) {
        let decision = decide(row.question, at: .noon)
        let got: Row.Want? =
            switch decision.ending {
            case .success(let permit): .to(permit.destination)
            case .failure(.refused(let reason)): .refused(reason)
            case .failure(.failed(let failure)) where failure.reason == .noProvider: .noProvider
            case .failure: nil
            }
        #expect(got == row.want)
        #expect((decision.next != nil) == row.fallbackLeft)
        #expect(!decision.steps.isEmpty, "every decision explains itself")
        if case .success(let permit) = decision.ending {
            #expect(permit.epoch == Epoch(7))
            #expect(permit.message == row.question.message)
        }
    }

    @Test func stepsExplainInOrder() {
        var row = Row(name: "", purpose: .sample(quietHours: .night), want: .refused(.noAddress))
        row.suppressions = [Self.stop(.max())]
        row.consents = [Self.record(.granted, .sms, id: 33)]
        let steps = decide(row.question, at: .noon).steps
        #expect(
            steps == [
                DecisionStep("suppression", "max: hard_bounce"),
                DecisionStep("suppression", "sms: pass"),
                DecisionStep("consent", "sms: granted (\(ConsentID(raw: 33)))"),
                DecisionStep("channel", "sms"),
                DecisionStep("quiet_hours", "pass (Europe/Moscow)"),
            ])
    }

    @Test(arguments: order + consents + stops + house) func stepsHoldNoAddress(row: Row) {
        for step in decide(row.question, at: .noon).steps {
            for destination in row.given + row.known {
                #expect(!"\(step)".contains(destination.address.exposed))
            }
        }
    }
}

extension QuietHours {
    /// 22:00–08:00, every day.
    static let night = QuietHours(workingDay: Span(from: 1320, to: 480))
}

import Domain
import FoundationEssentials
import Policy
import Rendering
import Worker

/// Who lives here and what the gateway was told of the house: the same in every world.
enum Town {
    static let residents = 6
    static let provider: [Channel: [String]] = [.sms: ["sms-a", "sms-b"], .max: ["max-main"], .email: ["smtp-main"]]

    static func recipient(_ number: Int) -> RecipientID { RecipientID("ls:\(number)")! }

    static func destination(of resident: Int, on channel: Channel) -> Destination {
        switch channel {
        case .sms, .voice: try! Destination(channel, "+7900123456\(resident)")
        case .email: try! Destination(channel, "resident\(resident)@example.ru")
        case .max, .maxChat, .telegram, .vk, .push, .paper: try! Destination(channel, "10020030\(resident)")
        }
    }

    static func destinations(of resident: Int) -> [Destination] {
        [.sms, .max, .email].map { destination(of: resident, on: $0) }
    }

    /// What only this message of this resident may hold.
    static func canary(_ message: MessageID, of resident: Int) -> String { "c\(message.raw)r\(resident)" }

    // MARK: Purposes

    static let hold = PurposeID("payment_reminder")!
    static let ask = PurposeID("debt_notice")!
    static let resend = PurposeID("outage_emergency")!
    static let news = PurposeID("news")!

    static let purposes: [PurposeID: Purpose] = {
        let night = QuietHours(workingDay: .init(from: 22 * 60, to: 8 * 60))
        let all = [
            Purpose(id: hold, basis: .contract, channels: [.sms, .max, .email], onUnconfirmed: .hold),
            Purpose(id: ask, basis: .law, channels: [.sms, .email, .max], onUnconfirmed: .ask),
            Purpose(
                id: resend, basis: .vital, mandatory: true, channels: [.max, .sms, .email], onUnconfirmed: .resend,
                priority: .emergency),
            Purpose(id: news, basis: .consent, channels: [.max, .sms], quietHours: night, priority: .bulk),
        ]
        return Dictionary(all.map { ($0.id, $0) }) { one, _ in one }
    }()

    // MARK: What the worker knows

    static let schedule = RetrySchedule(
        pauses: [.seconds(5), .seconds(20), .seconds(60)], providerPause: .seconds(5), suppressFor: .seconds(3600))

    static let workshop = Workshop(
        purposes: purposes, rules: HouseRules(carried: [.sms, .max, .email], foreignMessengersNeedConsent: false),
        shelf: OneTemplate(), organisation: .init(name: "УК", phone: "+74951234567"), retry: schedule)

    private struct OneTemplate: TemplateShelf {
        func current(_ id: String) -> Template? { Town.template }
        func template(_ ref: TemplateRef) -> Template? { Town.template }
        var ids: [String] { [Town.template.ref.id] }
    }

    static let template = try! Template(
        compiling: TemplateSource(
            id: "word", purpose: "news", variables: [VariableDeclaration("word", .text)],
            samples: [TemplateSample("typical", ["word": .text("слово")])],
            parts: [
                "ru": [
                    "sms.txt": "Слово {{word}}", "messenger.html": "Слово {{word}}", "subject.txt": "Слово",
                    "email.html": "<p>{{word}}</p>", "email.txt": "Слово {{word}}",
                ]
            ]), version: "sha256:00")
}

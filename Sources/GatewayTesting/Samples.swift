package import Delivery
package import Domain
package import Foundation
package import Policy

/// Samples have defaults: a test names only what it is about.
extension Date {
    /// Tuesday, 24 November 2026, 12:00 in Moscow.
    package static let noon = Date(timeIntervalSince1970: 1_795_510_800)
}

extension Moment {
    package static let noon = Moment(wall: .noon, uptime: 1_000_000)
}

extension PurposeID {
    package static let paymentReminder = PurposeID("payment_reminder")!
    package static let outageEmergency = PurposeID("outage_emergency")!
    package static let news = PurposeID("news")!
}

extension Purpose {
    package static func sample(
        _ id: PurposeID = .paymentReminder, basis: Basis = .contract, mandatory: Bool = false,
        channels: [Channel] = [.max, .sms, .email], quietHours: QuietHours? = nil,
        onUnconfirmed: OnUnconfirmed = .hold
    ) -> Purpose {
        Purpose(
            id: id, basis: basis, mandatory: mandatory, channels: channels, quietHours: quietHours,
            onUnconfirmed: onUnconfirmed)
    }
}

extension Destination {
    package static func sms(_ text: String = "+79001234567") -> Destination { try! Destination(.sms, text) }
    package static func email(_ text: String = "anna@example.ru") -> Destination { try! Destination(.email, text) }
    package static func max(_ text: String = "100200300") -> Destination { try! Destination(.max, text) }
}

extension Message {
    package static func sample(
        id: Int64 = 1, purpose: PurposeID = .paymentReminder, template: String = "payment-reminder",
        recipient: String? = nil, to destinations: [Destination] = [.sms()], channels: [Channel] = [],
        variables: Variables = [:], priority: Priority = .normal, expiresAt: Date = .noon.addingTimeInterval(86_400),
        acceptedAt: Date = .noon, fallback: Fallback? = nil
    ) -> Message {
        Message(
            id: MessageID(raw: id), client: "billing", purpose: purpose,
            template: TemplateRef(id: template, version: "sha256:00"),
            recipient: recipient.flatMap { RecipientID($0) }, destinations: destinations, channels: channels,
            variables: variables, priority: priority, expiresAt: expiresAt, acceptedAt: acceptedAt, fallback: fallback)
    }
}

extension Permit {
    /// Through the real policy: there is no other way to a permit, in tests neither.
    package static func sample(_ message: Message = .sample(), at now: Date = .noon) -> Permit {
        let question = Question(
            message: message, purpose: .sample(message.purpose), standing: Standing(epoch: Epoch(0)),
            rules: HouseRules(carried: Set(Channel.allCases), foreignMessengersNeedConsent: false))
        return try! decide(question, at: now).ending.get()
    }
}

extension Submission {
    package static func sample(
        _ content: Content = Content(text: "К оплате 3250,50 руб."), id: Int64 = 1,
        to destination: Destination = .sms(),
        number: Int = 1
    ) -> Submission {
        Submission(content, under: .sample(.sample(id: id, to: [destination])), number: number)
    }
}

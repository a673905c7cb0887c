/// The kind of way a message goes. The raw value is the JSON key, the SQL value and the log value.
package enum Channel: String, Sendable, CaseIterable, Codable {
    case sms, email, max
    case maxChat = "max_chat"
    case telegram, vk, push, voice, paper

    /// By the case: Swift would hash the letters of the raw value.
    package func hash(into hasher: inout Hasher) { hasher.combine(place) }

    /// 0…8, in the order above.
    package var place: Int {
        switch self {
        case .sms: 0
        case .email: 1
        case .max: 2
        case .maxChat: 3
        case .telegram: 4
        case .vk: 5
        case .push: 6
        case .voice: 7
        case .paper: 8
        }
    }

    /// Whether the channel says later that a message arrived. Mail, MAX and Telegram do not: there `sent` counts as
    /// delivered for fallback, unless the purpose needs proof of receipt.
    package var reportsDelivery: Bool {
        switch self {
        case .sms, .push, .voice: true
        case .email, .max, .maxChat, .telegram, .vk, .paper: false
        }
    }

    /// Subject to 41-ФЗ of 2025-04-01 and to the organisation's kind.
    package var isForeignMessenger: Bool { self == .telegram }

    /// A group reads what is sent here: texts for it hold no personal data.
    package var isGroup: Bool { self == .maxChat }
}

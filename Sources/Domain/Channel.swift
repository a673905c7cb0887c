/// The kind of way a message goes. The raw value is the JSON key, the SQL value and the log value.
package enum Channel: String, Sendable, CaseIterable, Codable {
    case sms, email, max
    case maxChat = "max_chat"
    case telegram, vk, push, voice, paper

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

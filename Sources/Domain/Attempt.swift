package import FoundationEssentials

/// The configured account that carries a channel: `sms-a`, `smtp-main`. Lower-case Latin letters, digits, `-`, `_`.
package struct ProviderID: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package init?(_ text: String) {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count),
            bytes.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F })
        else { return nil }
        self.text = text
    }
    package var description: String { text }

    /// Stands as the provider of test messages, which no provider is given. No account may have this name.
    package static let rehearsal = ProviderID("test-mode")!
}

/// A provider's acceptance. Not a delivery!
package struct Receipt: Sendable, Hashable {
    /// The provider's name for the message: an SMS id, a queue id, a `mid`. Nil where the provider gives none.
    package var providerID: String?
    /// Billed parts of an SMS.
    package var parts: Int?
    package init(providerID: String? = nil, parts: Int? = nil) {
        self.providerID = providerID
        self.parts = parts
    }
}

/// One submission to one provider and how it ended.
package struct Attempt: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case accepted(Receipt)
        case failed(DeliveryFailure)

        package var failure: DeliveryFailure? {
            switch self {
            case .accepted: nil
            case .failed(let failure): failure
            }
        }
        package var isAccepted: Bool { failure == nil }
        /// The resident may have it, or may not.
        package var isUnknown: Bool { failure?.outlook == .unknown }
    }
    /// 1 for the first submission of a message.
    package var number: Int
    package var provider: ProviderID
    package var destination: Destination
    package var beganAt: Date
    package var endedAt: Date
    package var outcome: Outcome
    package init(
        number: Int, provider: ProviderID, destination: Destination, beganAt: Date, endedAt: Date, outcome: Outcome
    ) {
        self.number = number
        self.provider = provider
        self.destination = destination
        self.beganAt = beganAt
        self.endedAt = endedAt
        self.outcome = outcome
    }
}

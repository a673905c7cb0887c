/// Addresses that under a test key give one outcome each, so that a caller can try out what it does about every one of
/// them. All others arrive.
///
/// `+70000000001` as a phone, `70000000001` (a house chat: `-70000000001`) in a messenger, `delivered@test.invalid` as a
/// mailbox. No operator owns the code 000, and RFC 2606 keeps `.invalid` for ever empty: a real message to one of them
/// reaches nobody.
package enum MagicRecipient: Int, Sendable, CaseIterable {
    case delivered = 1
    /// The address does not exist.
    case permanent = 2
    /// Busy once, then it arrives.
    case temporaryThenDelivered = 3
    /// It left, and no answer came.
    case noAnswer = 4
    /// Accepted, and never reported on.
    case acceptedWithoutReport = 5

    /// Nil for an address like any other.
    package init?(_ destination: Destination) {
        let address = destination.folded.address.exposed
        let found = Self.allCases.first { magic in
            switch destination.channel {
            case .sms, .voice: address == "+\(magic.number)"
            case .email: address == magic.mailbox
            case .max, .telegram, .vk: address == magic.number
            case .maxChat: address == "-\(magic.number)"
            case .push, .paper: false
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// `70000000001` … `70000000005`.
    package var number: String { "7000000000\(rawValue)" }

    package var mailbox: String {
        let name =
            switch self {
            case .delivered: "delivered"
            case .permanent: "permanent"
            case .temporaryThenDelivered: "temporary"
            case .noAnswer: "no-answer"
            case .acceptedWithoutReport: "no-report"
            }
        return name + "@test.invalid"
    }
}

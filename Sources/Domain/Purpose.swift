/// The name of a purpose: `payment_reminder`. The purposes themselves are configuration (Config/purposes.yaml).
package struct PurposeID: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    /// Lower-case Latin letters, digits and `_`, 1…64 of them: it is a metric label and a JSON value.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count),
            bytes.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        self.text = text
    }
    package var description: String { text }
}

/// Why we write. Purpose, not channel, carries the legal basis, the quiet hours and the cost of a duplicate.
package struct Purpose: Sendable, Hashable {
    /// On what ground we may write at all. Only `consent` needs a granted record in the ledger.
    package enum Basis: String, Sendable, CaseIterable { case contract, law, consent, vital }
    /// What to do when nobody knows whether it arrived.
    package enum OnUnconfirmed: String, Sendable, CaseIterable {
        /// Ask the provider where it can be asked; what it does not confirm waits for a report or a human. One copy.
        case hold
        /// The same, but the provider's word that it never had the message queues it again.
        case ask
        /// Send another copy: one too many is cheaper than silence.
        case resend
    }
    /// What to do when a message's condition cannot be checked: nothing is known of the account, or nothing recent.
    package enum OnDoubt: String, Sendable, CaseIterable {
        /// Silence would cost more.
        case send
        /// A reminder to somebody who has paid would cost more.
        case suppress
    }

    package var id: PurposeID
    package var title: [String: String]
    package var basis: Basis
    /// Cannot be switched off, only moved to another channel.
    package var mandatory: Bool
    package var channels: [Channel]
    package var quietHours: QuietHours?
    package var onUnconfirmed: OnUnconfirmed
    package var onDoubt: OnDoubt
    /// Older facts of an account count as none; nil: they count however old they are.
    package var factsMaxAge: Duration?
    package var priority: Priority
    /// How long the news is worth sending when the caller names no `expires_at`.
    package var life: Duration

    package init(
        id: PurposeID, title: [String: String] = [:], basis: Basis, mandatory: Bool = false, channels: [Channel],
        quietHours: QuietHours? = nil, onUnconfirmed: OnUnconfirmed = .hold, onDoubt: OnDoubt = .suppress,
        factsMaxAge: Duration? = nil, priority: Priority = .normal, life: Duration = .seconds(3 * 86_400)
    ) {
        self.id = id
        self.title = title
        self.basis = basis
        self.mandatory = mandatory
        self.channels = channels
        self.quietHours = quietHours
        self.onUnconfirmed = onUnconfirmed
        self.onDoubt = onDoubt
        self.factsMaxAge = factsMaxAge
        self.priority = priority
        self.life = life
    }
}

/// When nothing is sent, on the recipient's own clock: minutes from midnight, `from` in the evening to `to` in the
/// morning; weekends may have hours of their own.
package struct QuietHours: Sendable, Hashable {
    package struct Span: Sendable, Hashable {
        /// Minutes after midnight, 0…1439. `from` > `to` means over midnight.
        package var from: Int, to: Int
        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
        package func contains(_ minute: Int) -> Bool {
            from < to ? (from..<to).contains(minute) : from == to ? false : minute >= from || minute < to
        }
    }
    package var workingDay: Span
    package var weekend: Span
    package init(workingDay: Span, weekend: Span? = nil) {
        self.workingDay = workingDay
        self.weekend = weekend ?? workingDay
    }
}

/// Which message goes first. The raw value is its place in the queue, the name is the API's word.
package enum Priority: Int, Sendable, CaseIterable, Comparable {
    case emergency = 0, high, normal, bulk
    package var name: String {
        switch self {
        case .emergency: "emergency"
        case .high: "high"
        case .normal: "normal"
        case .bulk: "bulk"
        }
    }
    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

package import Domain
package import FoundationEssentials

/// An address of a client's that hears of events (Standard Webhooks 1.0).
package struct Webhook: Sendable, Hashable {
    package let id: WebhookID
    /// Whose it is and what it may hear of; a nil client is the house itself.
    package var scope: EventScope
    package var url: String
    package var filter: EventFilter
    /// Readable in the store, because we sign with it.
    package var secret: WebhookSecret
    /// Signed with as well until then, so that the receiver changes over in its own time.
    package var previous: Previous?
    package var state: State
    package var createdAt: Date
    /// The journal up to this line has been looked at for it.
    package var cursor: Int64

    package struct Previous: Sendable, Hashable {
        package var secret: WebhookSecret
        package var until: Date
        package init(secret: WebhookSecret, until: Date) {
            self.secret = secret
            self.until = until
        }
    }
    package enum State: Sendable, Hashable {
        case active
        case disabled(Reason)
        /// Why nothing is sent to it.
        package enum Reason: String, Sendable, CaseIterable {
            /// The receiver answered 410.
            case gone
            /// Its owner said so.
            case switchedOff = "switched_off"
        }
        package var isActive: Bool { self == .active }
    }

    package init(
        id: WebhookID, scope: EventScope, url: String, filter: EventFilter, secret: WebhookSecret,
        previous: Previous? = nil, state: State = .active, createdAt: Date, cursor: Int64
    ) {
        self.id = id
        self.scope = scope
        self.url = url
        self.filter = filter
        self.secret = secret
        self.previous = previous
        self.state = state
        self.createdAt = createdAt
        self.cursor = cursor
    }

    /// With which a request of now is signed, the current one first.
    package func secrets(at now: Date) -> [WebhookSecret] {
        guard let previous, now < previous.until else { return [secret] }
        return [secret, previous.secret]
    }
}

/// The bytes of a `whsec_…`. Printed only where its owner asked for it.
package struct WebhookSecret: Sendable, Hashable, CustomStringConvertible {
    package let bytes: [UInt8]
    /// - Parameter bytes: 24…64 of them, drawn by chance that nobody can guess.
    package init?(bytes: [UInt8]) {
        guard (24...64).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }
    package static let prefix = "whsec_"

    /// - Parameter text: `whsec_` and base 64.
    package init?(_ text: String) {
        guard text.utf8.starts(with: Self.prefix.utf8),
            let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count)))
        else { return nil }
        self.init(bytes: [UInt8](data))
    }
    package var exposed: String { Self.prefix + Data(bytes).base64EncodedString() }
    package var description: String { Self.prefix + "···" }
}

/// One event on its way to one webhook.
package struct WebhookDelivery: Sendable, Hashable {
    package var webhook: WebhookID
    package var event: EventID
    package var status: Status
    /// Requests that were made so far.
    package var attempts: Int
    /// When the next request is due; nil once it has ended.
    package var nextAt: Date?
    /// Of the last reply; nil where none came.
    package var code: Int?
    /// Why the last attempt failed, for people: bounded, without addresses.
    package var error: String?
    package var createdAt: Date
    /// Of the last attempt.
    package var attemptedAt: Date?

    package enum Status: String, Sendable, CaseIterable { case pending, delivered, failed }

    package init(
        webhook: WebhookID, event: EventID, status: Status = .pending, attempts: Int = 0, nextAt: Date? = nil,
        code: Int? = nil, error: String? = nil, createdAt: Date, attemptedAt: Date? = nil
    ) {
        self.webhook = webhook
        self.event = event
        self.status = status
        self.attempts = attempts
        self.nextAt = nextAt
        self.code = code
        self.error = error
        self.createdAt = createdAt
        self.attemptedAt = attemptedAt
    }
}

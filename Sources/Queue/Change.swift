package import Domain
package import FoundationEssentials

/// What happened to a message from outside the worker.
package struct Change: Sendable, Hashable {
    package let message: MessageID
    package var event: MessageEvent
    /// Who said so: `operator`, `provider:sms-a`, `client:billing`.
    package var by: String
    package var failure: DeliveryFailure?
    /// For `resent` and `fellBack`: when it is due again.
    package var due: Date?
    /// For what leads back to `queued`: the channel it will most likely leave by; nil: as before.
    package var channel: Channel?
    /// The submission it speaks of; where another one followed meanwhile it says nothing about the message any more.
    package var attempt: Int?
    /// For `accepted`: the provider's own name for it, as it said later.
    package var receipt: Receipt?
    package init(
        message: MessageID, event: MessageEvent, by: String, failure: DeliveryFailure? = nil, due: Date? = nil,
        channel: Channel? = nil, attempt: Int? = nil, receipt: Receipt? = nil
    ) {
        self.message = message
        self.event = event
        self.by = by
        self.failure = failure
        self.due = due
        self.channel = channel
        self.attempt = attempt
        self.receipt = receipt
    }
}

/// Until when to wait for a report, anew; nil: a person is waited for, nobody looks again by itself.
package struct Wait: Sendable, Hashable {
    package let message: MessageID
    package var until: Date?
    /// What was learnt, for the journal.
    package var finding: WaitingWord
    /// As in `Change`.
    package var attempt: Int?
    package init(message: MessageID, until: Date?, finding: WaitingWord, attempt: Int? = nil) {
        self.message = message
        self.until = until
        self.finding = finding
        self.attempt = attempt
    }
}

package enum Applied: Sendable, Hashable {
    case moved(MessageState)
    case noted
    /// LIFECYCLE.md has no such step; nothing changed.
    case illegal(in: MessageState)
    case unknownMessage
}

/// One state change that was committed; the source of log lines and counters.
package struct Happening: Sendable, Hashable {
    package let message: MessageID
    package let purpose: PurposeID
    package let event: MessageEvent
    /// Where it stands after all that the event led to: `queued` where a resend followed at once.
    package var state: MessageState
    package let channel: Channel?
    package let provider: ProviderID?
    package let reason: String?
    package init(
        message: MessageID, purpose: PurposeID, event: MessageEvent, state: MessageState, channel: Channel? = nil,
        provider: ProviderID? = nil, reason: String? = nil
    ) {
        self.message = message
        self.purpose = purpose
        self.event = event
        self.state = state
        self.channel = channel
        self.provider = provider
        self.reason = reason
    }
}

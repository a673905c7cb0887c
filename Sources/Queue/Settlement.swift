package import Domain
package import FoundationEssentials

/// All that one event changes: state, attempt, suppression and journal line in one transaction. Log line and metric are
/// made from it too, so they cannot disagree with the books.
package struct Settlement: Sendable, Hashable {
    package let message: MessageID
    package let token: Int64
    package var event: MessageEvent
    /// What was tried, if anything was.
    package var attempt: Attempt?
    /// When to look again, and why it waits: for events that lead back to `queued`, and for `sent` and `unconfirmed` that
    /// wait for a report.
    package var due: Date?
    package var held: HeldReason?
    /// For `answerLost` of a purpose that would rather say it twice: `resent` follows in the same transaction, due then.
    package var resendAt: Date?
    /// Where it will most likely leave by next; nil: as before.
    package var channel: Channel?
    /// As it shall be from now on.
    package var progress: Progress
    package var refusal: SuppressedReason?
    package var failure: DeliveryFailure?
    package var suppress: Suppression?
    /// How policy decided, rule by rule: `suppression: pass`, `consent: cns_…`. Kept in the journal.
    package var decision: [DecisionStep]
    package init(
        message: MessageID, token: Int64, event: MessageEvent, attempt: Attempt? = nil, due: Date? = nil,
        held: HeldReason? = nil, resendAt: Date? = nil, channel: Channel? = nil, progress: Progress,
        refusal: SuppressedReason? = nil, failure: DeliveryFailure? = nil,
        suppress: Suppression? = nil, decision: [DecisionStep] = []
    ) {
        self.message = message
        self.token = token
        self.event = event
        self.attempt = attempt
        self.due = due
        self.held = held
        self.resendAt = resendAt
        self.channel = channel
        self.progress = progress
        self.refusal = refusal
        self.failure = failure
        self.suppress = suppress
        self.decision = decision
    }
}

package import Domain
package import FoundationEssentials

/// A claim whose worker will not settle it any more: its process died, or its lease ended.
package struct Abandoned: Sendable, Hashable {
    package let message: MessageID
    package let purpose: PurposeID
    package let expiresAt: Date
    /// As it stands with this loss counted in.
    package let progress: Progress
    /// Through which account the first byte may have left; nil: none did.
    package let provider: ProviderID?
    package init(
        message: MessageID, purpose: PurposeID, expiresAt: Date, progress: Progress, provider: ProviderID?
    ) {
        self.message = message
        self.purpose = purpose
        self.expiresAt = expiresAt
        self.progress = progress
        self.provider = provider
    }
}

/// What an abandoned message comes to. The store carries it out in the transaction that finds it, so that no crash comes
/// between the finding and the deciding.
package enum Aftermath: Sendable, Hashable {
    /// No byte had left: back to its old place.
    case requeue
    /// Unconfirmed, until a report or a person says more; `until` is when to ask or to tell somebody.
    case hold(until: Date?)
    /// Unconfirmed, and queued again for another copy; `elsewhere`: its present destination is given up.
    case resend(Date, elsewhere: Bool = false)
    /// Set aside for a person.
    case bury(DeliveryFailure)
}

/// How the worker decides about abandoned messages. Pure: the store may ask twice.
package struct Aftercare: Sendable {
    package var decide: @Sendable (Abandoned) -> Aftermath
    /// What the dead process was preparing when it died. Of all that it held, only this one and what had begun can have
    /// killed it, so only for them the death is counted.
    package var suspect: MessageID?
    package init(
        suspect: MessageID? = nil,
        _ decide: @escaping @Sendable (Abandoned) -> Aftermath = { $0.provider == nil ? .requeue : .hold(until: nil) }
    ) {
        self.suspect = suspect
        self.decide = decide
    }
}

/// A message whose report did not come in time.
package struct Overdue: Sendable, Hashable {
    package let message: Message
    package let state: MessageState
    package let progress: Progress
    /// The submission that nothing was heard of.
    package let attempt: Attempt?
    package init(message: Message, state: MessageState, progress: Progress, attempt: Attempt?) {
        self.message = message
        self.state = state
        self.progress = progress
        self.attempt = attempt
    }
}

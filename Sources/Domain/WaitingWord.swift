/// What was learnt while waiting for news of a message that left us; the values of the journal's `finding`.
package enum WaitingWord: String, Sendable, CaseIterable {
    /// The provider was asked what became of it.
    case asked
    /// The provider never got it, and the purpose does not allow to send it again by itself.
    case notKnown = "not_known"
    /// Its provider cannot be asked, is gone, or was asked for a day in vain.
    case nobodyToAsk = "nobody_to_ask"
    /// No report came in time, and there is no next destination.
    case nothingLeft = "nothing_left"
    /// What the store keeps of it is damaged.
    case unreadable
}

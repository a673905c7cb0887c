// Stage 5, submit. In comes a Submission, which only a Permit can make; out goes exactly one Answer: the provider's
// receipt, or a failure in our own words. Nothing here retries, logs a state or knows the queue: one submission is one
// conversation, and the worker decides what its ending means.

package import Domain
package import FoundationEssentials
package import Policy

/// All a provider may know: no variables, no account number, no consent.
package struct Submission: Sendable, Hashable {
    package let reference: MessageID
    /// 1 for the first submission of this message: part of what a provider may use to recognise a repeat.
    package let number: Int
    package let to: Destination
    package let content: Content
    package let purpose: PurposeID
    package let expiresAt: Date

    package init(_ content: Content, under permit: Permit, number: Int) {
        reference = permit.message.id
        self.number = number
        to = permit.destination
        self.content = content
        purpose = permit.message.purpose
        expiresAt = permit.message.expiresAt
    }
}

/// How one submission ended.
package struct Answer: Sendable, Hashable {
    package let reference: MessageID
    package let outcome: Result<Receipt, DeliveryFailure>
    package init(reference: MessageID, outcome: Result<Receipt, DeliveryFailure>) {
        self.reference = reference
        self.outcome = outcome
    }
}

/// One configured account that carries one or more channels.
package protocol Provider: Sendable {
    var profile: ProviderProfile { get }

    /// Starts the conversations and returns at once. `answer` is called from any thread with batches of answers until
    /// each submission has had exactly one; it must not block.
    func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void)

    /// Asks what became of submissions whose answer was lost, by our own name for them. `answer` is called as for
    /// `submit`, until each inquiry has had exactly one finding.
    func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void)

    /// Lets what has begun come to its end, at most for the account's time-out, then closes the connections.
    func shutdown() async
}

/// What the worker must know about an account to use it well.
package struct ProviderProfile: Sendable, Hashable {
    package var id: ProviderID
    package var channels: Set<Channel>
    /// Submissions that may be under way at once.
    package var concurrency: Int
    /// Repeats of one reference are recognised by the provider: a resend costs nobody a second copy. None of the kinds
    /// we ship does: SMSC takes our id and sends again all the same, its filter of a minute looks at texts; SMS.RU,
    /// Kannel, MAX and Telegram take no id; a mail keeps its Message-ID, which is a hint and no promise.
    package var idempotent: Bool
    /// The longest one submission may take, all time-outs together.
    package var timeout: Duration
    /// It can be asked about a message by our own name for it; see `Provider.ask`.
    package var canBeAsked = false
    /// Its delivery reports reach us. Without them nothing can be concluded from their absence.
    package var reportsDelivery = false
    /// How fast it may be used.
    package var pace = Pace()
    package init(
        id: ProviderID, channels: Set<Channel>, concurrency: Int, idempotent: Bool = false,
        timeout: Duration = .seconds(60)
    ) {
        self.id = id
        self.channels = channels
        self.concurrency = concurrency
        self.idempotent = idempotent
        self.timeout = timeout
    }
}

package import FoundationEssentials

/// One thing to say to one recipient, as it was accepted. It never changes: where it stands is told by the queue.
package struct Message: Sendable, Hashable {
    package let id: MessageID
    /// The calling system; idempotency keys and reads are scoped to it.
    package var client: String
    package var idempotencyKey: String?
    package var purpose: PurposeID
    package var template: TemplateRef
    package var locale: String
    /// A resident we know, or nobody when the caller gave bare addresses.
    package var recipient: RecipientID?
    /// Addresses given in the request itself; they come before those of the recipient.
    package var destinations: [Destination]
    /// The caller's order of channels; empty means the purpose's own.
    package var channels: [Channel]
    package var variables: Variables
    package var priority: Priority
    package var sendAt: Date?
    package var expiresAt: Date
    package var acceptedAt: Date
    package var thread: String?
    /// Queued messages with the same key, accepted earlier, give way to this one.
    package var supersedes: String?
    package var reference: String?
    package var metadata: [String: String]
    package var attachments: [Attachment]
    package var retryOf: MessageID?
    /// When to try the next destination although this one was accepted.
    package var fallback: Fallback?
    /// Of the key it came under: how far it may go.
    package var mode: KeyMode
    /// Asked when it leaves; nil: it leaves whatever the account says.
    package var condition: Condition?

    package init(
        id: MessageID, client: String, idempotencyKey: String? = nil, purpose: PurposeID, template: TemplateRef,
        locale: String = "ru", recipient: RecipientID? = nil, destinations: [Destination] = [],
        channels: [Channel] = [], variables: Variables = [:], priority: Priority = .normal, sendAt: Date? = nil,
        expiresAt: Date, acceptedAt: Date, thread: String? = nil, supersedes: String? = nil, reference: String? = nil,
        metadata: [String: String] = [:], attachments: [Attachment] = [], retryOf: MessageID? = nil,
        fallback: Fallback? = nil, mode: KeyMode = .live, condition: Condition? = nil
    ) {
        self.id = id
        self.client = client
        self.idempotencyKey = idempotencyKey
        self.purpose = purpose
        self.template = template
        self.locale = locale
        self.recipient = recipient
        self.destinations = destinations
        self.channels = channels
        self.variables = variables
        self.priority = priority
        self.sendAt = sendAt
        self.expiresAt = expiresAt
        self.acceptedAt = acceptedAt
        self.thread = thread
        self.supersedes = supersedes
        self.reference = reference
        self.metadata = metadata
        self.attachments = attachments
        self.retryOf = retryOf
        self.fallback = fallback
        self.mode = mode
        self.condition = condition
    }
}

/// How far a message has come. Travels with the queue row, so that a claim needs no look at the history.
package struct Progress: Sendable, Hashable {
    /// Attempts that counted, on the present destination.
    package var attempts: Int
    /// Attempts of any kind since the message was accepted: the number of the next attempt row is one more.
    package var submissions: Int
    /// Destinations that failed for good; the next one in the plan is tried.
    package var exhausted: [Destination]
    /// What earlier attempts may have done: it can never end in a word that denies it.
    package var reach: Reach
    /// Times a process died between claiming and settling it.
    package var deaths: Int
    package init(
        attempts: Int = 0, submissions: Int = 0, exhausted: [Destination] = [], reach: Reach = .nobody, deaths: Int = 0
    ) {
        self.attempts = attempts
        self.submissions = submissions
        self.exhausted = exhausted
        self.reach = reach
        self.deaths = deaths
    }

    /// Nothing more goes there; the schedule begins anew with the next destination.
    package mutating func giveUp(_ destination: Destination) {
        exhausted.append(destination)
        attempts = 0
    }
}

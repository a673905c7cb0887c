package import Domain
package import FoundationEssentials

/// Where messages wait and where their state changes. SQLite (and later PostgreSQL) stands behind it; `StoreConformance`
/// in GatewayTesting defines it.
///
/// What comes in: accepted messages and everything that happens to them. What leaves: claims. What it never does: talk
/// to a network, decide policy, or change a state by any way other than `MessageState.step`.
package protocol MessageQueue: Sendable {
    /// Durable when it returns. The same client and idempotency key give the same message back, never a second one.
    /// One result per item, in order.
    func enqueue(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> [Enqueued]

    /// One turn of the worker in one transaction: record what ended, mark what may start now, hand out more. Any part
    /// may be empty. After it returns, exactly the messages in `Turn.begun` may put their first byte on the wire.
    func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn

    /// Called once at start, before the first turn: claims of a dead process go back to the queue (`leaseLost`), those
    /// that had begun become `unconfirmed` (`answerLost`). Returns what it did, for log and metrics.
    func recover(at now: Moment) async throws(StoreError) -> [Happening]

    /// What happens to a message from outside the worker: a cancellation, a delivery report, an operator's word.
    /// One result per item, in order; an illegal step is an answer, not an error.
    func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied]

    /// When the earliest queued message falls due, if any: the worker sleeps until then or until `enqueue` wakes it.
    func nextDue() async throws(StoreError) -> Date?
}

/// A message with what the accept stage decided about it.
package struct Enqueue: Sendable, Hashable {
    package var message: Message
    /// SHA-256 of the request's canonical bytes: tells a repeat from a reused key.
    package var requestHash: [UInt8]
    /// Queued now or later; or suppressed at once, which is still an acceptance.
    package var start: Start
    package enum Start: Sendable, Hashable {
        case queued(due: Date, HeldReason?)
        case suppressed(SuppressedReason)
    }
    package init(message: Message, requestHash: [UInt8], start: Start) {
        self.message = message
        self.requestHash = requestHash
        self.start = start
    }
}

package enum Enqueued: Sendable, Hashable {
    case new(MessageID)
    /// The same key and the same request: the first answer again.
    case known(MessageID)
    /// The same key with another request; nothing was stored.
    case conflict(with: MessageID)
}

/// A message leased to one worker. The token fences off a worker that wakes up after its lease.
package struct Claim: Sendable, Hashable {
    package let message: Message
    package let progress: Progress
    package let token: Int64
    package init(message: Message, progress: Progress, token: Int64) {
        self.message = message
        self.progress = progress
        self.token = token
    }
}

package struct TurnRequest: Sendable {
    package var finished: [Settlement]
    package var beginning: [Beginning]
    /// At most this many new claims.
    package var limit: Int
    package var lease: Duration
    package init(
        finished: [Settlement] = [], beginning: [Beginning] = [], limit: Int = 0, lease: Duration = .seconds(900)
    ) {
        self.finished = finished
        self.beginning = beginning
        self.limit = limit
        self.lease = lease
    }
}

/// A claimed message whose first byte may leave now, if the books still say what policy read in them.
package struct Beginning: Sendable, Hashable {
    package let message: MessageID
    package let token: Int64
    package let provider: ProviderID
    package let destination: Destination
    /// The recipient whose consents were read, if the message has one.
    package let recipient: RecipientID?
    /// The age of the books at which the permit was given.
    package let epoch: Epoch
    package init(
        message: MessageID, token: Int64, provider: ProviderID, destination: Destination, recipient: RecipientID?,
        epoch: Epoch
    ) {
        self.message = message
        self.token = token
        self.provider = provider
        self.destination = destination
        self.recipient = recipient
        self.epoch = epoch
    }
}

package struct Turn: Sendable {
    package var claims: [Claim]
    /// Committed as begun: these may leave.
    package var begun: [MessageID]
    /// The books changed for this recipient or address since the permit: ask policy again.
    package var stale: [MessageID]
    /// The claim is no longer ours (lease over, cancelled, expired): forget the message.
    package var lost: [MessageID]
    /// What the finished settlements did, in order; nil where the claim was no longer ours and nothing changed.
    package var settled: [Happening?]
    package init(
        claims: [Claim] = [], begun: [MessageID] = [], stale: [MessageID] = [], lost: [MessageID] = [],
        settled: [Happening?] = []
    ) {
        self.claims = claims
        self.begun = begun
        self.stale = stale
        self.lost = lost
        self.settled = settled
    }
}

/// All that one event changes: state, attempt, suppression and journal line in one transaction. Log line and metric are
/// made from it too, so they cannot disagree with the books.
package struct Settlement: Sendable, Hashable {
    package let message: MessageID
    package let token: Int64
    package var event: MessageEvent
    /// What was tried, if anything was.
    package var attempt: Attempt?
    /// When to look again, and why it waits; for events that lead back to `queued`.
    package var due: Date?
    package var held: HeldReason?
    /// As it shall be from now on.
    package var progress: Progress
    package var refusal: SuppressedReason?
    package var failure: DeliveryFailure?
    package var suppress: Suppression?
    /// How policy decided, rule by rule: `suppression: pass`, `consent: cns_…`. Kept in the journal.
    package var decision: [DecisionStep]
    package init(
        message: MessageID, token: Int64, event: MessageEvent, attempt: Attempt? = nil, due: Date? = nil,
        held: HeldReason? = nil, progress: Progress, refusal: SuppressedReason? = nil, failure: DeliveryFailure? = nil,
        suppress: Suppression? = nil, decision: [DecisionStep] = []
    ) {
        self.message = message
        self.token = token
        self.event = event
        self.attempt = attempt
        self.due = due
        self.held = held
        self.progress = progress
        self.refusal = refusal
        self.failure = failure
        self.suppress = suppress
        self.decision = decision
    }
}

/// What happened to a message from outside the worker.
package struct Change: Sendable, Hashable {
    package let message: MessageID
    package var event: MessageEvent
    /// Who said so: `operator`, `provider:sms-a`, `client:billing`.
    package var by: String
    package var failure: DeliveryFailure?
    /// For `resent` and `fellBack`: when it is due again.
    package var due: Date?
    package init(
        message: MessageID, event: MessageEvent, by: String, failure: DeliveryFailure? = nil, due: Date? = nil
    ) {
        self.message = message
        self.event = event
        self.by = by
        self.failure = failure
        self.due = due
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
    package let state: MessageState
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

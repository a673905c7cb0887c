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

    /// What the first requests with these keys became, those that are known: a repeat is answered by it even where the
    /// same request would be refused today.
    func first(of keys: Set<RequestKey>) async throws(StoreError) -> [RequestKey: FirstRequest]

    /// One turn of the worker in one transaction: record what ended, mark what may start now, hand out more. Any part
    /// may be empty. After it returns, exactly the messages in `Turn.begun` may put their first byte on the wire.
    func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn

    /// Called once at start, before the first turn: claims of a dead process go back to the queue (`leaseLost`), those
    /// that had begun become `unconfirmed` (`answerLost`), or what `aftercare` makes of either, all in one transaction.
    /// Returns what it did, for log and metrics.
    func recover(_ aftercare: Aftercare, at now: Moment) async throws(StoreError) -> [Happening]

    /// Messages that are `sent` or `unconfirmed` and whose `due_at` has come: no report arrived in time. Earliest first.
    func overdue(upTo limit: Int, at now: Moment) async throws(StoreError) -> [Overdue]

    /// Ends queued messages of these channels whose `expires_at` is over: where nothing is claimed, nothing meets them.
    /// Looks at so many of each line at most, and goes on from there the next time. Returns what it did.
    func expire(on channels: [Channel], upTo limit: Int, at now: Moment) async throws(StoreError) -> [Happening]

    /// Goes on waiting for a report; a message that is no longer `sent` or `unconfirmed` is left alone.
    func wait(_ waits: [Wait], at now: Moment) async throws(StoreError)

    /// What happens to a message from outside the worker: a cancellation, a delivery report, an operator's word.
    /// One result per item, in order; an illegal step is an answer, not an error.
    func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied]

    /// When the earliest queued message of these channels falls due, if any: the worker sleeps until then or until
    /// `enqueue` wakes it.
    func nextDue(on channels: Set<Channel>) async throws(StoreError) -> Date?
}

/// Where whole batches come in. Apart from the worker's port: who only sends has no use for it.
package protocol BatchQueue: MessageQueue {
    /// All of them or none: where a key is taken by another request, nothing is stored.
    func enqueueTogether(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> EnqueuedTogether
}

/// A message with what the accept stage decided about it.
package struct Enqueue: Sendable, Hashable {
    package var message: Message
    /// SHA-256 of the request's canonical bytes: tells a repeat from a reused key.
    package var requestHash: [UInt8]
    /// Queued now or later; or suppressed at once, which is still an acceptance.
    package var start: Start
    package enum Start: Sendable, Hashable {
        /// `channel` is the one it will most likely leave by: its place in the queue. Policy decides when it leaves.
        case queued(due: Date, HeldReason?, Channel)
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

package enum EnqueuedTogether: Sendable, Hashable {
    /// One result per item, in order; none of them a conflict.
    case all([Enqueued])
    /// Places of the items whose keys are taken, and by which message.
    case none(conflicts: [Int: MessageID])
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

package import Domain
package import FoundationEssentials

/// What has happened, for people: the history of one message, lists, and proof that nobody edited it.
package protocol JournalReader: Sendable {
    func message(_ id: MessageID) async throws(StoreError) -> MessageView?
    /// Oldest first.
    func timeline(of id: MessageID) async throws(StoreError) -> [JournalEntry]
    /// Newest first, at most `limit` (1…250).
    func messages(_ filter: MessageFilter, limit: Int, after: MessageID?) async throws(StoreError) -> [MessageView]
    /// Entries with a sequence above `after`, oldest first: `logs --follow` reads on from there.
    func entries(after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalEntry]
    func stats(at now: Moment) async throws(StoreError) -> QueueStats
    /// The lines in which something waits, the most urgent first.
    func queueLines(at now: Moment) async throws(StoreError) -> [QueueLine]
    /// Messages that go no further by themselves, newest first, at most `limit` (1…1000) below `after`.
    func deadLetters(_ filter: DeadLetterFilter, limit: Int, after: MessageID?) async throws(StoreError) -> [DeadLetter]
    /// What would go if the queue were let go, the oldest first.
    func backlog() async throws(StoreError) -> [BacklogRow]
    /// Walks the chain behind `mark` as far as `goOn` allows, which hears rows done and rows in all now and then.
    func verify(
        from mark: ChainMark, while goOn: @Sendable (Int64, Int64) -> Bool
    ) async throws(StoreError) -> ChainCheck
}

extension JournalReader {
    /// Walks the whole chain; `progress` gets rows done and rows in all.
    package func verify(progress: @Sendable (Int64, Int64) -> Void) async throws(StoreError) -> ChainReport {
        let check = try await verify(from: .origin) { done, total in
            progress(done, total)
            return true
        }
        return check.report
    }
}

/// A message and where it stands, as `messages show` prints it.
package struct MessageView: Sendable, Hashable {
    package var message: Message
    package var state: MessageState
    package var due: Date?
    package var held: HeldReason?
    /// `suppressed` reason or `failed` reason.
    package var reason: String?
    package var failure: DeliveryFailure?
    package var channel: Channel?
    package var provider: ProviderID?
    /// Of a queued message: the channel it will most likely leave by.
    package var line: Channel?
    package var attempts: [Attempt]
    package init(
        message: Message, state: MessageState, due: Date? = nil, held: HeldReason? = nil, reason: String? = nil,
        failure: DeliveryFailure? = nil, channel: Channel? = nil, provider: ProviderID? = nil, line: Channel? = nil,
        attempts: [Attempt] = []
    ) {
        self.message = message
        self.state = state
        self.due = due
        self.held = held
        self.reason = reason
        self.failure = failure
        self.channel = channel
        self.provider = provider
        self.line = line
        self.attempts = attempts
    }
}

package struct MessageFilter: Sendable, Hashable {
    /// Whose messages; nil: everybody's.
    package var client: String?
    package var states: Set<MessageState> = []
    package var purpose: PurposeID?
    package var channel: Channel?
    package var recipient: RecipientID?
    package var reference: String?
    package var thread: String?
    /// Accepted from this moment on, and before that one.
    package var since: Date?
    package var until: Date?
    /// Whose last or given address this is.
    package var address: Destination?
    package init() {}
}

/// One line of the journal. `facts` holds who, what, when and why, never an address in full.
package struct JournalEntry: Sendable, Hashable {
    package var sequence: Int64
    package var at: Date
    /// Nil for entries that are not about one message: a consent, a suppression, a provider.
    package var message: MessageID?
    /// A `MessageEvent`, or `began`, `consent`, `suppression`, `provider`, `recipient` …
    package var event: String
    package var state: MessageState?
    package var by: String
    /// Names and values in the order they were written; values hold no control bytes.
    package var facts: [Fact]
    package struct Fact: Sendable, Hashable {
        package var name: String
        package var value: String
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
    package init(
        sequence: Int64, at: Date, message: MessageID?, event: String, state: MessageState?, by: String, facts: [Fact]
    ) {
        self.sequence = sequence
        self.at = at
        self.message = message
        self.event = event
        self.state = state
        self.by = by
        self.facts = facts
    }
}

package struct QueueStats: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package var priority: Priority
        package var waiting = 0, sending = 0, held = 0
        /// Age of the oldest message that could go now.
        package var oldest: Duration?
        package init(priority: Priority) { self.priority = priority }
    }
    package var rows: [Row]
    package var states: [MessageState: Int]
    package init(rows: [Row], states: [MessageState: Int]) {
        self.rows = rows
        self.states = states
    }
}

/// Which dead letters: all that is named must agree.
package struct DeadLetterFilter: Sendable, Hashable {
    package var reason: DeliveryFailure.Reason?
    package var channel: Channel?
    package var purpose: PurposeID?
    /// Those that ended then or later.
    package var since: Date?
    package init() {}
}

/// A message that ended as `failed` and was not sent again, or one of which nobody but a person will find out more.
/// What a person has written off is no dead letter any more.
package struct DeadLetter: Sendable, Hashable {
    package var message: MessageID
    package var purpose: PurposeID
    package var recipient: RecipientID?
    /// The address, masked, where there is no resident.
    package var addressee: String?
    package var state: MessageState
    package var failure: DeliveryFailure?
    package var channel: Channel?
    package var provider: ProviderID?
    package var endedAt: Date
    package init(
        message: MessageID, purpose: PurposeID, recipient: RecipientID?, addressee: String?, state: MessageState,
        failure: DeliveryFailure?, channel: Channel?, provider: ProviderID?, endedAt: Date
    ) {
        self.message = message
        self.purpose = purpose
        self.recipient = recipient
        self.addressee = addressee
        self.state = state
        self.failure = failure
        self.channel = channel
        self.provider = provider
        self.endedAt = endedAt
    }

    /// The resident may have it already.
    package var mayHaveArrived: Bool { state == .unconfirmed }
}

/// Messages of one purpose and channel that have not left.
package struct BacklogRow: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case queued
        /// Handed over once already; the next channel is tried when no report comes.
        case awaitingReport = "awaiting_report"
    }
    package var kind: Kind
    package var purpose: PurposeID
    package var channel: Channel?
    package var count: Int
    package var oldest: Date
    package init(kind: Kind, purpose: PurposeID, channel: Channel?, count: Int, oldest: Date) {
        self.kind = kind
        self.purpose = purpose
        self.channel = channel
        self.count = count
        self.oldest = oldest
    }
}

package enum ChainReport: Sendable, Hashable {
    case intact(rows: Int64)
    /// The first row that does not follow from the one before it.
    case broken(row: Int64, rows: Int64, why: Words)
}

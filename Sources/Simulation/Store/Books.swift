// The books of the simulator: what StoreSQLite keeps in a file, as one value. A commit is the end of a mutation under the
// store's lock, so the death of a process keeps exactly what was committed. Rows change their state only as
// `MessageState.step` says; StoreConformance holds both stores to the same behaviour.

import Domain
import FoundationEssentials
import Journal
import Policy
import Queue

struct Books: Sendable {
    let flaw: Flaw?
    var rows: [MessageID: Row] = [:]
    /// What waits, by channel, in the order of claims.
    var queue: [Channel: [Place]] = [:]
    var inflight: Set<MessageID> = []
    /// `sent` and `unconfirmed` with a time at which somebody looks again.
    var awaited: [MessageID: Date] = [:]
    var keys: [Key: (message: MessageID, hash: [UInt8])] = [:]
    var journal: [JournalEntry] = []
    var shares: [Channel: FairShare] = [:]
    var lastToken: Int64 = 0
    /// The process that owns the books.
    var session = 1
    var people = People()
    var providers: [ProviderID: ProviderState] = [:]
    var charges: [Int: [ProviderID: Int]] = [:]
    var templates: [KeptTemplate] = []

    /// Idempotency keys are bytes: Swift's strings compare by meaning.
    struct Key: Hashable {
        let client: String
        let key: [UInt8]
    }

    /// A place in the queue.
    struct Place: Comparable {
        let priority: Int
        let due: Date
        let message: MessageID
        static func < (one: Place, other: Place) -> Bool {
            (one.priority, one.due, one.message) < (other.priority, other.due, other.message)
        }
    }

    /// Where a message stands, with all that is known of it.
    struct Row {
        let message: Message
        var state: MessageState
        var due: Date?
        var held: HeldReason?
        var line: Channel?
        var progress = Progress()
        var token: Int64 = 0
        var session = 0
        var leaseUntil: Int64 = 0
        var beganAt: Date?
        var provider: ProviderID?
        var destination: Destination?
        var channel: Channel?
        var reason: String?
        var failure: DeliveryFailure?
        var attempts: [Attempt] = []
    }

    // MARK: Moving

    /// As `Transaction.earlier` of the real store.
    func earlier(
        _ arrival: Arrival, of id: MessageID, by event: MessageEvent, at state: MessageState, _ now: Date
    ) -> Arrival {
        guard event.leavesTheEarlierWord(at: state), let carrier = rows[id]?.attempts.carrier(of: state) else {
            return arrival
        }
        return arrival.told(of: carrier, at: state, now)
    }

    mutating func move(_ row: Row, to state: MessageState, _ arrival: Arrival, at now: Date) {
        leave(row)
        var next = Row(message: row.message, state: state, progress: arrival.progress, attempts: row.attempts)
        // A row that moves away leaves its attempts behind, which may have grown meanwhile.
        next.attempts = rows[row.message.id]?.attempts ?? row.attempts
        if state == .queued {
            next.due = min(arrival.due ?? now, row.message.expiresAt)
            next.held = arrival.held
            next.line = arrival.line ?? row.line ?? row.channel ?? .email
        } else {
            (next.due, next.held, next.reason, next.failure) =
                (arrival.due, arrival.held, arrival.reason, arrival.failure)
            (next.channel, next.provider) = (arrival.channel, arrival.provider)
        }
        enter(next)
    }

    mutating func enter(_ row: Row) {
        let id = row.message.id
        rows[id] = row
        switch row.state {
        case .queued:
            guard let line = row.line, let place = place(of: row) else { return }
            let index = queue[line, default: []].firstIndex { place < $0 } ?? queue[line, default: []].count
            queue[line, default: []].insert(place, at: index)
        case .sending: inflight.insert(id)
        case .sent, .unconfirmed: awaited[id] = row.due
        case .delivered, .failed, .suppressed, .expired, .cancelled: break
        }
    }

    mutating func leave(_ row: Row) {
        if let line = row.line, let index = queue[line]?.firstIndex(where: { $0.message == row.message.id }) {
            queue[line]?.remove(at: index)
        }
        inflight.remove(row.message.id)
        awaited[row.message.id] = nil
    }

    private func place(of row: Row) -> Place? {
        row.due.map { Place(priority: row.message.priority.rawValue, due: $0, message: row.message.id) }
    }

    /// - Parameter standing: where it stands in the eyes of who says so; nil: where it stands.
    func step(
        _ row: Row, _ standing: MessageState? = nil, on event: MessageEvent, reach: Reach
    ) throws(IllegalStep) -> Step {
        let state = standing ?? row.state
        return flaw == .forgetsReach ? try state.step(on: event) : try state.step(on: event, reach: reach)
    }

    // MARK: Writing down

    mutating func write(
        _ event: String, _ message: MessageID? = nil, _ state: MessageState? = nil, by: String = "gateway",
        _ facts: [JournalEntry.Fact] = [], at now: Date
    ) {
        journal.append(
            JournalEntry(
                sequence: Int64(journal.count + 1), at: now, message: message, event: event, state: state, by: by,
                facts: facts))
    }

    mutating func append(_ attempt: Attempt, to id: MessageID) {
        if flaw == .forgetsAttempts { return }
        var attempt = attempt
        attempt.number = max(attempt.number, (rows[id]?.attempts.last?.number ?? 0) + 1)
        rows[id]?.attempts.append(attempt)
    }
}

extension Books.Row {
    /// The submission that began and was never settled; nil when none did.
    func openAttempt(_ outcome: Attempt.Outcome, endedAt: Date) -> Attempt? {
        guard state == .sending, let beganAt, let provider, let destination else { return nil }
        return Attempt(
            number: progress.submissions + 1, provider: provider, destination: destination, beganAt: beganAt,
            endedAt: endedAt, outcome: outcome)
    }
}

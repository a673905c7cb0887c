import Domain
import FoundationEssentials
package import Journal
package import Policy
package import Queue

/// What a store must be to be simulated over.
package typealias SimulatedStore = ConsentBook & JournalReader & MessageQueue & ProviderLedger & RecipientBook

/// Where a world's books come from.
package struct StoreSource: Sendable {
    package let fresh: @Sendable () async throws -> any SimulatedStore
    /// The same books, opened by the next process after the last one died.
    package let reopened: @Sendable (any SimulatedStore) async throws -> any SimulatedStore
    /// Two processes may hold a handle at once, as with a store behind a network.
    package let canBeShared: Bool

    package init(
        canBeShared: Bool, fresh: @escaping @Sendable () async throws -> any SimulatedStore,
        reopened: @escaping @Sendable (any SimulatedStore) async throws -> any SimulatedStore
    ) {
        self.canBeShared = canBeShared
        self.fresh = fresh
        self.reopened = reopened
    }

    package static func memory(flaw: Flaw? = nil) -> StoreSource {
        StoreSource(canBeShared: true) {
            MemoryStore(flaw: flaw)
        } reopened: { store in
            (store as? MemoryStore)?.reopened() ?? MemoryStore()
        }
    }
}

/// The store as one process sees it: each call is a moment at which time passes, others act, the disk is full, the answer
/// is lost, or the process dies, before the commit or after it.
struct Harbour: MessageQueue, ConsentBook, ProviderLedger {
    let store: any SimulatedStore
    let world: World
    let life: Int

    private func call<Value: Sendable>(
        _ name: String, writes: Bool, _ work: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await world.cross(name, life, writes: writes, isBefore: true)
        let value = try await work()
        try await world.cross(name, life, writes: writes, isBefore: false)
        return value
    }

    func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn {
        let writes = !work.finished.isEmpty || !work.beginning.isEmpty || !work.wanted.isEmpty
        return try await call("turn", writes: writes) { () async throws(StoreError) in
            let turn = try await store.turn(work, at: now)
            world.committed(turn, of: work, life, at: now)
            return turn
        }
    }

    func enqueue(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> [Enqueued] {
        try await call("enqueue", writes: true) { () async throws(StoreError) in try await store.enqueue(items, at: now)
        }
    }
    func recover(_ aftercare: Aftercare, at now: Moment) async throws(StoreError) -> [Happening] {
        try await call("recover", writes: true) { () async throws(StoreError) in
            try await store.recover(aftercare, at: now)
        }
    }
    func overdue(upTo limit: Int, at now: Moment) async throws(StoreError) -> [Overdue] {
        try await call("overdue", writes: false) { () async throws(StoreError) in
            try await store.overdue(upTo: limit, at: now)
        }
    }
    func expire(on channels: [Channel], upTo limit: Int, at now: Moment) async throws(StoreError) -> [Happening] {
        try await call("expire", writes: true) { () async throws(StoreError) in
            try await store.expire(on: channels, upTo: limit, at: now)
        }
    }
    func wait(_ waits: [Wait], at now: Moment) async throws(StoreError) {
        guard !waits.isEmpty else { return }
        try await call("wait", writes: true) { () async throws(StoreError) in try await store.wait(waits, at: now) }
    }
    func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied] {
        guard !changes.isEmpty else { return [] }
        return try await call("apply", writes: true) { () async throws(StoreError) in
            try await store.apply(changes, at: now)
        }
    }
    func first(of keys: Set<RequestKey>) async throws(StoreError) -> [RequestKey: FirstRequest] {
        try await call("first", writes: false) { () async throws(StoreError) in try await store.first(of: keys) }
    }
    func nextDue(on channels: Set<Channel>) async throws(StoreError) -> Date? {
        try await call("nextDue", writes: false) { () async throws(StoreError) in try await store.nextDue(on: channels)
        }
    }

    // MARK: Books

    func standings(of messages: [Message], at now: Moment) async throws(StoreError) -> [Standing] {
        try await call("standings", writes: false) { () async throws(StoreError) in
            try await store.standings(of: messages, at: now)
        }
    }
    func record(_ records: [ConsentRecord], at now: Moment) async throws(StoreError) {
        try await store.record(records, at: now)
    }
    func ledger(of recipient: RecipientID) async throws(StoreError) -> [ConsentRecord] {
        try await store.ledger(of: recipient)
    }
    func suppress(_ suppressions: [Suppression], by: String, at now: Moment) async throws(StoreError) {
        try await store.suppress(suppressions, by: by, at: now)
    }
    func lift(_ destination: Destination, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await store.lift(destination, by: by, at: now)
    }
    func suppressions(limit: Int) async throws(StoreError) -> [Suppression] {
        try await store.suppressions(limit: limit)
    }

    // MARK: Accounts

    func providerStates() async throws(StoreError) -> [ProviderState] { try await store.providerStates() }
    func charged(on day: Int) async throws(StoreError) -> [ProviderID: Int] {
        try await call("charged", writes: false) { () async throws(StoreError) in try await store.charged(on: day) }
    }
    func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError) {
        try await call("record", writes: true) { () async throws(StoreError) in
            try await store.record(state, by: by, at: now)
        }
    }
}

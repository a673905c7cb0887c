package import Domain
package import FoundationEssentials
package import Journal
package import Policy
package import Queue
import Rendering
import Synchronization

/// The ports of the store over `Books`. One handle belongs to one process: `reopened` gives the next process its own, and
/// what the old one still does then changes nothing but what a token allows, which is nothing.
package final class MemoryStore: Sendable {
    private final class Shelf: Sendable {
        let books: Mutex<Books>
        init(_ books: Books) { self.books = Mutex(books) }
    }
    private let shelf: Shelf
    private let session: Int

    package convenience init(flaw: Flaw? = nil) { self.init(Shelf(Books(flaw: flaw)), session: 1) }

    private init(_ shelf: Shelf, session: Int) {
        self.shelf = shelf
        self.session = session
    }

    /// The same books, opened by the next process.
    package func reopened() -> MemoryStore {
        let next = shelf.books.withLock { books in
            books.session += 1
            return books.session
        }
        return MemoryStore(shelf, session: next)
    }

    private func read<Value>(_ work: (Books) -> Value) -> Value { shelf.books.withLock { work($0) } }

    /// One commit.
    private func write<Value: Sendable>(
        _ work: (inout Books) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let session = session
        let result = shelf.books.withLock { books -> Result<Value, StoreError> in
            guard books.session == session else {
                return .failure(StoreError(.unreachable, "another process owns the books"))
            }
            do throws(StoreError) { return .success(try work(&books)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

extension MemoryStore: MessageQueue {
    package func enqueue(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> [Enqueued] {
        try write { books throws(StoreError) in items.map { books.enqueue($0, at: now.wall) } }
    }

    package func first(of keys: Set<RequestKey>) async throws(StoreError) -> [RequestKey: FirstRequest] {
        read { books in
            keys.reduce(into: [:]) { known, key in
                let first = books.keys[Books.Key(client: key.client, key: key.key)]
                known[key] = first.map { FirstRequest(message: $0.message, hash: $0.hash) }
            }
        }
    }

    /// Open to a process that lost the books: its tokens are what it is refused by.
    package func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn {
        shelf.books.withLock { $0.turn(work, of: session, at: now) }
    }

    package func recover(_ aftercare: Aftercare, at now: Moment) async throws(StoreError) -> [Happening] {
        try write { books throws(StoreError) in books.recover(aftercare, at: now.wall) }
    }

    package func overdue(upTo limit: Int, at now: Moment) async throws(StoreError) -> [Overdue] {
        read { $0.overdue(upTo: limit, at: now.wall) }
    }

    package func expire(
        on channels: [Channel], upTo limit: Int, at now: Moment
    ) async throws(StoreError) -> [Happening] {
        try write { books throws(StoreError) in books.expire(on: channels, upTo: limit, at: now.wall) }
    }

    package func wait(_ waits: [Wait], at now: Moment) async throws(StoreError) {
        guard !waits.isEmpty else { return }
        try write { books throws(StoreError) in waits.forEach { books.wait($0, at: now.wall) } }
    }

    package func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied] {
        guard !changes.isEmpty else { return [] }
        return try write { books throws(StoreError) in changes.map { books.apply($0, at: now.wall) } }
    }

    package func nextDue(on channels: Set<Channel>) async throws(StoreError) -> Date? {
        read { books in channels.flatMap { books.queue[$0] ?? [] }.map(\.due).min() }
    }
}

extension MemoryStore: ProviderLedger {
    package func providerStates() async throws(StoreError) -> [ProviderState] {
        read { $0.providers.values.sorted { $0.provider.text < $1.provider.text } }
    }

    package func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError) {
        try write { books throws(StoreError) in
            let isAPersons = books.providers[state.provider]?.pausedUntil == .distantFuture
            if by == ProviderState.worker, isAPersons { return }
            books.providers[state.provider] = state
            books.write("provider", by: by, at: now.wall)
        }
    }

    package func charged(on day: Int) async throws(StoreError) -> [ProviderID: Int] { read { $0.charges[day] ?? [:] } }
}

extension MemoryStore: ConsentBook {
    package func standings(of messages: [Message], at now: Moment) async throws(StoreError) -> [Standing] {
        read { books in messages.map { books.people.standing(of: $0, at: now.wall) } }
    }

    package func record(_ records: [ConsentRecord], at now: Moment) async throws(StoreError) {
        try write { books throws(StoreError) in try books.record(records, at: now.wall) }
    }

    package func ledger(of recipient: RecipientID) async throws(StoreError) -> [ConsentRecord] {
        read { $0.people.consents }.filter { $0.recipient == recipient }
            .sorted { ($0.recordedAt, $0.id) < ($1.recordedAt, $1.id) }
    }

    package func suppress(_ suppressions: [Suppression], by: String, at now: Moment) async throws(StoreError) {
        try write { books throws(StoreError) in suppressions.forEach { books.suppress($0, by: by, at: now.wall) } }
    }

    package func lift(_ destination: Destination, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try write { books throws(StoreError) in books.lift(destination, by: by, at: now.wall) }
    }

    package func suppressions(limit: Int) async throws(StoreError) -> [Suppression] {
        let all = read { $0.people.suppressions.values.sorted { $0.since > $1.since } }
        return Array(all.prefix(max(0, limit)))
    }
}

extension MemoryStore: RecipientBook {
    package func take(_ residents: ResidentImport, at now: Moment) async throws(StoreError) -> Int {
        try write { books throws(StoreError) in try books.take(residents, at: now.wall) }
    }

    package func put(_ recipients: [Recipient], at now: Moment) async throws(StoreError) {
        try write { books throws(StoreError) in recipients.forEach { books.put($0, at: now.wall) } }
    }

    package func recipients(_ ids: Set<RecipientID>) async throws(StoreError) -> [RecipientID: Recipient] {
        read { $0.people.recipients.filter { ids.contains($0.key) } }
    }

    package func residents(of premises: Premises) async throws(StoreError) -> [RecipientID] {
        read { $0.people.recipients.values.filter { $0.premises?.lies(within: premises) == true } }
            .map(\.id).sorted { $0.text < $1.text }
    }
}

extension MemoryStore: FactBook {
    package func note(_ facts: [AccountFacts], by: String, at now: Moment) async throws(StoreError) -> [FactNoted] {
        try write { books throws(StoreError) in facts.map { books.note($0, by: by, at: now.wall) } }
    }

    package func facts(of accounts: Set<AccountID>) async throws(StoreError) -> [AccountID: AccountFacts] {
        read { $0.people.facts.filter { accounts.contains($0.key) } }
    }
}

extension MemoryStore: JournalReader {
    package func message(_ id: MessageID) async throws(StoreError) -> MessageView? {
        read { $0.rows[id] }.map(MessageView.init)
    }

    package func timeline(of id: MessageID) async throws(StoreError) -> [JournalEntry] {
        read { $0.journal.filter { $0.message == id } }
    }

    package func messages(
        _ filter: MessageFilter, limit: Int, after: MessageID?
    ) async throws(StoreError) -> [MessageView] {
        let rows = read { $0.rows }.values.filter { row in
            after.map { row.message.id < $0 } != false && (filter.states.isEmpty || filter.states.contains(row.state))
        }
        return rows.sorted { $0.message.id > $1.message.id }.prefix(limit).map(MessageView.init)
    }

    package func entries(after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalEntry] {
        read { Array($0.journal.dropFirst(Int(max(0, sequence))).prefix(max(0, limit))) }
    }

    package func stats(at now: Moment) async throws(StoreError) -> QueueStats {
        let states = read { $0.rows.values.map(\.state) }
        return QueueStats(rows: [], states: states.reduce(into: [:]) { $0[$1, default: 0] += 1 })
    }

    /// Lists for people; nobody looks into a simulated world that way.
    package func deadLetters(
        _ filter: DeadLetterFilter, limit: Int, after: MessageID?
    ) async throws(StoreError) -> [DeadLetter] {
        throw StoreError(.unreachable, "the simulator keeps no lists for pages")
    }

    package func queueLines(at now: Moment) async throws(StoreError) -> [QueueLine] {
        throw StoreError(.unreachable, "the simulator keeps no lists for pages")
    }

    package func backlog() async throws(StoreError) -> [BacklogRow] {
        throw StoreError(.unreachable, "the simulator keeps no lists for pages")
    }

    /// There is no chain in memory, and nobody who could tamper with it.
    package func verify(
        from mark: ChainMark, while goOn: @Sendable (Int64, Int64) -> Bool
    ) async throws(StoreError) -> ChainCheck {
        let rows = read { Int64($0.journal.count) }
        return ChainCheck(
            report: .intact(rows: rows), mark: ChainMark(row: rows, link: Chain.origin), rows: rows, isComplete: true)
    }
}

extension MemoryStore: TemplateArchive {
    package func keep(_ versions: [(ref: TemplateRef, source: [UInt8])]) async throws(StoreError) {
        let versions = versions.map(KeptTemplate.init)
        try write { books throws(StoreError) in
            for version in versions where !books.templates.contains(where: { $0.ref == version.ref }) {
                books.templates.append(version)
            }
        }
    }

    package func kept() async throws(StoreError) -> [(ref: TemplateRef, source: [UInt8])] {
        read { $0.templates }.map { ($0.ref, $0.source) }
    }
}

extension MessageView {
    fileprivate init(_ row: Books.Row) {
        self.init(
            message: row.message, state: row.state, due: row.state == .sending ? nil : row.due, held: row.held,
            reason: row.reason, failure: row.failure, channel: row.channel ?? row.attempts.last?.destination.channel,
            provider: row.provider ?? row.attempts.last?.provider, attempts: row.attempts)
    }
}

extension Premises {
    fileprivate func lies(within place: Premises) -> Bool {
        house == place.house && place.entrance.map { $0 == entrance } != false
            && place.riser.map { $0 == riser } != false && place.flat.map { $0 == flat } != false
    }
}

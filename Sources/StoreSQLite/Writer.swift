import Counting
import Domain
import FoundationEssentials
import GRDB
import Synchronization

/// The only connection that changes the file. Whoever wants something written leaves an item; items that arrive while a
/// commit is under way share the next one. Nobody hears about an item before its commit is on the disk.
final class Writer: Sendable {
    /// What goes first: what has happened already must not wait for what is only beginning.
    enum Rank: Int, CaseIterable { case turn, change, accept }

    private struct Item: Sendable {
        /// Roughly, to bound a batch.
        let rows: Int
        let now: Moment
        let mayLag: Bool
        /// Does the work, perhaps twice; what it gives back tells the caller so, after the commit.
        let run: @Sendable (Transaction) throws -> @Sendable () -> Void
        let fail: @Sendable (StoreError) -> Void
    }

    private struct Inbox {
        var waiting: [[Item]] = Rank.allCases.map { _ in [] }
        /// Only look; they go between two transactions.
        var looks: [@Sendable (Database) -> Void] = []
        /// A drain is running or about to: it will see what was added.
        var draining = false
        var closed = false
    }

    /// So many rows that a big import does not make single requests wait for long.
    private static let batchRows = 4096

    private let pool: DatabasePool
    let session: Session
    /// Hears of what was committed.
    let tally: Tally
    private let inbox = Mutex(Inbox())
    private let trouble = Mutex<StoreError?>(nil)
    private let commitCount = Atomic<Int>(0)
    /// In a struct: a bare function in a Mutex is wrapped twice more by each `withLock`, and each call walks through all
    /// the wrappings there ever were.
    private struct Bell { let ring: @Sendable () -> Void }
    private let journalGrew = Mutex<Bell?>(nil)
    /// Touched only by what runs on the writing connection.
    private nonisolated(unsafe) var workbench: Workbench?
    /// The connection is at `synchronous = NORMAL`. Touched there only, too.
    private nonisolated(unsafe) var isLagging = false

    init(_ pool: DatabasePool, session: Session, tally: Tally) {
        self.tally = tally
        self.pool = pool
        self.session = session
    }

    private func workbench(_ db: Database) throws -> Workbench {
        if let workbench { return workbench }
        let made = try Workbench(db)
        workbench = made
        return made
    }

    /// Why nothing can be recorded at present; nil when all is well.
    var health: StoreError? { trouble.withLock { $0 } }
    var commits: Int { commitCount.load(ordering: .relaxed) }

    /// - Parameter tell: called after each commit with a line in the journal, on the thread that writes: it must only ring.
    func whenJournalGrows(_ tell: @escaping @Sendable () -> Void) { journalGrew.withLock { $0 = Bell(ring: tell) } }

    /// - Parameter mayLag: what a power cut would take back is only to be done again, as a claim that nothing has begun of;
    ///   by itself it is committed without waiting for the disk, and the next commit takes it along.
    func write<Value: Sendable>(
        _ rank: Rank, rows: Int = 1, mayLag: Bool = false, at now: Moment,
        _ work: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let item = Item(rows: rows, now: now, mayLag: mayLag) { transaction in
                let value = try work(transaction)
                return { continuation.resume(returning: .success(value)) }
            } fail: { error in
                continuation.resume(returning: .failure(error))
            }
            add(item, rank)
        }
        return try result.get()
    }

    /// Reads what is committed, on the connection that writes: its page cache stays warm, while a reader's is worth
    /// nothing after each commit. For what is read at the pace of the writing itself; everybody else takes a reader.
    func look<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let look: @Sendable (Database) -> Void = { db in
                do {
                    // One transaction for all: each statement by itself would lock and unlock the file.
                    try db.run("BEGIN")
                    defer { try? db.run("COMMIT") }
                    let value = try work(db)
                    continuation.resume(returning: .success(value))
                } catch { continuation.resume(returning: .failure(StoreError(error))) }
            }
            let next = place { $0.looks.append(look) }
            start(next) { continuation.resume(returning: .failure($0)) }
        }
        return try result.get()
    }

    /// What waits is still written; what comes later is refused.
    func close() {
        inbox.withLock { $0.closed = true }
        // A connection with open statements does not close.
        pool.writeWithoutTransaction { _ in workbench = nil }
    }

    private func add(_ item: Item, _ rank: Rank) {
        start(place { $0.waiting[rank.rawValue].append(item) }, refuse: item.fail)
    }

    private enum Next { case start, wait, refuse }

    private func place(_ put: (inout Inbox) -> Void) -> Next {
        inbox.withLock { inbox in
            if inbox.closed { return .refuse }
            put(&inbox)
            if inbox.draining { return .wait }
            inbox.draining = true
            return .start
        }
    }

    private func start(_ next: Next, refuse: (StoreError) -> Void) {
        switch next {
        case .start: pool.asyncWriteWithoutTransaction { [self] db in drain(db) }
        case .wait: break
        case .refuse: refuse(StoreError(.unreachable, "the store is closed"))
        }
    }

    /// Nil, and idle again, when nothing waits: one lock, so that no item falls between the two.
    private func takeBatch() -> (looks: [@Sendable (Database) -> Void], items: [Item])? {
        inbox.withLock { inbox in
            defer { inbox.looks = [] }
            var batch: [Item] = []
            var rows = 0
            for rank in inbox.waiting.indices {
                var fitting = 0
                for item in inbox.waiting[rank] {
                    // An item of any size goes, if need be alone.
                    guard batch.isEmpty || rows + item.rows <= Self.batchRows else { break }
                    batch.append(item)
                    rows += item.rows
                    fitting += 1
                }
                inbox.waiting[rank].removeFirst(fitting)
            }
            inbox.draining = !batch.isEmpty || !inbox.looks.isEmpty
            return inbox.draining ? (inbox.looks, batch) : nil
        }
    }

    private func drain(_ db: Database) {
        while let (looks, batch) = takeBatch() {
            for look in looks { look(db) }
            if batch.isEmpty { continue }
            if let error = probe(db) {
                for item in batch { item.fail(error) }
                continue
            }
            for ending in commit(batch, db) { ending() }
        }
        // A connection with open statements does not close; this one may have run after `close`.
        if inbox.withLock({ $0.closed }) { workbench = nil }
    }

    /// What comes back is to be called when the transaction is over, whatever its end.
    ///
    /// Nearly every item is good, so the first try has no savepoints. An item that fails rolls all back, and the second
    /// try keeps each apart, so that a bad one takes nobody with it.
    private func commit(_ batch: [Item], _ db: Database) -> [@Sendable () -> Void] {
        do { return try commit(batch, db) { try together(batch, db) } } catch {
            let failure = StoreError(error)
            guard failure.isAboutOneItem, batch.count > 1 else { return fail(batch, failure) }
        }
        do { return try commit(batch, db) { try apart(batch, db) } } catch { return fail(batch, StoreError(error)) }
    }

    private func commit(
        _ batch: [Item], _ db: Database, _ work: () throws -> [@Sendable () -> Void]
    ) throws -> [@Sendable () -> Void] {
        do {
            try lag(batch.allSatisfy(\.mayLag), db)
            workbench?.wroteJournal = false
            workbench?.news.removeAll(keepingCapacity: true)
            try db.run("BEGIN IMMEDIATE")
            try noticeClockSetBack(batch, db)
            let endings = try work()
            let began = tally.nanoseconds?()
            try db.run("COMMIT")
            count(since: began)
            if isLagging {
                try lag(false, db)
                if workbench?.wroteJournal == true { try makeDurable(db) }
            }
            if let first = batch.first { session.remember(first.now) }
            commitCount.add(1, ordering: .relaxed)
            if workbench?.wroteJournal == true { journalGrew.withLock { $0 }?.ring() }
            return endings
        } catch {
            workbench?.leases = [:]
            // Some errors end the transaction by themselves, then there is nothing left to roll back.
            if db.isInsideTransaction { try? db.run("ROLLBACK") }
            throw error
        }
    }

    /// Never before the commit: what is counted is in the books.
    private func count(since began: UInt64?) {
        let took = began.flatMap { began in tally.nanoseconds.map { $0() &- began } }
        // What may lag does not reach the disk: it would make the others look fast.
        tally.add(workbench?.news ?? [], commit: isLagging ? nil : took)
    }

    /// Never within a transaction. One that may not lag does not begin until the connection is at FULL.
    private func lag(_ may: Bool, _ db: Database) throws {
        guard may != isLagging else { return }
        if may { isLagging = true }
        try db.run(may ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL")
        isLagging = may
    }

    /// What was meant as a claim alone has met an expiry or an ended lease: that is news, and news that is told lasts. The
    /// log is written in order, so the fsync of one more commit takes it along.
    private func makeDurable(_ db: Database) throws {
        try db.run("BEGIN IMMEDIATE")
        try db.run("UPDATE journal_head SET one = one")
        try db.run("COMMIT")
    }

    private func noticeClockSetBack(_ batch: [Item], _ db: Database) throws {
        guard let first = batch.first else { return }
        let transaction = Transaction(db, session: session, workbench: try workbench(db), now: first.now)
        try transaction.noticeClockSetBack()
        try transaction.finish()
    }

    private func fail(_ batch: [Item], _ failure: StoreError) -> [@Sendable () -> Void] {
        if failure.endsSending { trouble.withLock { $0 = failure } }
        return batch.map { item in { item.fail(failure) } }
    }

    private func together(_ batch: [Item], _ db: Database) throws -> [@Sendable () -> Void] {
        guard let first = batch.first else { return [] }
        let transaction = Transaction(db, session: session, workbench: try workbench(db), now: first.now)
        let endings = try batch.map { item in
            transaction.now = item.now
            return try item.run(transaction)
        }
        try transaction.finish()
        return endings
    }

    private func apart(_ batch: [Item], _ db: Database) throws -> [@Sendable () -> Void] {
        try batch.map { item in
            try db.run("SAVEPOINT item")
            let counted = workbench?.news.count ?? 0
            do {
                let transaction = Transaction(db, session: session, workbench: try workbench(db), now: item.now)
                let ending = try item.run(transaction)
                try transaction.finish()
                try db.run("RELEASE item")
                return ending
            } catch {
                let failure = StoreError(error)
                guard db.isInsideTransaction, failure.isAboutOneItem else { throw error }
                try db.run("ROLLBACK TO item")
                workbench?.leases = [:]
                workbench?.news.removeLast((workbench?.news.count ?? 0) - counted)
                try db.run("RELEASE item")
                return { item.fail(failure) }
            }
        }
    }

    /// After a failed commit: does the disk take bytes again? More than one page, since the last free page proves little.
    private func probe(_ db: Database) -> StoreError? {
        guard let before = health else { return nil }
        do {
            try db.run("BEGIN IMMEDIATE")
            try db.run("UPDATE probe SET bytes = randomblob(65536)")
            try db.run("COMMIT")
            trouble.withLock { $0 = nil }
            return nil
        } catch {
            if db.isInsideTransaction { try? db.run("ROLLBACK") }
            let failure = StoreError(error)
            return failure.kind == .busy ? before : failure
        }
    }
}

import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue
import Synchronization

/// What one process remembers between transactions. Losing a transaction does it no harm: tokens only grow, and the
/// rest is a guess on the safe side.
final class Session: Sendable {
    /// Grows with each process that owns the file.
    let id: Int64
    private let tokens: Atomic<Int64>
    /// No claim of this session ends earlier, in uptime.
    let earliestLease = Mutex<Int64>(.max)
    /// Wall clock minus uptime at the last commit, in milliseconds.
    let clockOffset = Mutex<Int64?>(nil)
    /// Where the last look for expired messages ended, in each line.
    let expiryMarks = Mutex([Channel: LineMark]())
    /// Whose turn it is among the lower priorities of each channel.
    let share = Mutex([Channel: FairShare]())

    init(id: Int64) {
        self.id = id
        // Above every token of every session before: no late answer of a dead process can match.
        tokens = Atomic(id << 40)
    }

    func nextToken() -> Int64 { tokens.add(1, ordering: .relaxed).newValue }
}

/// One transaction of the writer while it runs. All that changes the file goes through here: rows move between queue, inflight
/// and outcomes only as `MessageState.step` says, and each move leaves a line in the journal.
final class Transaction {
    let db: Database
    let session: Session
    let workbench: Workbench
    let statements: HotStatements
    /// Of the item at hand.
    var now: Moment
    private var head: (row: Int64, link: [UInt8])?
    private var epoch: Int64?
    private var epochChanged = false

    init(_ db: Database, session: Session, workbench: Workbench, now: Moment) {
        self.db = db
        self.session = session
        self.workbench = workbench
        statements = workbench.statements
        self.now = now
    }

    /// Once, after the work: what was counted on the way.
    func finish() throws {
        if let head {
            try db.run("UPDATE journal_head SET sequence = ?, link = ?", [head.row, Data(head.link)])
        }
        if epochChanged { try db.run("UPDATE books SET epoch = ?", [epoch]) }
    }

    // MARK: Journal

    func journal(
        _ event: String, _ message: MessageID? = nil, state: MessageState? = nil, by: String,
        _ facts: [JournalEntry.Fact?] = []
    ) throws {
        try journal(event, message, state: state, by: by) { for fact in facts { $0.add(fact) } }
    }

    func journal(
        _ event: String, _ message: MessageID?, state: MessageState?, by: String, _ write: (inout FactWriter) -> Void
    ) throws {
        let last = try head ?? readHead()
        let (sequence, at) = (last.row + 1, now.wall.milliseconds)
        let by = Plain.text(by, limit: 200)
        write(&workbench.facts)
        let link = try workbench.facts.finish { facts in
            workbench.scribe.begin(after: last.link, sequence: sequence, at: at, message: message?.raw)
            workbench.scribe.append(text: event)
            workbench.scribe.append(text: state?.rawValue)
            workbench.scribe.append(text: by)
            workbench.scribe.append(facts)
            let link = workbench.scribe.link()
            try statements.appendJournal.run { row in
                row.add(sequence)
                row.add(at)
                row.add(message?.raw)
                row.add(event)
                row.add(state?.rawValue)
                row.add(by)
                row.add(text: facts)
                row.add(link)
            }
            return link
        }
        head = (sequence, link)
        workbench.wroteJournal = true
    }

    private func readHead() throws -> (row: Int64, link: [UInt8]) {
        guard let row = try db.first("SELECT sequence, link FROM journal_head") else {
            throw Damaged(what: "the head of the journal is gone")
        }
        let number: Int64 = row[0]
        return (number, number == 0 ? Chain.origin : row.bytes(1))
    }

    // MARK: Age of the books

    func currentEpoch() throws -> Int64 {
        if let epoch { return epoch }
        let stored = try db.number("SELECT epoch FROM books") ?? 0
        epoch = stored
        return stored
    }

    /// - Parameter subject: see `Subject`.
    func age(_ subject: String) throws {
        let next = try currentEpoch() + 1
        epoch = next
        epochChanged = true
        try db.run("INSERT OR REPLACE INTO book_changes (subject, epoch) VALUES (?, ?)", [subject, next])
    }

    func changed(_ subject: String, after epoch: Epoch) throws -> Bool {
        try (db.number("SELECT epoch FROM book_changes WHERE subject = ?", [subject]) ?? 0) > epoch.value
    }
}

/// Names of rows in `book_changes`.
enum Subject {
    static func recipient(_ id: RecipientID) -> String { "recipient " + id.text }
    static func account(_ id: AccountID) -> String { "account " + id.text }
    static func destination(_ destination: Destination) -> String {
        "\(destination.channel.rawValue) \(destination.folded.address.exposed)"
    }
}

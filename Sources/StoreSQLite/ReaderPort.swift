package import Domain
import FoundationEssentials
import GRDB
package import Journal

extension SQLiteStore: JournalReader {
    package func message(_ id: MessageID) async throws(StoreError) -> MessageView? {
        try await read { try $0.view(of: id) }
    }

    package func timeline(of id: MessageID) async throws(StoreError) -> [JournalEntry] {
        try await read { try $0.entries("WHERE message = ? ORDER BY sequence", [id.raw]) }
    }

    package func entries(after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalEntry] {
        try await read { try $0.entries("WHERE sequence > ? ORDER BY sequence LIMIT ?", [sequence, max(0, limit)]) }
    }

    package func messages(
        _ filter: MessageFilter, limit: Int, after: MessageID?
    ) async throws(StoreError) -> [MessageView] {
        try await read { try $0.messages(filter, limit: min(max(limit, 1), 250), after: after) }
    }

    /// Messages that wait for their turn, counted no further than `limit`.
    package func queued(upTo limit: Int) async throws(StoreError) -> Int {
        try await read { db in
            Int(try db.number("SELECT count(*) FROM (SELECT 1 FROM queue LIMIT ?)", [limit]) ?? 0)
        }
    }

    package func stats(at now: Moment) async throws(StoreError) -> QueueStats {
        try await read { try $0.stats(at: now.wall) }
    }

    package func verify(
        from mark: ChainMark, while goOn: @Sendable (Int64, Int64) -> Bool
    ) async throws(StoreError) -> ChainCheck {
        let page: Int64 = 10_000
        let (head, stored) = try await read { db in (try JournalHead(db), try db.link(of: mark.row)) }
        var walk = ChainWalk(from: mark)
        walk.compare(stored: stored)
        var from = mark == .origin ? Int64.min : mark.row + 1
        // In pages: a reader that stays open for minutes keeps the write-ahead log from being reset.
        while walk.breach == nil, from <= head.greatest {
            let rows = try await read { [from] db in try db.chain(from: from, to: head.greatest, limit: page) }
            guard let last = rows.last else { break }
            for (row, link) in rows { walk.take(row, link: link) }
            from = last.row.sequence + 1
            guard goOn(max(0, last.row.sequence), head.row) || from > head.greatest else {
                return walk.pause(rows: head.row)
            }
        }
        return walk.end(head: (head.row, head.link))
    }
}

/// Where the journal ended when the walk began; what is written meanwhile is for the next one.
private struct JournalHead: Sendable {
    let row: Int64
    let link: [UInt8]
    /// The greatest row there is: behind the head when somebody added one.
    let greatest: Int64

    init(_ db: Database) throws {
        let head = try db.first("SELECT sequence, link FROM journal_head")
        row = head?[0] ?? 0
        link = row == 0 ? Chain.origin : head?.bytes(1) ?? []
        greatest = try db.number("SELECT max(sequence) FROM journal") ?? 0
    }
}

extension Database {
    func view(of id: MessageID) throws -> MessageView? {
        guard let row = try first("SELECT \(MessageRow.columns) FROM messages m WHERE m.id = ?", [id.raw]),
            let place = try standpoint(id)
        else { return nil }
        let attempts = try attempts(of: id)
        return MessageView(
            message: try MessageRow.read(row), state: place.state, due: place.state == .sending ? nil : place.due,
            held: place.state == .sending ? nil : place.held, reason: place.reason, failure: place.failure,
            channel: place.channel ?? attempts.last?.destination.channel,
            provider: place.provider ?? attempts.last?.provider, line: place.state == .queued ? place.line : nil,
            attempts: attempts)
    }

    func entries(_ condition: String, _ arguments: StatementArguments) throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        try each("SELECT sequence, at, message, event, state, by, facts FROM journal \(condition)", arguments) { row in
            entries.append(try entry(row))
        }
        return entries
    }

    fileprivate func link(of row: Int64) throws -> [UInt8]? {
        try first("SELECT link FROM journal WHERE sequence = ?", [row]).map { $0.bytes(0) }
    }

    /// Seven columns: sequence, at, message, event, state, by, facts.
    func entry(_ row: Row) throws -> JournalEntry {
        let facts: String = row[6]
        return JournalEntry(
            sequence: row[0], at: row.date(1), message: (row[2] as Int64?).map(MessageID.init(raw:)), event: row[3],
            state: try row.word(orNil: 4), by: row[5],
            // A line somebody tampered with is still shown; `verify` says what is wrong with it.
            facts: [JournalEntry.Fact](bytes: Array(facts.utf8)) ?? [])
    }

    /// The bytes of the columns: a text read as a text would end at a NUL and heal broken characters.
    func chain(from: Int64, to: Int64, limit: Int64) throws -> [(row: ChainRow, link: [UInt8])] {
        var rows: [(row: ChainRow, link: [UInt8])] = []
        try each(
            """
            SELECT sequence, at, message, CAST(event AS BLOB), CAST(state AS BLOB), CAST(by AS BLOB),
                CAST(facts AS BLOB), link
            FROM journal WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?
            """, [from, to, limit]
        ) { row in
            let line = ChainRow(
                sequence: row[0], at: row[1], message: row[2], event: row.bytes(3), state: row.bytes(orNil: 4),
                by: row.bytes(5), facts: row.bytes(6))
            rows.append((line, row.bytes(7)))
        }
        return rows
    }

    func messages(_ filter: MessageFilter, limit: Int, after: MessageID?) throws -> [MessageView] {
        // Ids come newest first from an index; the rest of the filter is looked at until the page is full.
        let (statement, arguments) = candidates(filter, before: after?.raw ?? .max)
        var page: [MessageView] = []
        let cursor = try Int64.fetchCursor(try cachedStatement(sql: statement), arguments: arguments)
        while page.count < limit, let id = try cursor.next() {
            guard let view = try view(of: MessageID(raw: id)), filter.admits(view) else { continue }
            page.append(view)
        }
        return page
    }

    private func candidates(_ filter: MessageFilter, before: Int64) -> (String, StatementArguments) {
        let (conditions, values) = filter.conditions
        guard !filter.states.isEmpty else {
            let all = ["m.id < ?"] + conditions
            return (
                "SELECT m.id FROM messages m WHERE \(all.joined(separator: " AND ")) ORDER BY m.id DESC",
                [before] + values
            )
        }
        var arguments: StatementArguments = []
        let branches = filter.states.sorted { $0.rawValue < $1.rawValue }.map { state in
            let table: String
            var own: [String] = []
            switch state {
            case .queued: table = "queue"
            case .sending: table = "inflight"
            case .sent:
                table = "outcomes"
                own = ["s.state = 'sent'"]
            case .unconfirmed, .delivered, .failed, .suppressed, .expired, .cancelled:
                table = "outcomes"
                // Said twice, so that SQLite believes that the index has them all.
                own = ["s.state = ?", "s.state <> 'sent'"]
                arguments += [state.rawValue]
            }
            arguments += [before]
            arguments += values
            let join = conditions.isEmpty ? "" : " CROSS JOIN messages m ON m.id = s.id"
            return "SELECT s.id FROM \(table) s\(join) WHERE "
                + (own + ["s.id < ?"] + conditions).joined(separator: " AND ")
        }
        return (branches.joined(separator: " UNION ALL ") + " ORDER BY 1 DESC", arguments)
    }

    func stats(at now: Date) throws -> QueueStats {
        let moment = now.milliseconds
        var states: [MessageState: Int] = [:]
        var rows = Priority.allCases.map(QueueStats.Row.init(priority:))
        try each(
            """
            SELECT priority, count(*) FILTER (WHERE held IS NULL OR due_at <= ?1),
                count(*) FILTER (WHERE held IS NOT NULL AND due_at > ?1), min(due_at)
            FROM queue GROUP BY priority
            """, [moment]
        ) { row in
            let place = try row.priority(0).rawValue
            (rows[place].waiting, rows[place].held) = (row[1], row[2])
            if let due: Int64 = row[3], due <= moment { rows[place].oldest = .milliseconds(moment - due) }
        }
        try each("SELECT priority, count(*) FROM inflight GROUP BY priority") { row in
            rows[try row.priority(0).rawValue].sending = row[1]
        }
        states[.queued] = rows.reduce(0) { $0 + $1.waiting + $1.held }
        states[.sending] = rows.reduce(0) { $0 + $1.sending }
        try each("SELECT state, count(*) FROM outcomes GROUP BY state") { row in
            let state: MessageState = try row.word(0)
            states[state] = row[1]
        }
        return QueueStats(rows: rows, states: states.filter { $0.value > 0 })
    }
}

extension MessageFilter {
    /// What the row of the message itself can tell.
    fileprivate var conditions: ([String], StatementArguments) {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        add("m.client = ?", client)
        add("m.purpose = ?", purpose?.text)
        add("m.recipient = ?", recipient?.text)
        add("m.reference = ?", reference)
        add("m.thread = ?", thread)
        // Ids sort by the time at which they were given.
        add("m.id >= ?", since.map { MessageID(earliestAt: $0).raw })
        add("m.id < ?", until.map { MessageID(earliestAt: $0).raw })
        return (conditions, arguments)
    }

    /// What only the whole view can tell.
    fileprivate func admits(_ view: MessageView) -> Bool {
        if let address {
            let theirs = view.message.destinations + view.attempts.map(\.destination)
            guard theirs.contains(where: { $0.folded == address.folded }) else { return false }
        }
        guard let channel else { return true }
        return view.channel == channel || view.attempts.contains { $0.destination.channel == channel }
    }
}

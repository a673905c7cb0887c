package import Domain
import FoundationEssentials
import GRDB
package import Journal

extension SQLiteStore: EventSource {
    package func events(_ query: EventQuery) async throws(StoreError) -> EventPage {
        try await read { try $0.events(query) }
    }

    package func event(_ id: EventID) async throws(StoreError) -> Event? {
        try await read { db in
            try db.entries("WHERE sequence = ?", [id.raw]).first.flatMap { try db.event($0) }
        }
    }
}

extension Database {
    /// Lines that no event is made of are skipped by SQLite itself; they count as looked at.
    private static let told = """
        (message IS NULL AND event IN ('consent', 'suppression', 'lifted', 'provider')
            OR message IS NOT NULL AND state NOT IN ('queued', 'sending'))
        """

    fileprivate func events(_ query: EventQuery) throws -> EventPage {
        let head = try number("SELECT max(sequence) FROM journal") ?? 0
        // Sequences have no gaps, so a number of lines is a range of them.
        guard query.after < head else { return EventPage(events: [], seen: query.after, hasMore: false) }
        let end = min(head, max(0, query.after) + Int64(max(1, query.scan)))
        var page = EventPage(events: [], seen: end, hasMore: end < head)
        let lines = try Row.fetchCursor(
            try cachedStatement(
                sql: """
                    SELECT sequence, at, message, event, state, by, facts FROM journal
                    WHERE sequence > ? AND sequence <= ? AND \(Self.told) ORDER BY sequence
                    """), arguments: [query.after, end])
        while let row = try lines.next() {
            guard let event = try event(entry(row)), query.admits(event) else { continue }
            page.events.append(event)
            if page.events.count >= query.limit {
                page.seen = event.id.raw
                page.hasMore = page.seen < head
                break
            }
        }
        return page
    }

    fileprivate func event(_ entry: JournalEntry) throws -> Event? {
        guard let message = entry.message else { return Event(entry, about: nil) }
        guard let about = try about(message, entry) else { return nil }
        return Event(entry, about: about)
    }

    private func about(_ message: MessageID, _ entry: JournalEntry) throws -> EventAbout? {
        guard
            let row = try first("SELECT client, purpose, reference, metadata FROM messages WHERE id = ?", [message.raw])
        else { return nil }
        var about = EventAbout(
            client: row.text(0), purpose: try row.purpose(1), reference: row.text(orNil: 2),
            metadata: try Packed.metadata(row.bytes(orNil: 3)))
        about.before = try first(
            "SELECT state FROM journal WHERE message = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1",
            [message.raw, entry.sequence]
        ).flatMap { try $0.word(orNil: 0) }
        if let number = entry.fact("attempt").flatMap(Int.init),
            let attempt = try first(
                "SELECT channel, provider FROM attempts WHERE message = ? AND number = ?", [message.raw, number])
        {
            about.channel = try attempt.word(0)
            about.provider = try attempt.provider(1)
        }
        return about
    }
}

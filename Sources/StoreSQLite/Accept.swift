import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension Transaction {
    func enqueue(_ item: Enqueue) throws -> Enqueued {
        let message = item.message
        if let key = message.idempotencyKey {
            if let first = try first(of: message.client, key: key) {
                return first.hash == item.requestHash ? .known(first.message) : .conflict(with: first.message)
            }
            try db.run(
                "INSERT INTO idempotency (client, key, message, request_hash) VALUES (?, ?, ?, ?)",
                [message.client, Data(key.utf8), message.id.raw, Data(item.requestHash)])
        }
        try MessageRow.insert(message, db)
        switch item.start {
        case .queued(let due, let held, let channel):
            try supersede(by: message)
            try enterQueue(
                message.id, line: channel, priority: message.priority, expiresAt: message.expiresAt, due: due,
                held: held,
                progress: Progress())
            try journalAccepted(
                message, .queued,
                [.init("due_at", due > now.wall ? due.ISO8601Format() : nil), .init("held_reason", held?.rawValue)])
        case .suppressed(let reason):
            try enterOutcomes(message.id, .suppressed, Arrival(progress: Progress(), reason: reason.rawValue))
            try journalAccepted(message, .suppressed, [.init("reason", reason.rawValue)])
        }
        return .new(message.id)
    }

    private func first(of client: String, key: String) throws -> (message: MessageID, hash: [UInt8])? {
        let row = try db.first(
            "SELECT message, request_hash FROM idempotency WHERE client = ? AND key = ?", [client, Data(key.utf8)])
        return row.map { (MessageID(raw: $0[0]), $0.bytes(1) ?? []) }
    }

    /// Older news about the same thing gives way, as long as no byte of it may have left.
    private func supersede(by message: Message) throws {
        guard let key = message.supersedes else { return }
        var older: [MessageID] = []
        try db.each(
            """
            SELECT id FROM messages m WHERE m.client = ? AND m.supersedes = ? AND m.id <> ?
                AND (EXISTS (SELECT 1 FROM queue q WHERE q.id = m.id)
                    OR EXISTS (SELECT 1 FROM inflight i WHERE i.id = m.id AND i.began_at IS NULL))
            """, [message.client, key, message.id.raw]
        ) { older.append(MessageID(raw: $0[0])) }
        for id in older {
            guard let place = try db.standpoint(id),
                let standing = MessageEvent.superseded.standing(from: place.state, hasBegun: place.beganAt != nil),
                case .move(let state) = try standing.step(on: .superseded, reach: place.progress.reach)
            else { continue }
            let reason = state == .suppressed ? SuppressedReason.superseded.rawValue : nil
            let arrival = Arrival(progress: place.progress, reason: reason)
            try move(place, to: state, earlier(arrival, of: id, by: .superseded, at: state))
            try journal(
                MessageEvent.superseded.rawValue, id, state: state, by: "client:\(message.client)",
                [.init("superseded_by", message.id.text)])
        }
    }

    private func journalAccepted(_ message: Message, _ state: MessageState, _ more: [JournalEntry.Fact?]) throws {
        let facts: [JournalEntry.Fact?] = [
            .init("purpose", message.purpose.text), .init("template", message.template.id),
            .init("version", message.template.version), .init("priority", message.priority.name),
            .init("recipient", message.recipient?.text),
        ]
        let destinations = message.destinations.map {
            JournalEntry.Fact("to", "\($0.channel.rawValue) \($0.address.masked)")
        }
        let retry: JournalEntry.Fact? = .init("retry_of", message.retryOf?.text)
        try journal(
            MessageEvent.accepted.rawValue, message.id, state: state, by: "client:\(message.client)",
            facts + destinations + more + [retry])
    }
}

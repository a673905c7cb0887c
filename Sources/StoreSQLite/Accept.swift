import Counting
import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension Transaction {
    func enqueue(_ item: Enqueue) throws -> Enqueued {
        let message = item.message
        if let key = KeyOfClient(message), let known = try claim(key, for: item) { return known }
        try statements.insertMessage.run { MessageRow.bind(message, &$0) }
        switch item.start {
        case .queued(let due, let held, let channel):
            try supersede(by: message)
            try enterQueue(
                message.id, line: channel, priority: message.priority, expiresAt: message.expiresAt, due: due,
                held: held,
                progress: Progress())
            let later = due > now.wall ? due.ISO8601Format() : nil
            try journalAccepted(message, .queued) { facts in
                facts.add("due_at", later)
                facts.add("held_reason", held?.rawValue)
            }
        case .suppressed(let reason):
            try enterOutcomes(message.id, .suppressed, Arrival(progress: Progress(), reason: reason.rawValue))
            try journalAccepted(message, .suppressed) { $0.add("reason", reason.rawValue) }
            workbench.news.append(.came(.suppressed, nil, reason: reason))
        }
        workbench.news.append(.accepted(message.purpose))
        return .new(message.id)
    }

    /// Looked at first and written after: one connection writes, so nobody comes between the two.
    func enqueueTogether(_ items: [Enqueue]) throws -> EnqueuedTogether {
        var conflicts: [Int: MessageID] = [:]
        var here: [KeyOfClient: Enqueue] = [:]
        for (place, item) in items.enumerated() {
            guard let key = KeyOfClient(item.message) else { continue }
            if let first = here[key] {
                if first.requestHash != item.requestHash { conflicts[place] = first.message.id }
                continue
            }
            here[key] = item
            guard let first = try first(of: key) else { continue }
            if first.hash != item.requestHash { conflicts[place] = first.message }
        }
        return conflicts.isEmpty ? .all(try items.map(enqueue)) : .none(conflicts: conflicts)
    }

    /// Compared by bytes.
    private struct KeyOfClient: Hashable {
        let client: String
        let key: [UInt8]
        init?(_ message: Message) {
            guard let key = message.idempotencyKey else { return nil }
            client = message.idempotencyScope
            self.key = Array(key.utf8)
        }
    }

    private func first(of key: KeyOfClient) throws -> (message: MessageID, hash: [UInt8])? {
        try statements.firstOfKey.first { values in
            values.add(key.client)
            values.add(key.key)
        } _: {
            (message: MessageID(raw: $0.number(0)), hash: $0.bytes(1))
        }
    }

    /// Nearly every key is new, so it is written without asking; nil when it was.
    private func claim(_ key: KeyOfClient, for item: Enqueue) throws -> Enqueued? {
        let isNew =
            try statements.insertKey.run { row in
                row.add(key.client)
                row.add(key.key)
                row.add(item.message.id.raw)
                row.add(item.requestHash)
            } == 1
        if isNew { return nil }
        guard let first = try first(of: key) else { throw Damaged(what: "a key that is there and is not") }
        return first.hash == item.requestHash ? .known(first.message) : .conflict(with: first.message)
    }

    /// Older news about the same thing gives way, as long as no byte of it may have left.
    private func supersede(by message: Message) throws {
        guard let key = message.supersedes else { return }
        var older: [MessageID] = []
        try db.each(
            """
            SELECT id FROM messages m WHERE m.client = ? AND m.supersedes = ? AND m.id <> ? AND m.mode IS ?
                AND (EXISTS (SELECT 1 FROM queue q WHERE q.id = m.id)
                    OR EXISTS (SELECT 1 FROM inflight i WHERE i.id = m.id AND i.began_at IS NULL))
            """, [message.client, key, message.id.raw, message.mode == .live ? nil : message.mode.rawValue]
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

    private func journalAccepted(
        _ message: Message, _ state: MessageState, _ more: (inout FactWriter) -> Void
    ) throws {
        try journal(MessageEvent.accepted.rawValue, message.id, state: state, by: "client:\(message.client)") { facts in
            facts.add("purpose", message.purpose.text)
            facts.add("template", message.template.id)
            facts.add("version", message.template.version)
            facts.add("priority", message.priority.name)
            if message.mode != .live { facts.add("mode", message.mode.rawValue) }
            facts.add("recipient", message.recipient?.text)
            for destination in message.destinations { facts.add("to", destination) }
            more(&facts)
            facts.add("retry_of", message.retryOf?.text)
        }
    }
}

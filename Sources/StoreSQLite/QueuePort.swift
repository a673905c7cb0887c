package import Domain
package import FoundationEssentials
import GRDB
package import Queue
import Synchronization

extension SQLiteStore: BatchQueue {
    package func enqueue(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> [Enqueued] {
        guard !items.isEmpty else { return [] }
        return try await write(.accept, rows: items.count, at: now) { try items.map($0.enqueue) }
    }

    package func enqueueTogether(
        _ items: [Enqueue], at now: Moment
    ) async throws(StoreError) -> EnqueuedTogether {
        guard !items.isEmpty else { return .all([]) }
        return try await write(.accept, rows: items.count, at: now) { try $0.enqueueTogether(items) }
    }

    package func first(of keys: Set<RequestKey>) async throws(StoreError) -> [RequestKey: FirstRequest] {
        guard !keys.isEmpty else { return [:] }
        return try await read { db in
            var known: [RequestKey: FirstRequest] = [:]
            for key in keys {
                let row = try db.first(
                    "SELECT message, request_hash FROM idempotency WHERE client = ? AND key = ?",
                    [key.client, Data(key.key)])
                known[key] = row.map { FirstRequest(message: MessageID(raw: $0.number(0)), hash: $0.bytes(1)) }
            }
            return known
        }
    }

    package func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn {
        let wanted = work.wanted.reduce(0) { $0 + $1.limit + $1.emergencies }
        // What is wanted is mostly room, not work: counted whole it would keep every accept out of this commit.
        let rows = work.finished.count + work.beginning.count + min(wanted, 256)
        // A claim alone: after a power cut the message is in the queue again, and nothing of it had left.
        let mayLag = work.finished.isEmpty && work.beginning.isEmpty
        return try await write(.turn, rows: rows, mayLag: mayLag, at: now) { try $0.turn(work) }
    }

    package func recover(_ aftercare: Aftercare, at now: Moment) async throws(StoreError) -> [Happening] {
        try await write(.turn, at: now) { try $0.recover(aftercare) }
    }

    package func overdue(upTo limit: Int, at now: Moment) async throws(StoreError) -> [Overdue] {
        let (found, damaged) = try await read { try $0.overdue(upTo: limit, at: now.wall) }
        // What cannot be read waits for a person; looked at again each second it would keep all others from being seen.
        let waits = damaged.map { Wait(message: $0, until: nil, finding: .unreadable) }
        if !waits.isEmpty { try await wait(waits, at: now) }
        return found
    }

    package func expire(
        on channels: [Channel], upTo limit: Int, at now: Moment
    ) async throws(StoreError) -> [Happening] {
        guard let session = writer?.session else { return [] }
        var ids: [MessageID] = []
        for channel in channels {
            let mark = session.expiryMarks.withLock { $0[channel] }
            let look = try await read { try $0.expired(on: channel, after: mark, upTo: limit, at: now.wall) }
            session.expiryMarks.withLock { $0[channel] = look.mark }
            ids += look.ids
        }
        guard !ids.isEmpty else { return [] }
        return try await write(.change, rows: ids.count, at: now) { [ids] transaction in
            try ids.compactMap { id in
                guard let place = try transaction.db.queued(id), place.expiresAt <= now.wall else { return nil }
                return try transaction.expire(place)
            }
        }
    }

    package func wait(_ waits: [Wait], at now: Moment) async throws(StoreError) {
        guard !waits.isEmpty else { return }
        try await write(.change, rows: waits.count, at: now) { try waits.forEach($0.wait) }
    }

    package func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied] {
        guard !changes.isEmpty else { return [] }
        return try await write(.change, rows: changes.count, at: now) { try changes.map($0.apply) }
    }

    package func nextDue(on channels: Set<Channel>) async throws(StoreError) -> Date? {
        try await read { db in
            var earliest: Int64?
            // One seek per channel and priority instead of a walk over the whole queue.
            for channel in channels {
                for priority in Priority.allCases {
                    guard
                        let due = try db.number(
                            "SELECT due_at FROM queue WHERE channel = ? AND priority = ? ORDER BY due_at LIMIT 1",
                            [channel.rawValue, priority.rawValue])
                    else { continue }
                    earliest = min(earliest ?? due, due)
                }
            }
            return earliest.map(Date.init(milliseconds:))
        }
    }
}

extension SQLiteStore: ProviderLedger {
    package func providerStates() async throws(StoreError) -> [ProviderState] {
        try await read { db in
            var states: [ProviderState] = []
            try db.each("SELECT provider, paused_until, reason, since, note FROM provider_states ORDER BY provider") {
                row in
                states.append(
                    ProviderState(
                        provider: try row.provider(0), pausedUntil: row.date(orNil: 1), reason: row[2],
                        since: row.date(3), note: row[4]))
            }
            return states
        }
    }

    package func charged(on day: Int) async throws(StoreError) -> [ProviderID: Int] {
        try await read { db in
            var units: [ProviderID: Int] = [:]
            try db.each("SELECT provider, units FROM provider_days WHERE day = ?", [day]) { row in
                units[try row.provider(0)] = row[1]
            }
            return units
        }
    }

    package func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError) {
        try await write(.change, at: now) { try $0.record(state, by: by) }
    }
}

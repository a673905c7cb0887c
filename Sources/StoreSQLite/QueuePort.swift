package import Domain
package import FoundationEssentials
import GRDB
package import Queue

extension SQLiteStore: MessageQueue {
    package func enqueue(_ items: [Enqueue], at now: Moment) async throws(StoreError) -> [Enqueued] {
        guard !items.isEmpty else { return [] }
        return try await write(.accept, rows: items.count, at: now) { try items.map($0.enqueue) }
    }

    package func turn(_ work: TurnRequest, at now: Moment) async throws(StoreError) -> Turn {
        let rows = work.finished.count + work.beginning.count + work.limit
        return try await write(.turn, rows: rows, at: now) { try $0.turn(work) }
    }

    package func recover(at now: Moment) async throws(StoreError) -> [Happening] {
        try await write(.turn, at: now) { try $0.recover() }
    }

    package func apply(_ changes: [Change], at now: Moment) async throws(StoreError) -> [Applied] {
        guard !changes.isEmpty else { return [] }
        return try await write(.change, rows: changes.count, at: now) { try changes.map($0.apply) }
    }

    package func nextDue() async throws(StoreError) -> Date? {
        try await read { db in
            var earliest: Int64?
            // One seek per priority instead of a walk over the whole queue.
            for priority in Priority.allCases {
                guard
                    let due = try db.number(
                        "SELECT due_at FROM queue WHERE priority = ? ORDER BY due_at LIMIT 1", [priority.rawValue])
                else { continue }
                earliest = min(earliest ?? due, due)
            }
            return earliest.map(Date.init(milliseconds:))
        }
    }
}

extension SQLiteStore: ProviderLedger {
    package func providerStates() async throws(StoreError) -> [ProviderState] {
        try await read { db in
            var states: [ProviderState] = []
            try db.each("SELECT provider, paused_until, reason, since FROM provider_states ORDER BY provider") { row in
                states.append(
                    ProviderState(
                        provider: try row.provider(0), pausedUntil: row.date(orNil: 1), reason: row[2],
                        since: row.date(3)))
            }
            return states
        }
    }

    package func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError) {
        try await write(.change, at: now) { try $0.record(state, by: by) }
    }
}

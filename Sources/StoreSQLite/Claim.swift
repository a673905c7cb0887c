import Domain
import FoundationEssentials
import GRDB
import Queue
import Synchronization

/// Strict order of priority, but a tenth of all claims belongs to the lower priorities in turn: an endless emergency
/// delays a newsletter, it does not bury it.
struct FairShare {
    private static let lower: [Priority] = [.bulk, .normal, .high]
    private var tenths = 0
    private var next = 0

    /// How many of `limit` claims each lower priority may have before the strict order takes the rest.
    mutating func reserve(of limit: Int) -> [(priority: Priority, count: Int)] {
        tenths += limit
        let reserved = min(tenths / 10, limit)
        tenths %= 10
        var counts = [Int](repeating: 0, count: Self.lower.count)
        for _ in 0..<reserved {
            counts[next] += 1
            next = (next + 1) % Self.lower.count
        }
        return zip(Self.lower, counts).map { ($0, $1) }
    }
}

extension Transaction {
    /// Messages that expired are settled as they are met, so many of them in one turn.
    private static let expiriesPerTurn = 2048

    func claim(upTo limit: Int, lease: Duration) throws -> [Claim] {
        guard limit > 0 else { return [] }
        let until = now.uptime + lease.milliseconds
        session.earliestLease.withLock { $0 = min($0, until) }
        let reserve = session.share.withLock { $0.reserve(of: limit) }
        let reserved = reserve.reduce(0) { $0 + $1.count }

        var claims: [Claim] = []
        var expiries = Self.expiriesPerTurn
        for priority in Priority.allCases where claims.count < limit - reserved {
            claims += try claim(priority, upTo: limit - reserved - claims.count, until: until, expiries: &expiries)
        }
        for (priority, count) in reserve where count > 0 {
            claims += try claim(priority, upTo: count, until: until, expiries: &expiries)
        }
        // What the lower priorities had no use for goes by strict order again.
        for priority in Priority.allCases where claims.count < limit {
            claims += try claim(priority, upTo: limit - claims.count, until: until, expiries: &expiries)
        }
        return claims.enumerated()
            .sorted { ($0.element.message.priority, $0.offset) < ($1.element.message.priority, $1.offset) }
            .map(\.element)
    }

    private func claim(
        _ priority: Priority, upTo limit: Int, until: Int64, expiries: inout Int
    ) throws -> [Claim] {
        var claims: [Claim] = []
        while claims.count < limit {
            let page = try duePage(priority, limit: limit - claims.count)
            for row in page {
                if now.wall < row.place.expiresAt {
                    claims.append(try lease(row, until: until))
                } else if expiries > 0 {
                    expiries -= 1
                    try expire(row.place)
                }
            }
            if page.isEmpty || expiries == 0 { break }
        }
        return claims
    }

    private struct DueRow {
        let place: Standpoint
        let message: Message
    }

    /// One seek, one join, in the order of the primary key: nothing is sorted.
    private func duePage(_ priority: Priority, limit: Int) throws -> [DueRow] {
        var page: [DueRow] = []
        try db.each(
            """
            SELECT q.due_at, q.expires_at, q.held, q.attempts, q.submissions, q.accepted, q.deaths, q.exhausted,
                \(MessageRow.columns)
            FROM queue q CROSS JOIN messages m ON m.id = q.id
            WHERE q.priority = ? AND q.due_at <= ? ORDER BY q.due_at, q.id LIMIT ?
            """, [priority.rawValue, now.wall.milliseconds, limit]
        ) { row in
            let message = try MessageRow.read(row, from: 8)
            let place = Standpoint(
                message: message.id, state: .queued, purpose: message.purpose, priority: priority,
                expiresAt: row.date(1), progress: try row.progress(3), due: row.date(0), held: try row.word(orNil: 2))
            page.append(DueRow(place: place, message: message))
        }
        return page
    }

    private func lease(_ row: DueRow, until: Int64) throws -> Claim {
        let place = row.place
        let progress = place.progress
        let token = session.nextToken()
        guard case .move = try place.state.step(on: .claimed) else { throw Damaged(what: "a claim of nothing") }
        try db.run(
            "DELETE FROM queue WHERE priority = ? AND due_at = ? AND id = ?",
            [place.priority.rawValue, place.due?.milliseconds, place.message.raw])
        try db.run(
            """
            INSERT INTO inflight (id, token, session, lease_until, priority, due_at, expires_at, attempts, submissions,
                accepted, deaths, exhausted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                place.message.raw, token, session.id, until, place.priority.rawValue, place.due?.milliseconds,
                place.expiresAt.milliseconds, progress.attempts, progress.submissions, progress.accepted,
                progress.deaths, Packed.destinations(progress.exhausted),
            ])
        return Claim(message: row.message, progress: progress, token: token)
    }
}

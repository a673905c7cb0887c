import Domain
import FoundationEssentials
import GRDB
import Queue
import Synchronization

extension Transaction {
    /// Messages that expired are settled as they are met, so many of them in one turn.
    private static let expiriesPerTurn = 2048

    /// What one turn hands out, and what it met on the way.
    struct Catch {
        var claims: [Claim] = []
        var happened: [Happening] = []
        var expiriesLeft = Transaction.expiriesPerTurn
    }

    func claim(_ wanted: [Wanted], lease: Duration) throws -> Catch {
        var caught = Catch()
        let until = now.uptime + lease.milliseconds
        for want in wanted where want.limit > 0 || want.emergencies > 0 {
            session.earliestLease.withLock { $0 = min($0, until) }
            try claim(want, until: until, into: &caught)
        }
        // In the order in which they shall leave, over all channels. One channel's are in that order already, save for the
        // tenth of the lower priorities.
        let isSorted = zip(caught.claims, caught.claims.dropFirst()).allSatisfy {
            $0.message.priority <= $1.message.priority
        }
        if !isSorted {
            caught.claims = caught.claims.enumerated()
                .sorted { ($0.element.message.priority, $0.offset) < ($1.element.message.priority, $1.offset) }
                .map(\.element)
        }
        return caught
    }

    private func claim(_ want: Wanted, until: Int64, into caught: inout Catch) throws {
        let start = caught.claims.count
        var left: Int { want.limit - (caught.claims.count - start) }
        let reserve = session.share.withLock { $0[want.channel, default: FairShare()].reserve(of: want.limit) }
        let reserved = reserve.reduce(0) { $0 + $1.count }

        try claim(.emergency, of: want, upTo: max(0, left - reserved) + want.emergencies, until, into: &caught)
        for priority in Priority.allCases where priority > .emergency && left > reserved {
            try claim(priority, of: want, upTo: left - reserved, until, into: &caught)
        }
        for (priority, count) in reserve where count > 0 && left > 0 {
            try claim(priority, of: want, upTo: min(count, left), until, into: &caught)
        }
        // What the lower priorities had no use for goes by strict order again.
        for priority in Priority.allCases where left > 0 {
            try claim(priority, of: want, upTo: left, until, into: &caught)
        }
    }

    private func claim(
        _ priority: Priority, of want: Wanted, upTo limit: Int, _ until: Int64, into caught: inout Catch
    ) throws {
        var left = limit
        while left > 0, caught.expiriesLeft > 0 {
            let page = try duePage(want.channel, priority, limit: left)
            for row in page {
                if let message = row.message, now.wall < row.place.expiresAt {
                    caught.claims.append(try lease(row.place, message, until: until))
                    left -= 1
                } else {
                    caught.expiriesLeft -= 1
                    if let happening = try row.message == nil ? bury(row.place) : expire(row.place) {
                        caught.happened.append(happening)
                    }
                }
            }
            if page.isEmpty { break }
        }
    }

    private struct DueRow {
        let place: Standpoint
        /// Nil where the stored bytes cannot be read.
        let message: Message?
    }

    private func duePage(_ channel: Channel, _ priority: Priority, limit: Int) throws -> [DueRow] {
        var page: [DueRow] = []
        try statements.duePage.each { values in
            values.add(channel.rawValue)
            values.add(priority.rawValue)
            values.add(now.wall.milliseconds)
            values.add(limit)
        } _: { row in
            // One damaged row must not keep all the others from leaving.
            let message = try? MessageRow.read(row, from: 9)
            let progress = try? row.progress(3)
            let place = Standpoint(
                message: MessageID(raw: row.number(8)), state: .queued, purpose: message?.purpose ?? .unreadable,
                priority: priority, expiresAt: row.date(1), progress: progress ?? Progress(), due: row.date(0),
                held: row.text(orNil: 2).flatMap(HeldReason.init), line: channel)
            page.append(DueRow(place: place, message: progress == nil ? nil : message))
        }
        return page
    }

    private func lease(_ queued: Standpoint, _ message: Message, until: Int64) throws -> Claim {
        guard case .move(let state) = try queued.state.step(on: .claimed) else {
            throw Damaged(what: "a claim of nothing")
        }
        var place = queued
        (place.state, place.token) = (state, session.nextToken())
        try statements.leaveQueue.run { row in
            row.add(place.line?.rawValue)
            row.add(place.priority.rawValue)
            row.add(place.due?.milliseconds)
            row.add(place.message.raw)
        }
        try statements.lease.run { row in
            row.add(place.message.raw)
            row.add(place.token)
            row.add(session.id)
            row.add(until)
            row.add(place.line?.rawValue)
            row.add(place.priority.rawValue)
            row.add(place.due?.milliseconds)
            row.add(place.expiresAt.milliseconds)
            row.add(place.held?.rawValue)
            row.add(place.progress)
        }
        workbench.leases[place.message] = place
        return Claim(message: message, progress: place.progress, token: place.token)
    }

    /// A row that cannot be read any more: out of the queue, into a person's hands, with the reason.
    private func bury(_ place: Standpoint) throws -> Happening? {
        let failure = DeliveryFailure(.unrenderable, detail: "the stored message cannot be read")
        var leased = place
        leased.state = .sending
        try db.run("DELETE FROM queue WHERE id = ?", [place.message.raw])
        return try ended(
            leased, .failedPermanently,
            Arrival(progress: place.progress, reason: failure.reason.rawValue, failure: failure),
            Transaction.facts(failure, about: nil))
    }
}

extension PurposeID {
    /// In the log line of a row whose purpose is among what cannot be read.
    fileprivate static let unreadable = PurposeID("unreadable")!
}

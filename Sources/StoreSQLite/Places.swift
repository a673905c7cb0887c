import Counting
import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

/// Where a message stands, with all that its row there says.
struct Standpoint {
    var message: MessageID
    var state: MessageState
    var purpose: PurposeID
    var priority: Priority
    var expiresAt: Date
    var progress: Progress
    var due: Date?
    var held: HeldReason?
    /// Its line in the queue, now or on the way back.
    var line: Channel?
    /// Inflight only.
    var token: Int64 = 0
    var beganAt: Date?
    /// Of the present or the last submission.
    var provider: ProviderID?
    var destination: Destination?
    var channel: Channel?
    var reason: String?
    var failure: DeliveryFailure?
}

extension Transaction {
    /// For a message that comes to stand as an earlier attempt left it.
    func earlier(_ arrival: Arrival, of id: MessageID, by event: MessageEvent, at state: MessageState) -> Arrival {
        // A damaged attempt must not keep the message from moving.
        guard event.leavesTheEarlierWord(at: state), let carrier = try? db.attempts(of: id).carrier(of: state) else {
            return arrival
        }
        return arrival.told(of: carrier, at: state, now.wall)
    }

    /// Takes the row from where the message stands and writes it where the step leads.
    func move(_ place: Standpoint, to state: MessageState, _ arrival: Arrival) throws {
        switch place.state {
        case .queued: try db.run("DELETE FROM queue WHERE id = ?", [place.message.raw])
        case .sending:
            try statements.leaveInflight.run { $0.add(place.message.raw) }
            workbench.leases[place.message] = nil
        case .sent, .unconfirmed, .delivered, .failed, .suppressed, .expired, .cancelled:
            try db.run("DELETE FROM outcomes WHERE id = ?", [place.message.raw])
        }
        switch state {
        case .queued: try enterQueue(place, arrival)
        case .sending: throw Damaged(what: "only a claim leads to sending")
        case .sent, .unconfirmed, .delivered, .failed, .suppressed, .expired, .cancelled:
            try enterOutcomes(place.message, state, arrival)
            let reason = state == .suppressed ? arrival.reason.flatMap(SuppressedReason.init(rawValue:)) : nil
            workbench.news.append(.came(state, arrival.channel ?? place.channel ?? place.line, reason: reason))
        }
    }

    private func enterQueue(_ place: Standpoint, _ arrival: Arrival) throws {
        try enterQueue(
            place.message, line: arrival.line ?? place.line ?? place.channel ?? .email, priority: place.priority,
            expiresAt: place.expiresAt, due: arrival.due ?? now.wall, held: arrival.held, progress: arrival.progress)
    }

    func enterQueue(
        _ message: MessageID, line: Channel, priority: Priority, expiresAt: Date, due: Date, held: HeldReason?,
        progress: Progress
    ) throws {
        // It is met at the latest when it expires, so that no message stays queued beyond its own end.
        let due = min(due, expiresAt)
        try statements.enterQueue.run { row in
            row.add(line.rawValue)
            row.add(priority.rawValue)
            row.add(due.milliseconds)
            row.add(message.raw)
            row.add(expiresAt.milliseconds)
            row.add(held?.rawValue)
            row.add(progress)
        }
    }

    func enterOutcomes(_ message: MessageID, _ state: MessageState, _ arrival: Arrival) throws {
        let progress = arrival.progress
        try statements.enterOutcomes.run { row in
            row.add(message.raw)
            row.add(state.rawValue)
            row.add(arrival.reason)
            row.add(arrival.failure?.reason.rawValue)
            row.add(arrival.failure?.code)
            row.add(arrival.failure?.detail)
            row.add(arrival.channel?.rawValue)
            row.add(arrival.provider?.text)
            row.add(now.wall.milliseconds)
            row.add(arrival.due?.milliseconds)
            row.add(arrival.held?.rawValue)
            row.add(progress)
        }
    }

    /// Under the number asked for, or the next free one.
    func append(_ attempt: Attempt, to message: MessageID) throws {
        workbench.news.append(attempt.tallied)
        if try append(attempt, to: message, as: Int64(attempt.number)) { return }
        let last = try db.number("SELECT max(number) FROM attempts WHERE message = ?", [message.raw]) ?? 0
        _ = try append(attempt, to: message, as: last + 1)
    }

    /// - Returns: false where there is one of that number already.
    private func append(_ attempt: Attempt, to message: MessageID, as number: Int64) throws -> Bool {
        let receipt: Receipt? = if case .accepted(let receipt) = attempt.outcome { receipt } else { nil }
        let failure = attempt.outcome.failure
        return try statements.appendAttempt.run { row in
            row.add(message.raw)
            row.add(number)
            row.add(attempt.provider.text)
            row.add(attempt.destination.channel.rawValue)
            row.add(attempt.destination.address.exposed)
            row.add(attempt.beganAt.milliseconds)
            row.add(attempt.endedAt.milliseconds)
            row.add(failure?.reason.rawValue)
            row.add(failure?.code)
            row.add(failure?.detail)
            row.add(failure?.retryAfter?.milliseconds)
            row.add(receipt?.providerID)
            row.add(receipt?.parts)
        } == 1
    }

    /// Where a message stands that is being sent; nil when it is not.
    func inflight(_ id: MessageID) throws -> Standpoint? { try workbench.leases[id] ?? db.inflight(id) }
}

extension HotValues {
    /// Five columns: attempts, submissions, reach, deaths, exhausted.
    mutating func add(_ progress: Progress) {
        add(progress.attempts)
        add(progress.submissions)
        add(progress.reach.rawValue)
        add(progress.deaths)
        add(Packed.destinations(progress.exhausted))
    }
}

// MARK: Looking

extension Database {
    /// Nil when there is no such message.
    func standpoint(_ id: MessageID) throws -> Standpoint? {
        try inflight(id) ?? queued(id) ?? outcome(id)
    }

    func inflight(_ id: MessageID) throws -> Standpoint? {
        guard
            let row = try first(
                """
                SELECT m.purpose, i.priority, i.expires_at, i.due_at, i.token, i.began_at, i.provider, i.channel,
                    i.address, i.attempts, i.submissions, i.reach, i.deaths, i.exhausted, i.queue_channel, i.held
                FROM inflight i CROSS JOIN messages m ON m.id = i.id WHERE i.id = ?
                """, [id.raw])
        else { return nil }
        let destination = row.hasNull(atIndex: 8) ? nil : try row.destination(7)
        return Standpoint(
            message: id, state: .sending, purpose: try row.purpose(0), priority: try row.priority(1),
            expiresAt: row.date(2), progress: try row.progress(9), due: row.date(3), held: try row.word(orNil: 15),
            line: try row.word(14), token: row[4],
            beganAt: row.date(orNil: 5), provider: try row.provider(orNil: 6), destination: destination,
            channel: destination?.channel)
    }

    func queued(_ id: MessageID) throws -> Standpoint? {
        guard
            let row = try first(
                """
                SELECT m.purpose, q.priority, q.expires_at, q.due_at, q.held, q.attempts, q.submissions, q.reach,
                    q.deaths, q.exhausted, q.channel
                FROM queue q CROSS JOIN messages m ON m.id = q.id WHERE q.id = ?
                """, [id.raw])
        else { return nil }
        return Standpoint(
            message: id, state: .queued, purpose: try row.purpose(0), priority: try row.priority(1),
            expiresAt: row.date(2), progress: try row.progress(5), due: row.date(3), held: try row.word(orNil: 4),
            line: try row.word(10))
    }

    func outcome(_ id: MessageID) throws -> Standpoint? {
        guard
            let row = try first(
                """
                SELECT m.purpose, m.priority, m.expires_at, o.state, o.due_at, o.held, o.reason, o.failure_reason,
                    o.failure_code, o.failure_detail, o.channel, o.provider, o.attempts, o.submissions, o.reach,
                    o.deaths, o.exhausted
                FROM outcomes o CROSS JOIN messages m ON m.id = o.id WHERE o.id = ?
                """, [id.raw])
        else { return nil }
        let reason: DeliveryFailure.Reason? = try row.word(orNil: 7)
        return Standpoint(
            message: id, state: try row.word(3), purpose: try row.purpose(0),
            priority: try row.priority(1), expiresAt: row.date(2), progress: try row.progress(12),
            due: row.date(orNil: 4), held: try row.word(orNil: 5), provider: try row.provider(orNil: 11),
            channel: try row.word(orNil: 10), reason: row[6],
            failure: reason.map { DeliveryFailure($0, code: row[8], detail: row[9]) })
    }

    func attempts(of id: MessageID) throws -> [Attempt] {
        var attempts: [Attempt] = []
        try each(
            """
            SELECT number, provider, channel, address, began_at, ended_at, failure_reason, failure_code,
                failure_detail, retry_after, receipt, parts
            FROM attempts WHERE message = ? ORDER BY number
            """, [id.raw]
        ) { row in
            let reason: DeliveryFailure.Reason? = try row.word(orNil: 6)
            let outcome: Attempt.Outcome =
                if let reason {
                    .failed(
                        DeliveryFailure(
                            reason, code: row[7], detail: row[8],
                            retryAfter: (row[9] as Int64?).map { .milliseconds($0) }))
                } else {
                    .accepted(Receipt(providerID: row[10], parts: row[11]))
                }
            attempts.append(
                Attempt(
                    number: row[0], provider: try row.provider(1), destination: try row.destination(2),
                    beganAt: row.date(4), endedAt: row.date(5), outcome: outcome))
        }
        return attempts
    }
}

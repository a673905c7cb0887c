import Domain
import FoundationEssentials
import Journal
import Queue

extension Books {
    mutating func turn(_ work: TurnRequest, of caller: Int, at now: Moment) -> Turn {
        var turn = Turn()
        for settlement in work.finished { turn.settled.append(settle(settlement, at: now.wall)) }
        if flaw == .tellsTwice { turn.happened += turn.settled.compactMap(\.self) }
        if caller == session { turn.happened += endLeases(work.aftercare, at: now) }
        for beginning in work.beginning {
            switch begin(beginning, lease: work.lease, at: now) {
            case .begun: turn.begun.append(beginning.token)
            case .stale: turn.stale.append(beginning.token)
            case .lost(let happening):
                turn.lost.append(beginning.token)
                if let happening { turn.happened.append(happening) }
            }
        }
        // Who lost the books may learn that its claims are gone; it gets no new ones.
        guard caller == session else { return turn }
        claim(work.wanted, until: now.uptime + work.lease.milliseconds, into: &turn, at: now.wall)
        return turn
    }

    private func owned(_ id: MessageID, _ token: Int64) -> Row? {
        guard let row = rows[id], row.state == .sending else { return nil }
        return row.token == token || flaw == .ignoresTokens ? row : nil
    }

    // MARK: Settle

    private mutating func settle(_ settlement: Settlement, at now: Date) -> Happening? {
        guard let row = owned(settlement.message, settlement.token) else { return nil }
        let id = row.message.id
        let reach = settlement.reach(after: row.progress.reach)
        guard let step = try? step(row, on: settlement.event, reach: reach) else {
            write("illegal", id, row.state, [.init("event", settlement.event.rawValue)], at: now)
            return nil
        }
        if let attempt = settlement.attempt { append(attempt, to: id) }
        if let suppression = settlement.suppress { suppress(suppression, by: settlement.by, at: now) }
        var state = row.state
        if case .move(let next) = step {
            state = next
            let arrival = arrival(settlement, from: row, at: next, reach: reach)
            move(row, to: next, earlier(arrival, of: id, by: settlement.event, at: next, now), at: now)
        }
        if settlement.isNews(heldBefore: row.held) {
            write(settlement.event.rawValue, id, state, by: settlement.by, facts(settlement), at: now)
        }
        if state == .unconfirmed, let due = settlement.resendAt {
            state = resend(id, due: due, line: settlement.channel ?? row.line, at: now)
        }
        return Happening(
            message: id, purpose: row.message.purpose, event: settlement.event, state: state,
            channel: settlement.attempt?.destination.channel, provider: settlement.attempt?.provider,
            reason: settlement.reason)
    }

    private func arrival(
        _ settlement: Settlement, from row: Row, at state: MessageState, reach: Reach
    ) -> Arrival {
        var progress = settlement.progress
        progress.reach = reach
        let word = settlement.wordKept(in: state)
        return Arrival(
            due: settlement.due ?? (settlement.event == .postponed ? row.due : nil), held: settlement.held,
            line: settlement.channel, progress: progress,
            reason: word.reason, failure: word.cause,
            channel: settlement.attempt?.destination.channel, provider: settlement.attempt?.provider)
    }

    private func facts(_ settlement: Settlement) -> [JournalEntry.Fact] {
        let attempt = settlement.attempt.map { [JournalEntry.Fact("attempt", "\($0.number)")] } ?? []
        return settlement.decision.map { .init($0.rule, $0.result) } + attempt
    }

    mutating func resend(_ id: MessageID, due: Date, line: Channel?, at now: Date) -> MessageState {
        guard let row = rows[id], case .move(let state)? = try? row.state.step(on: .resent) else { return .unconfirmed }
        move(row, to: state, Arrival(due: due, held: .backoff, line: line, progress: row.progress), at: now)
        write(MessageEvent.resent.rawValue, id, state, at: now)
        return state
    }

    // MARK: Begin

    private enum Start { case begun, stale, lost(Happening?) }

    private mutating func begin(_ beginning: Beginning, lease: Duration, at moment: Moment) -> Start {
        let now = moment.wall
        guard var row = owned(beginning.message, beginning.token) else { return .lost(nil) }
        guard now < row.message.expiresAt || flaw == .ignoresExpiry else { return .lost(expire(row, at: now)) }
        guard now < beginning.until, !isStale(beginning) else { return .stale }
        row.leaseUntil = moment.uptime + (flaw == .endsLeasesEarly ? 1500 : lease.milliseconds)
        (row.beganAt, row.provider) = (now, beginning.provider)
        (row.destination, row.channel) = (beginning.destination, beginning.destination.channel)
        rows[row.message.id] = row
        if let charge = beginning.charge {
            charges[charge.day, default: [:]][beginning.provider, default: 0] += charge.units
        }
        let to = "\(beginning.destination.channel.rawValue) \(beginning.destination.address.masked)"
        write(
            "began", row.message.id, .sending,
            [
                .init("attempt", "\(row.progress.submissions + 1)"), .init("provider", beginning.provider.text),
                .init("to", to),
            ], at: now)
        return .begun
    }

    private func isStale(_ beginning: Beginning) -> Bool {
        if flaw == .ignoresBooks { return false }
        if people.changed(.destination(beginning.destination.folded), after: beginning.epoch) { return true }
        if let account = beginning.account, people.changed(.account(account), after: beginning.epoch) { return true }
        return beginning.recipient.map { people.changed(.recipient($0), after: beginning.epoch) } ?? false
    }

    mutating func expire(_ row: Row, at now: Date) -> Happening? {
        guard case .move(let state)? = try? step(row, on: .expiryPassed, reach: row.progress.reach) else { return nil }
        let arrival = earlier(Arrival(progress: row.progress), of: row.message.id, by: .expiryPassed, at: state, now)
        move(row, to: state, arrival, at: now)
        write(MessageEvent.expiryPassed.rawValue, row.message.id, state, at: now)
        return Happening(message: row.message.id, purpose: row.message.purpose, event: .expiryPassed, state: state)
    }

    // MARK: Claim

    private mutating func claim(_ wanted: [Wanted], until: Int64, into turn: inout Turn, at now: Date) {
        for want in wanted where want.limit > 0 || want.emergencies > 0 {
            let start = turn.claims.count
            func left() -> Int { want.limit - (turn.claims.count - start) }
            // The shares go on with nobody waiting; nothing else needs to be looked at then.
            let reserve = shares[want.channel, default: FairShare()].reserve(of: want.limit)
            guard queue[want.channel]?.isEmpty == false else { continue }
            let reserved = reserve.reduce(0) { $0 + $1.count }
            claim(.emergency, want, max(0, left() - reserved) + want.emergencies, until, &turn, at: now)
            for priority in Priority.allCases where priority > .emergency && left() > reserved {
                claim(priority, want, left() - reserved, until, &turn, at: now)
            }
            for (priority, count) in reserve where count > 0 && left() > 0 {
                claim(priority, want, min(count, left()), until, &turn, at: now)
            }
            for priority in Priority.allCases where left() > 0 { claim(priority, want, left(), until, &turn, at: now) }
        }
        turn.claims = turn.claims.enumerated()
            .sorted { ($0.element.message.priority, $0.offset) < ($1.element.message.priority, $1.offset) }
            .map(\.element)
    }

    private mutating func claim(
        _ priority: Priority, _ want: Wanted, _ limit: Int, _ until: Int64, _ turn: inout Turn, at now: Date
    ) {
        guard limit > 0, let places = queue[want.channel], !places.isEmpty else { return }
        var left = limit
        for place in places where place.priority == priority.rawValue && place.due <= now && left > 0 {
            guard let row = rows[place.message] else { continue }
            if now < row.message.expiresAt {
                turn.claims.append(lease(row, until: until))
                left -= 1
            } else if let happening = expire(row, at: now) {
                turn.happened.append(happening)
            }
        }
    }

    private mutating func lease(_ row: Row, until: Int64) -> Claim {
        leave(row)
        lastToken += 1
        var leased = row
        leased.state = .sending
        (leased.token, leased.session, leased.leaseUntil) = (lastToken, session, until)
        enter(leased)
        return Claim(message: words(of: row.message), progress: row.progress, token: lastToken)
    }

    private func words(of message: Message) -> Message {
        guard flaw == .mixesWords, let other = rows.keys.min().flatMap({ rows[$0] }) else { return message }
        var mixed = message
        mixed.variables = other.message.variables
        return mixed
    }
}

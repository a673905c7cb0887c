import Counting
import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension Transaction {
    /// What ended, then what may start, then what is new: a result is never lost to a claim that failed. Leases end before
    /// anything begins, so that nothing begins whose lease ends in the same turn.
    func turn(_ work: TurnRequest) throws -> Turn {
        var turn = Turn()
        for settlement in work.finished { turn.settled.append(try settle(settlement)) }
        turn.happened += try endLeases(work.aftercare)
        for beginning in work.beginning {
            switch try begin(beginning, lease: work.lease) {
            case .begun: turn.begun.append(beginning.token)
            case .stale: turn.stale.append(beginning.token)
            case .lost(let happening):
                turn.lost.append(beginning.token)
                if let happening { turn.happened.append(happening) }
            }
        }
        let caught = try claim(work.wanted, lease: work.lease)
        turn.claims = caught.claims
        turn.happened += caught.happened
        return turn
    }

    // MARK: Settle

    /// Nil when the claim is no longer the caller's.
    private func settle(_ settlement: Settlement) throws -> Happening? {
        guard let place = try inflight(settlement.message), place.token == settlement.token else { return nil }
        let reach = settlement.reach(after: place.progress.reach)
        let step: Step
        do { step = try place.state.step(on: settlement.event, reach: reach) } catch {
            // A bug of the caller's: loud in the journal, the message left as it was, everybody else's results kept.
            try journal("illegal", place.message, state: place.state, by: "gateway", [.init("event", "\(error.event)")])
            return nil
        }
        if let attempt = settlement.attempt {
            try append(attempt, to: place.message)
            // A second submission waited for the first, and a fallback by design.
            if attempt.number == 1, attempt.outcome.isAccepted, let due = place.due {
                let seconds = attempt.endedAt.timeIntervalSince(due)
                workbench.news.append(.waited(place.purpose, attempt.destination.channel, seconds: seconds))
            }
        }
        if let suppression = settlement.suppress { try suppress(suppression, by: settlement.by) }
        var state = place.state
        if case .move(let next) = step {
            state = next
            try move(place, to: next, arrival(settlement, from: place, at: next, reach: reach))
        }
        if settlement.isNews(heldBefore: place.held) {
            try journal(settlement.event.rawValue, place.message, state: state, by: settlement.by) {
                write(settlement, to: &$0)
            }
        }
        if state == .unconfirmed, let due = settlement.resendAt {
            state = try resend(place.message, due: due, line: settlement.channel ?? place.line)
        }
        return Happening(
            message: place.message, purpose: place.purpose, event: settlement.event, state: state,
            channel: settlement.attempt?.destination.channel, provider: settlement.attempt?.provider,
            reason: settlement.reason)
    }

    /// An unknown outcome of a purpose that would rather say it twice: the same transaction queues it again.
    func resend(_ id: MessageID, due: Date, line: Channel?) throws -> MessageState {
        guard let place = try db.outcome(id), case .move(let state) = try place.state.step(on: .resent) else {
            throw Damaged(what: "nothing to send again")
        }
        try move(place, to: state, Arrival(due: due, held: .backoff, line: line, progress: place.progress))
        try journal(
            MessageEvent.resent.rawValue, id, state: state, by: "gateway", [.init("due_at", due.ISO8601Format())])
        return state
    }

    private func arrival(
        _ settlement: Settlement, from place: Standpoint, at state: MessageState, reach: Reach
    ) -> Arrival {
        var progress = settlement.progress
        progress.reach = reach
        let word = settlement.wordKept(in: state)
        let arrival = Arrival(
            // A claim that goes back without a time goes back to its old place.
            due: settlement.due ?? (settlement.event == .postponed ? place.due : nil), held: settlement.held,
            line: settlement.channel, progress: progress, reason: word.reason, failure: word.cause,
            channel: settlement.attempt?.destination.channel, provider: settlement.attempt?.provider)
        return earlier(arrival, of: place.message, by: settlement.event, at: state)
    }

    private func write(_ settlement: Settlement, to facts: inout FactWriter) {
        for step in settlement.decision { facts.add(step.rule, step.result) }
        let attempt = settlement.attempt
        if let attempt {
            facts.add("attempt", attempt.number)
            facts.add("provider", attempt.provider.text)
            facts.add("to", attempt.destination)
        }
        if case .accepted(let receipt) = attempt?.outcome {
            facts.add("receipt", receipt.providerID)
            facts.add("parts", receipt.parts)
        }
        facts.add("reason", settlement.refusal?.rawValue)
        if let cause = settlement.cause {
            for fact in Transaction.facts(cause, about: attempt?.destination) { facts.add(fact) }
        }
        facts.add("due_at", settlement.due?.ISO8601Format())
        facts.add("held_reason", settlement.held?.rawValue)
    }

    static func facts(_ failure: DeliveryFailure?, about destination: Destination?) -> [JournalEntry.Fact?] {
        [
            .init("failure", failure?.reason.rawValue), .foreign("code", failure?.code, about: destination),
            .foreign("detail", failure?.detail, about: destination),
        ]
    }

    // MARK: Begin

    private enum Beginning { case begun, stale, lost(Happening?) }

    /// The lease counts anew from here: what waited long for its slot has as much time for its answer as anybody.
    private func begin(_ beginning: Queue.Beginning, lease: Duration) throws -> Beginning {
        guard var place = try inflight(beginning.message), place.token == beginning.token else { return .lost(nil) }
        guard now.wall < place.expiresAt else { return .lost(try expire(place)) }
        guard now.wall < beginning.until, try !isStale(beginning) else { return .stale }
        (place.beganAt, place.provider) = (Date(milliseconds: now.wall.milliseconds), beginning.provider)
        (place.destination, place.channel) = (beginning.destination, beginning.destination.channel)
        try statements.begin.run { row in
            row.add(now.wall.milliseconds)
            row.add(now.uptime + lease.milliseconds)
            row.add(beginning.provider.text)
            row.add(beginning.destination.channel.rawValue)
            row.add(beginning.destination.address.exposed)
            row.add(place.message.raw)
        }
        workbench.leases[place.message] = place
        if let charge = beginning.charge { try add(charge, to: beginning.provider) }
        try journal("began", place.message, state: .sending, by: "gateway") { facts in
            facts.add("attempt", place.progress.submissions + 1)
            facts.add("provider", beginning.provider.text)
            facts.add("to", beginning.destination)
        }
        return .begun
    }

    /// Nearly always nothing in the books has changed at all, and one number says so.
    private func isStale(_ beginning: Queue.Beginning) throws -> Bool {
        guard try currentEpoch() > beginning.epoch.value else { return false }
        if try changed(Subject.destination(beginning.destination), after: beginning.epoch) { return true }
        if let account = beginning.account, try changed(Subject.account(account), after: beginning.epoch) {
            return true
        }
        guard let recipient = beginning.recipient else { return false }
        return try changed(Subject.recipient(recipient), after: beginning.epoch)
    }

    private func add(_ charge: Charge, to provider: ProviderID) throws {
        try db.run(
            """
            INSERT INTO provider_days (provider, day, units) VALUES (?, ?, ?)
            ON CONFLICT (provider, day) DO UPDATE SET units = units + excluded.units
            """, [provider.text, charge.day, charge.units])
    }

    func expire(_ place: Standpoint) throws -> Happening? {
        let step = try place.state.step(on: .expiryPassed, reach: place.progress.reach)
        guard case .move(let state) = step else { return nil }
        let arrival = earlier(Arrival(progress: place.progress), of: place.message, by: .expiryPassed, at: state)
        try move(place, to: state, arrival)
        try journal(
            MessageEvent.expiryPassed.rawValue, place.message, state: state, by: "gateway",
            [.init("expires_at", place.expiresAt.ISO8601Format())])
        return Happening(message: place.message, purpose: place.purpose, event: .expiryPassed, state: state)
    }
}

import Domain
import FoundationEssentials
import Journal
import Queue

// What happens to messages besides the worker's turns: acceptance, deaths, leases that end, words from outside.

extension Books {
    mutating func enqueue(_ item: Enqueue, at now: Date) -> Enqueued {
        let message = item.message
        let key = message.idempotencyKey.map { Key(client: message.idempotencyScope, key: Array($0.utf8)) }
        if let key, flaw != .ignoresKeys {
            if let first = keys[key] {
                return first.hash == item.requestHash ? .known(first.message) : .conflict(with: first.message)
            }
            keys[key] = (message.id, item.requestHash)
        }
        if flaw == .losesMessages, message.id.raw % 7 == 3 { return .new(message.id) }
        let by = "client:\(message.client)"
        switch item.start {
        case .queued(let due, let held, let channel):
            supersede(by: message, at: now)
            enter(Row(message: message, state: .queued, due: min(due, message.expiresAt), held: held, line: channel))
            write(MessageEvent.accepted.rawValue, message.id, .queued, by: by, at: now)
        case .suppressed(let reason):
            enter(Row(message: message, state: .suppressed, reason: reason.rawValue))
            write(MessageEvent.accepted.rawValue, message.id, .suppressed, by: by, at: now)
        }
        return .new(message.id)
    }

    private mutating func supersede(by message: Message, at now: Date) {
        guard let matter = message.supersedes else { return }
        let older = rows.values.filter {
            MessageEvent.superseded.standing(from: $0.state, hasBegun: $0.beganAt != nil) == .queued
                && $0.message.client == message.client && $0.message.mode == message.mode
                && $0.message.supersedes == matter
                && $0.message.id != message.id
        }
        for row in older.sorted(by: { $0.message.id < $1.message.id }) {
            guard case .move(let state)? = try? step(row, .queued, on: .superseded, reach: row.progress.reach) else {
                continue
            }
            let reason = state == .suppressed ? SuppressedReason.superseded.rawValue : nil
            let arrival = Arrival(progress: row.progress, reason: reason)
            move(row, to: state, earlier(arrival, of: row.message.id, by: .superseded, at: state, now), at: now)
            write(MessageEvent.superseded.rawValue, row.message.id, state, by: "client:\(message.client)", at: now)
        }
    }

    // MARK: Deaths and leases

    mutating func recover(_ aftercare: Aftercare, at now: Date) -> [Happening] {
        inflight.sorted().compactMap { rows[$0] }.filter { $0.session != session }.map { row in
            var row = row
            if row.beganAt != nil || row.message.id == aftercare.suspect { row.progress.deaths += 1 }
            return abandon(row, aftercare, at: now)
        }
    }

    mutating func endLeases(_ aftercare: Aftercare, at now: Moment) -> [Happening] {
        guard !inflight.isEmpty else { return [] }
        return inflight.sorted().compactMap { rows[$0] }.filter { $0.session == session && $0.leaseUntil < now.uptime }
            .map { abandon($0, aftercare, at: now.wall) }
    }

    private mutating func abandon(_ row: Row, _ aftercare: Aftercare, at now: Date) -> Happening {
        row.beganAt == nil || flaw == .forgetsBegan
            ? loseLease(row, aftercare, at: now) : loseAnswer(row, aftercare, at: now)
    }

    private mutating func loseLease(_ row: Row, _ aftercare: Aftercare, at now: Date) -> Happening {
        if case .bury(let failure) = aftercare.decide(Abandoned(row)) {
            let arrival = Arrival(progress: row.progress, reason: failure.reason.rawValue, failure: failure)
            return end(row, .failedPermanently, arrival, at: now)
        }
        return end(row, .leaseLost, Arrival(due: row.due, held: row.held, progress: row.progress), at: now)
    }

    private mutating func loseAnswer(_ begun: Row, _ aftercare: Aftercare, at now: Date) -> Happening {
        let failure = DeliveryFailure(.noAnswer)
        var row = begun
        if let attempt = begun.openAttempt(.failed(failure), endedAt: now) {
            append(attempt, to: begun.message.id)
            row.progress.submissions += 1
            row.progress.attempts += 1
        }
        row.progress.reach = max(row.progress.reach, .perhaps)
        let aftermath = flaw == .repeatsUnknown ? .resend(now) : aftercare.decide(Abandoned(row))
        if case .resend(_, elsewhere: true) = aftermath, let destination = row.destination {
            row.progress.giveUp(destination)
        }
        var arrival = Arrival(
            progress: row.progress, reason: failure.reason.rawValue, failure: failure, channel: row.channel,
            provider: row.provider)
        if case .hold(let until?) = aftermath { (arrival.due, arrival.held) = (until, .awaitingReport) }
        var happening = end(row, .answerLost, arrival, at: now)
        if case .resend(let due, _) = aftermath {
            happening.state = resend(row.message.id, due: due, line: row.line, at: now)
        }
        return happening
    }

    private mutating func end(_ row: Row, _ event: MessageEvent, _ arrival: Arrival, at now: Date) -> Happening {
        guard case .move(let state)? = try? step(row, on: event, reach: row.progress.reach) else {
            preconditionFailure("\(event) leads nowhere")
        }
        move(row, to: state, earlier(arrival, of: row.message.id, by: event, at: state, now), at: now)
        write(event.rawValue, row.message.id, state, at: now)
        return Happening(
            message: row.message.id, purpose: row.message.purpose, event: event, state: state, channel: row.channel,
            provider: row.provider, reason: arrival.reason)
    }

    // MARK: Waiting for a word

    func overdue(upTo limit: Int, at now: Date) -> [Overdue] {
        awaited.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(max(0, limit))
            .compactMap { rows[$0.key] }.map {
                Overdue(
                    message: $0.message, state: $0.state, progress: $0.progress,
                    attempt: $0.attempts.carrier(of: $0.state))
            }
    }

    mutating func expire(on channels: [Channel], upTo limit: Int, at now: Date) -> [Happening] {
        let due = channels.flatMap { queue[$0] ?? [] }.filter { $0.due <= now }.compactMap { rows[$0.message] }
        return due.filter { $0.message.expiresAt <= now }.prefix(limit).compactMap { expire($0, at: now) }
    }

    mutating func wait(_ wait: Wait, at now: Date) {
        guard var row = rows[wait.message], row.state == .sent || row.state == .unconfirmed,
            wait.attempt.map({ $0 == row.attempts.carrier(of: row.state)?.number }) != false
        else { return }
        (row.due, row.held) = (wait.until, wait.until == nil ? nil : .awaitingReport)
        enter(row)
        write("waiting", wait.message, row.state, [.init("finding", wait.finding.rawValue)], at: now)
    }

    // MARK: Words from outside

    mutating func apply(_ change: Change, at now: Date) -> Applied {
        guard let row = rows[change.message] else { return .unknownMessage }
        guard let standing = change.event.standing(from: row.state, hasBegun: row.beganAt != nil),
            change.isReport || change.attempt.map({ $0 == row.attempts.carrier(of: row.state)?.number }) != false,
            change.event != .notTaken || !rows.values.contains(where: { $0.message.retryOf == change.message }),
            let step = try? step(
                row, standing, on: change.event, reach: change.reach(of: row.progress, attempts: row.attempts))
        else { return .illegal(in: row.state) }
        var state = row.state
        if case .move(let next) = step {
            state = next
            let arrival = arrival(of: change, from: row, at: next, now)
            move(row, to: next, earlier(arrival, of: change.message, by: change.event, at: next, now), at: now)
        }
        let attempt = change.isReport ? rows[change.message]?.attempts.last : nil
        write(
            change.event.rawValue, change.message, state, by: change.by,
            attempt.map { [.init("attempt", "\($0.number)")] } ?? [], at: now)
        return step == .note ? .noted : .moved(state)
    }

    private mutating func arrival(of change: Change, from row: Row, at state: MessageState, _ now: Date) -> Arrival {
        var progress = change.progress(after: row.progress, attempts: row.attempts)
        var (provider, channel) = (row.provider, row.channel)
        if change.isReport {
            if let attempt = row.openAttempt(.accepted(Receipt()), endedAt: now) {
                append(attempt, to: change.message)
                progress.submissions += 1
                progress.reach = .accepted
            } else if provider == nil {
                (provider, channel) = (row.attempts.last?.provider, row.attempts.last?.destination.channel)
            }
        }
        let due = state == .queued ? change.due ?? now : nil
        let failure = state == .failed ? change.failure ?? row.failure : nil
        let reason = state == .suppressed ? SuppressedReason.superseded.rawValue : failure?.reason.rawValue
        return Arrival(
            due: due, held: due.map { $0 > now } == true ? .backoff : nil, line: change.channel, progress: progress,
            reason: reason, failure: failure, channel: channel, provider: provider)
    }
}

extension Abandoned {
    fileprivate init(_ row: Books.Row) {
        self.init(
            message: row.message.id, purpose: row.message.purpose, expiresAt: row.message.expiresAt,
            progress: row.progress, provider: row.beganAt == nil ? nil : row.provider)
    }
}

// A world: one gateway core, its books, its accounts, its callers and its misfortunes, all of one seed. Nothing here
// reads a clock, a file or the system's chance; nothing runs beside anything else, so that a seed is one history.

import Delivery
import Domain
import FoundationEssentials
import Policy
import Queue
import Synchronization
import Worker

final class World: Sendable {
    let plan: Plan
    let clock: Clock
    let trace: Trace
    let agenda = Agenda<Event>()
    let oracle: Oracle
    let accounts: [ProviderID: FarAccount]
    let source: StoreSource
    /// For what happens on the way: delays, faults, fates of letters.
    private let chance: Chance
    let engineChance: Chance
    private let ids = Mutex<Int64>(1)
    let state = Mutex(State())

    struct State {
        /// The process that owns the books.
        var life = 0
        var dead: Set<Int> = []
        /// Calls of the store left to the process that is going to die.
        var doom: Int?
        var isDiskFull = false
        var healed = false
        var wishes: [Wish] = []
        var mailbox: Mailbox?
        var tally: [String: Int] = [:]
    }
    enum Wish { case freeze, restart, stall(Int) }

    init(seed: UInt64, source: StoreSource, whole: Bool) {
        let chance = Chance(seed)
        plan = Plan(chance.fork(), canBeShared: source.canBeShared)
        clock = Clock(start: plan.start)
        trace = Trace(clock, whole: whole)
        oracle = Oracle(clock, trace)
        accounts = Dictionary(plan.accounts.map { ($0.profile.id, $0) }) { one, _ in one }
        self.source = source
        self.chance = chance.fork()
        engineChance = chance.fork()
        for (at, event) in plan.events { agenda.enter(event, at: at) }
    }

    func count(_ what: String, _ by: Int = 1) { state.withLock { $0.tally[what, default: 0] += by } }
    var healed: Bool { state.withLock(\.healed) }
    private var isDiskFull: Bool { state.withLock(\.isDiskFull) }

    // MARK: The store's calls

    /// - Throws: what the caller of the store sees instead of an answer.
    func cross(_ name: String, _ life: Int, writes: Bool, isBefore: Bool) async throws(StoreError) {
        let (current, dead) = state.withLock { ($0.life, $0.dead.contains(life)) }
        if dead { throw StoreError(.unreachable, "dead") }
        // A process that was stopped sees what it sees; the others' lives went on without it.
        guard life == current else { return }
        if chance.happens(0.15) { clock.pass(Int64(chance.among(0...30))) }
        await happen()
        if strikes(life) {
            trace.say("died \(isBefore ? "before" : "after") \(name)")
            throw StoreError(.unreachable, "died")
        }
        guard !healed else { return }
        if isBefore, writes, isDiskFull { throw fail(name, .full) }
        if isBefore, chance.happens(plan.refusals) { throw fail(name, .busy) }
        if !isBefore, writes, chance.happens(plan.lostCommits) { throw fail(name, .unreachable) }
    }

    private func fail(_ name: String, _ kind: StoreError.Kind) -> StoreError {
        count(kind == .unreachable ? "commits whose answer was lost" : "failed calls of the store")
        trace.say("\(name) fails: \(kind.rawValue)")
        if name == "turn" { oracle.turnFailed() }
        return StoreError(kind, "simulated")
    }

    private func strikes(_ life: Int) -> Bool {
        state.withLock { state in
            guard let left = state.doom else { return false }
            state.doom = left > 0 ? left - 1 : nil
            guard left == 0 else { return false }
            state.dead.insert(life)
            state.tally["deaths", default: 0] += 1
            return true
        }
    }

    func committed(_ turn: Turn, of work: TurnRequest, _ life: Int, at now: Moment) {
        for token in turn.begun {
            guard let beginning = work.beginning.first(where: { $0.token == token }) else {
                oracle.accuse("the store let begin what nobody offered")
                continue
            }
            oracle.began(beginning, at: now)
        }
    }

    // MARK: The wire

    func submit(_ submission: Submission, by wire: Wire, answer: @escaping @Sendable ([Answer]) -> Void) {
        let life = state.withLock(\.life)
        if wire.life != life { oracle.accuse("\(submission.reference) sent by a process that lost the books") }
        oracle.submitted(submission, through: wire.account.profile.id)
        trace.say("submit \(submission.reference.raw)/\(submission.number) \(wire.account.profile.id)")
        count("submissions")
        let letter = Letter(
            submission: submission, account: wire.account.profile.id, life: wire.life, submittedAt: clock.uptime,
            timeout: wire.profile.timeout.milliseconds, answer: answer)
        agenda.enter(.arrival(letter), at: clock.uptime + Int64(chance.among(1...200)))
    }

    func ask(_ inquiry: Inquiry, _ account: ProviderID, _ answer: @escaping @Sendable ([Finding]) -> Void) {
        trace.say("ask \(inquiry.reference.raw)/\(inquiry.number) \(account)")
        count("inquiries")
        let after = chance.happens(0.1) ? chance.among(60_000...300_000) : chance.among(50...5000)
        agenda.enter(.finding(inquiry, account: account, answer), at: clock.uptime + Int64(after))
    }

    // MARK: Events

    /// All that is due.
    func happen() async {
        while let event = agenda.take(upTo: clock.uptime) {
            guard let store = oracle.store else { return }
            do throws(StoreError) { try await handle(event, store) } catch {
                // The books cannot be written: whoever wanted something asks again.
                agenda.enter(event, at: clock.uptime + 5000)
            }
        }
    }

    private func handle(_ event: Event, _ store: any SimulatedStore) async throws(StoreError) {
        switch event {
        case .enqueue(let order): try await enqueue(order, store)
        case .withdraw(let resident, let purpose, let channel):
            try await say(.withdrawn, resident, purpose, channel, store)
        case .grant(let resident, let purpose): try await say(.granted, resident, purpose, nil, store)
        case .suppress(let destination):
            try refuseWhenFull()
            let suppression = Suppression(destination: destination, reason: .manual, since: clock.now.wall)
            try await store.suppress([suppression], by: "operator", at: clock.now)
            oracle.suppressed(destination, true)
        case .lift(let destination):
            try refuseWhenFull()
            _ = try await store.lift(destination, by: "operator", at: clock.now)
            oracle.suppressed(destination, false)
        case .cancel(let id): _ = try await apply(id, .cancelled, by: "operator", store)
        case .decide(let id, let word):
            if case .moved = try await apply(id, word, by: "operator", store) { oracle.personDecided(id) }
        case .pause(let id): try await pause(id, true, store)
        case .resume(let id): try await pause(id, false, store)
        case .report(let id, let account, let delivered):
            let event = delivered ? MessageEvent.reportedDelivered : .reportedFailed
            _ = try await apply(id, event, by: "provider:\(account)", store)
        case .arrival(let letter): arrive(letter)
        case .answer(let letter, let answer):
            trace.say("answer \(answer.reference.raw) \(Self.word(answer.outcome))")
            oracle.answered(letter, answer, isCurrent: letter.life == state.withLock(\.life))
            letter.answer([answer])
        case .finding(let inquiry, let account, let answer):
            guard let finding = accounts[account]?.find(inquiry) else { return }
            trace.say("finding \(inquiry.reference.raw) \(finding.result)")
            answer([finding])
        case .die(let crossings): if !healed { state.withLock { $0.doom = crossings } }
        case .freeze: state.withLock { $0.wishes.append(.freeze) }
        case .restart: state.withLock { $0.wishes.append(.restart) }
        case .stall(let seconds): state.withLock { $0.wishes.append(.stall(seconds)) }
        case .setWall(let seconds):
            trace.say("wall \(seconds)")
            count("wall jumps")
            clock.setWall(by: seconds)
        case .diskFull(let full):
            trace.say("disk full \(full)")
            state.withLock { $0.isDiskFull = full }
        case .heal: try await heal(store)
        }
    }

    private func refuseWhenFull() throws(StoreError) {
        if isDiskFull, !healed { throw StoreError(.full, "simulated") }
    }

    private func heal(_ store: any SimulatedStore) async throws(StoreError) {
        trace.say("heal")
        state.withLock { ($0.healed, $0.isDiskFull, $0.doom) = (true, false, nil) }
        for account in plan.accounts { try await pause(account.profile.id, false, store) }
    }

    // MARK: Clients and people

    private func enqueue(_ order: Event.Order, _ store: any SimulatedStore) async throws(StoreError) {
        try refuseWhenFull()
        var order = order
        oracle.asked(order)
        let due = max(clock.now.wall, order.message.sendAt ?? clock.now.wall)
        let held: HeldReason? = due > clock.now.wall ? .sendAt : nil
        let item = Enqueue(
            message: order.message, requestHash: [1], start: .queued(due: due, held, order.channel))
        let answer = try await store.enqueue([item], at: clock.now)
        trace.say("enqueue \(order.message.id.raw) \(answer)")
        // The answer does not reach the client: it asks again, with a new id and the old key.
        if !healed, order.tries < 2, chance.happens(plan.lostCommits * 5) {
            order.tries += 1
            order.message = order.message.renamed(MessageID(raw: order.message.id.raw + 1000))
            agenda.enter(.enqueue(order), at: clock.uptime + 2000)
            return
        }
        for case .new(let id) in answer { oracle.acknowledged(id) }
        for case .known(let id) in answer { oracle.acknowledged(id) }
        for case .conflict(let id) in answer { oracle.accuse("\(id) conflicts with its own repeat") }
    }

    private func say(
        _ action: ConsentRecord.Action, _ resident: Int, _ purpose: PurposeID, _ channel: Channel?,
        _ store: any SimulatedStore
    ) async throws(StoreError) {
        try refuseWhenFull()
        let id = ids.withLock { id in
            id += 1
            return id
        }
        // The resident's own clock is right, whatever somebody does to the server's.
        let said = plan.start.addingTimeInterval(Double(clock.uptime - 1_000_000) / 1000)
        let record = ConsentRecord(
            id: ConsentID(raw: id), recipient: Town.recipient(resident), purpose: purpose, channel: channel,
            action: action, occurredAt: said, recordedAt: clock.now.wall)
        try await store.record([record], at: clock.now)
        trace.say("\(action.rawValue) \(resident) \(purpose) \(channel?.rawValue ?? "all")")
        oracle.said(record)
    }

    private func apply(
        _ id: MessageID, _ event: MessageEvent, by: String, _ store: any SimulatedStore
    ) async throws(StoreError) -> Applied {
        try refuseWhenFull()
        let failure = event == .reportedFailed ? DeliveryFailure(.addressBusy, code: "20") : nil
        let change = Change(message: id, event: event, by: by, failure: failure)
        let applied = try await store.apply([change], at: clock.now).first ?? .unknownMessage
        trace.say("\(event.rawValue) \(id.raw) by \(by): \(applied)")
        return applied
    }

    /// First the books, then the running worker: the order in which an operator's word is never forgotten.
    private func pause(_ id: ProviderID, _ pauses: Bool, _ store: any SimulatedStore) async throws(StoreError) {
        try refuseWhenFull()
        let state = ProviderState(
            provider: id, pausedUntil: pauses ? .distantFuture : nil, reason: pauses ? "operator" : nil,
            since: clock.now.wall)
        try await store.record(state, by: "operator", at: clock.now)
        trace.say("\(pauses ? "pause" : "resume") \(id)")
        oracle.paused(id, pauses)
        self.state.withLock(\.mailbox)?.put(pauses ? .pause(id) : .resume(id))
    }

    // MARK: The far side

    private func arrive(_ letter: Letter) {
        // What a dead process had not written yet is gone with its socket.
        if state.withLock({ $0.dead.contains(letter.life) }), chance.happens(0.5) {
            trace.say("vanished \(letter.submission.reference.raw)")
            return
        }
        guard let account = accounts[letter.account] else { return }
        let reference = letter.submission.reference
        let reception = account.receive(letter, at: clock.uptime)
        trace.say("arrival \(reference.raw) \(letter.account) \(reception.taken ? "taken" : "not taken")")
        agenda.enter(
            .answer(letter, Answer(reference: reference, outcome: reception.outcome)),
            at: clock.uptime + reception.after)
        guard reception.taken, letter.submission.to.channel.reportsDelivery else { return }
        for _ in 0..<chance.one(of: [0, 1, 1, 1, 2]) {
            agenda.enter(
                .report(reference, letter.account, delivered: chance.happens(0.8)),
                at: clock.uptime + Int64(chance.one(of: [chance.among(0...300), chance.among(0...400_000)])))
        }
    }

    static func word(_ outcome: Result<Receipt, DeliveryFailure>) -> String {
        switch outcome {
        case .success: "accepted"
        case .failure(let failure): failure.reason.rawValue
        }
    }
}

extension Message {
    fileprivate func renamed(_ id: MessageID) -> Message {
        Message(
            id: id, client: client, idempotencyKey: idempotencyKey, purpose: purpose, template: template,
            locale: locale, recipient: recipient, destinations: destinations, channels: channels, variables: variables,
            priority: priority, sendAt: sendAt, expiresAt: expiresAt, acceptedAt: acceptedAt, thread: thread,
            supersedes: supersedes, fallback: fallback)
    }
}

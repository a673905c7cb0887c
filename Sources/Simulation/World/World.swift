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
    let chance: Chance
    let engineChance: Chance
    let ids = Mutex<Int64>(1)
    let state = Mutex(State())

    struct State {
        /// The process that owns the books.
        var life = 0
        var dead: Set<Int> = []
        /// Calls of the store left to the process that is going to die.
        var doom: Int?
        var diesSending = false
        /// Why the store cannot be written at present.
        var storage: StoreError.Kind?
        var isHeld = false
        /// What is being prepared, where the next process finds it.
        var note: MessageID?
        var healed = false
        var wishes: [Wish] = []
        var mailbox: Mailbox?
        var tally: [String: Int] = [:]
    }
    enum Wish { case freeze(Int), restart, stall(Int) }

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
        if isBefore, writes, let trouble = state.withLock(\.storage) {
            count("writes refused: \(trouble.rawValue)")
            throw fail(name, trouble)
        }
        if isBefore, chance.happens(plan.refusals) { throw fail(name, .busy) }
        if !isBefore, writes, chance.happens(plan.lostCommits) { throw fail(name, .unreachable) }
    }

    private func fail(_ name: String, _ kind: StoreError.Kind) -> StoreError {
        count(kind == .unreachable ? "commits whose answer was lost" : "failed calls of the store")
        trace.say("\(name) fails: \(kind.rawValue)")
        if name == "turn" { oracle.turnFailed() }
        return StoreError(kind, "simulated")
    }

    /// Whether this process dies here.
    func strikes(_ life: Int, sending: Bool = false) -> Bool {
        state.withLock { state in
            if sending, state.diesSending { (state.diesSending, state.doom) = (false, 0) }
            guard let left = state.doom else { return false }
            state.doom = left > 0 ? left - 1 : nil
            guard left == 0 else { return false }
            state.dead.insert(life)
            state.tally["deaths", default: 0] += 1
            return true
        }
    }

    /// Where the worker says what it is preparing. One message is poison: whoever prepares it dies of it.
    func note(_ id: MessageID?, _ life: Int) {
        let dies = state.withLock { state -> Bool in
            guard state.life == life, !state.dead.contains(life) else { return false }
            state.note = id
            guard let id, id.raw % 1000 == plan.poison?.raw else { return false }
            state.dead.insert(life)
            return true
        }
        guard dies, let id else { return }
        trace.say("died preparing \(id.raw)")
        count("deaths")
        count("deaths of poison")
    }

    func committed(_ turn: Turn, of work: TurnRequest, _ life: Int, at now: Moment) {
        oracle.ended((turn.settled.compactMap(\.self) + turn.happened).map(\.message))
        for token in turn.begun {
            guard let beginning = work.beginning.first(where: { $0.token == token }) else {
                oracle.accuse("the store let begin what nobody offered")
                continue
            }
            oracle.began(beginning, at: now)
        }
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
            try refuseWrites()
            let suppression = Suppression(destination: destination, reason: .manual, since: clock.now.wall)
            try await store.suppress([suppression], by: "operator", at: clock.now)
            oracle.suppressed(destination, true)
        case .lift(let destination):
            try refuseWrites()
            _ = try await store.lift(destination, by: "operator", at: clock.now)
            oracle.suppressed(destination, false)
        case .cancel(let id):
            if case .moved = try await apply(id, .cancelled, by: "operator", store) { count("cancellations") }
        case .decide(let id, let word):
            if case .moved = try await apply(id, word, by: "operator", store) {
                count("decisions: \(word)")
                oracle.personDecided(id)
            }
        case .retry(let id): try await retry(id, store)
        case .pause(let id): try await pause(id, true, store)
        case .resume(let id): try await pause(id, false, store)
        case .hold: hold(true)
        case .release: hold(false)
        case .report(let id, let account, let delivered):
            let event = delivered ? MessageEvent.reportedDelivered : .reportedFailed
            if case .moved = try await apply(id, event, by: "provider:\(account)", store) {
                count("reports that moved")
            }
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
        case .dieSending: if !healed { state.withLock { $0.diesSending = true } }
        case .freeze(let seconds): state.withLock { $0.wishes.append(.freeze(seconds)) }
        case .restart: state.withLock { $0.wishes.append(.restart) }
        case .stall(let seconds): state.withLock { $0.wishes.append(.stall(seconds)) }
        case .setWall(let seconds):
            trace.say("wall \(seconds)")
            count("wall jumps")
            clock.setWall(by: seconds)
        case .storage(let trouble):
            trace.say("storage \(trouble?.rawValue ?? "works")")
            state.withLock { $0.storage = trouble }
        case .heal: try await heal(store)
        }
    }

    /// Of everybody besides the worker, who meets the same at its own calls.
    func refuseWrites() throws(StoreError) {
        let (trouble, healed) = state.withLock { ($0.storage, $0.healed) }
        guard let trouble, !healed else { return }
        count("callers turned away")
        throw StoreError(trouble, "simulated")
    }

    private func heal(_ store: any SimulatedStore) async throws(StoreError) {
        trace.say("heal")
        state.withLock { ($0.healed, $0.storage, $0.doom, $0.diesSending) = (true, nil, nil, false) }
        hold(false)
        for account in plan.accounts { try await pause(account.profile.id, false, store) }
    }
}

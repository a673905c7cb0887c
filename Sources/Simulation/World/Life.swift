import Delivery
import Domain
import FoundationEssentials
import Journal
import Policy
import Queue
import Synchronization
import Worker

// The lives of the processes: what `WorkerService` does with an engine, on the world's time.

extension World {
    enum Ending { case over, died, stopped, handedOver }

    /// Lives one after the other, each over the books that the last one left, until the world is over.
    func run() async throws {
        try await populate(source.fresh())
        while await live(until: .max) != .over {
            guard let store = oracle.store else { return }
            // Whoever starts it again needs a moment, in which letters of the dead arrive or not.
            clock.pass(Int64(engineChance.next() % 3000))
            oracle.use(try await source.reopened(store))
            count("restarts")
        }
    }

    private func populate(_ store: any SimulatedStore) async throws {
        oracle.use(store)
        let residents = (1...Town.residents).map {
            Recipient(id: Town.recipient($0), destinations: Town.destinations(of: $0))
        }
        try await store.put(residents, at: clock.now)
        for resident in 1...Town.residents where resident % 3 != 0 {
            let record = ConsentRecord(
                id: ConsentID(raw: Int64(resident) << 40), recipient: Town.recipient(resident), purpose: Town.news,
                action: .granted, occurredAt: plan.start.addingTimeInterval(-86_400), recordedAt: clock.now.wall)
            try await store.record([record], at: clock.now)
            oracle.said(record)
        }
    }

    /// - Parameter until: when this process is taken away from the books again.
    private func live(until: Int64) async -> Ending {
        guard let store = oracle.store else { return .over }
        let life = state.withLock { state in
            state.life += 1
            (state.doom, state.diesSending) = (nil, false)
            return state.life
        }
        oracle.bornAgain()
        trace.say("life \(life)")
        let mailbox = Mailbox(Wakeup())
        var engine = await engine(over: store, life, mailbox)
        let isHeld = state.withLock { state in
            state.mailbox = mailbox
            return state.isHeld
        }
        if isHeld { mailbox.put(.hold) }
        while (try? await engine.recover()) == nil {
            if isDead(life) { return .died }
            clock.pass(1000)
        }
        while clock.uptime < until {
            await happen()
            if await isOver(store) { return .over }
            if let ending = await grant(&engine, life) { return ending }
            guard await step(&engine, until: until) || !isDead(life) else { return .died }
        }
        state.withLock { _ = $0.dead.insert(life) }
        return .handedOver
    }

    private func isDead(_ life: Int) -> Bool { state.withLock { $0.dead.contains(life) } }

    private func engine(over store: any SimulatedStore, _ life: Int, _ mailbox: Mailbox) async -> Engine {
        let harbour = Harbour(store: store, world: self, life: life)
        let wires = plan.accounts.map { Wire(account: $0, life: life, world: self) }
        let states = (try? await store.providerStates()) ?? []
        oracle.remembers(states)
        let (clock, chance, oracle, trace) = (clock, engineChance, oracle, trace)
        return Engine(
            queue: harbour, books: harbour, ledger: harbour, lanes: Lanes(wires, states: states, at: clock.now),
            workshop: Town.workshop, time: TimeSource { clock.now }, random: RandomSource { chance.next() },
            limits: EngineLimits(window: plan.window, lease: .seconds(60)), mailbox: mailbox,
            workNote: WorkNote(last: state.withLock(\.note)) { [self] in note($0, life) },
            observe: { news in
                guard case .happened(let all) = news else { return }
                oracle.heard(all)
                for one in all { trace.say("\(one.message.raw) \(one.event.rawValue) → \(one.state.rawValue)") }
            })
    }

    // MARK: One step

    /// - Returns: false when the store failed.
    private func step(_ engine: inout Engine, until: Int64) async -> Bool {
        do throws(StoreError) {
            oracle.turnBegins()
            count("turns")
            if try await engine.turn() {
                clock.pass(Int64(1 + engineChance.next() % 20))
                return true
            }
            let due = try await engine.wake()
            sleep(until: min(due.map(uptime) ?? .max, until))
            return true
        } catch {
            clock.pass(1000)
            return false
        }
    }

    private func uptime(at wall: Date) -> Int64 {
        let away = min(max(wall.timeIntervalSince(clock.now.wall), 0), 1e9)
        return clock.uptime + max(50, Int64(away * 1000))
    }

    /// Until something is due; in between the chores are done now and then, less and less often after the healing.
    private func sleep(until due: Int64) {
        let sinceHealing = clock.uptime - plan.healing
        let nap = sinceHealing < 0 ? 15_000 : min(1_800_000, max(15_000, sinceHealing / 4))
        clock.pass(to: min(due, agenda.next ?? .max, clock.uptime + nap))
    }

    /// Two days after the healing, or earlier when nothing waits any more.
    private func isOver(_ store: any SimulatedStore) async -> Bool {
        if oracle.notes.withLock(\.turns) > 20_000 {
            oracle.accuse("livelock: 20,000 turns and no end")
            return true
        }
        let since = clock.uptime - plan.healing
        guard since > 60_000 else { return false }
        if since > 50 * 3_600_000 { return true }
        guard agenda.next == nil, let states = try? await store.stats(at: clock.now).states else { return false }
        return states[.queued] == nil && states[.sending] == nil && since > 30 * 60_000
    }

    // MARK: What becomes of a process

    private func grant(_ engine: inout Engine, _ life: Int) async -> Ending? {
        let wish = state.withLock { $0.wishes.isEmpty ? nil : $0.wishes.removeFirst() }
        switch wish {
        case nil: return nil
        case .stall(let seconds):
            trace.say("stall \(seconds)")
            count("stalls")
            clock.pass(Int64(seconds) * 1000)
            return nil
        case .restart: return await stop(&engine, life)
        case .freeze(let seconds): return await freeze(&engine, seconds)
        }
    }

    /// A clean stop lets what has begun come to its end, and then has nothing left.
    private func stop(_ engine: inout Engine, _ life: Int) async -> Ending {
        trace.say("stop")
        count("clean stops")
        engine.stop()
        var failures = 0
        let deadline = clock.uptime + 15_000
        while !engine.isIdle, clock.uptime < deadline || failures > 0 {
            oracle.turnBegins()
            failures = max(0, failures - 1)
            let busy = try? await engine.turn()
            if isDead(life) { return .died }
            if busy == nil { failures = 20 }
            clock.pass(busy == true ? 5 : 200)
            await happen()
        }
        if !engine.isIdle { oracle.accuse("P3: a clean stop leaves \(engine.underWay) under way after 15 s") }
        state.withLock { _ = $0.dead.insert(life) }
        return .stopped
    }

    /// SIGSTOP, for up to two leases, while another process owns the books, then SIGCONT in the middle of that one's work:
    /// what the first one still does must change nothing.
    private func freeze(_ engine: inout Engine, _ seconds: Int) async -> Ending {
        guard let store = oracle.store, let heir = try? await source.reopened(store) else { return .died }
        trace.say("freeze \(seconds)")
        count(seconds > 60 ? "processes stopped for longer than a lease" : "processes stopped for a moment")
        oracle.use(heir)
        let ending = await live(until: clock.uptime + Int64(seconds) * 1000)
        let before = (try? await heir.entries(after: 0, limit: .max)) ?? []
        trace.say("thaw")
        for _ in 0..<3 { _ = try? await engine.turn() }
        let after = (try? await heir.entries(after: 0, limit: .max)) ?? []
        if before != after { oracle.accuse("P9: a stopped process changed the books that were another's") }
        return ending
    }
}

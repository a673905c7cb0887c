// The worker's turn: what ended is settled, what has a free slot begins, and more is claimed, all in one transaction of
// the store; only after it may a byte leave. Then the new claims are permitted and rendered and wait in their lanes; where
// much waits there already, this is done while the store commits the next turn.
// Everything it touches is an argument (store, books, providers, clock, chance), so that a simulator can turn it too.

import Delivery
package import Domain
package import FoundationEssentials
package import Policy
package import Queue

package struct Engine: ~Copyable {
    let queue: any MessageQueue
    let books: any ConsentBook
    let ledger: any ProviderLedger
    let time: TimeSource
    let random: RandomSource
    let observe: @Sendable (WorkerNews) -> Void
    let limits: EngineLimits
    let mailbox: Mailbox
    let workNote: WorkNote

    package var workshop: Workshop
    var lanes: Lanes
    private var finished: [Settlement] = []
    /// Claimed, their standings read, not yet permitted and rendered.
    private var arrivals: [(claim: Claim, standing: Standing)] = []
    /// Pauses and recoveries of accounts that are not in the books yet.
    var states: [ProviderState] = []
    /// Unconfirmed messages whose provider was asked, until its finding comes.
    var asked: [MessageID: Overdue] = [:]
    /// When the chores were done last, in uptime.
    var choresDone: Int64 = .min / 2
    /// Days whose charges the daily caps know.
    private var counted: Set<Int> = []
    private(set) var stopping = false
    /// By a person's order: like stopping, but it can be taken back.
    private(set) var holding = false
    private var resting: Bool { stopping || holding }

    package init(
        queue: any MessageQueue, books: any ConsentBook, ledger: any ProviderLedger, lanes: Lanes,
        workshop: Workshop, time: TimeSource, random: RandomSource, limits: EngineLimits = EngineLimits(),
        mailbox: Mailbox, workNote: WorkNote = .none, observe: @escaping @Sendable (WorkerNews) -> Void
    ) {
        self.queue = queue
        self.books = books
        self.ledger = ledger
        self.time = time
        self.random = random
        self.limits = limits
        self.observe = observe
        self.workshop = workshop
        self.lanes = lanes
        self.mailbox = mailbox
        self.workNote = workNote
    }

    package var underWay: Int { lanes.underWay }
    /// Much is on the wire and little of it has been answered: more will come in a moment.
    var isWorthGathering: Bool { lanes.underWay >= 64 && mailbox.answered < lanes.underWay / 4 }
    /// Nothing is held, under way or waiting to be settled.
    package var isIdle: Bool {
        lanes.held == 0 && arrivals.isEmpty && finished.isEmpty && states.isEmpty && mailbox.isEmpty
    }

    /// What a process that died left behind. Once, before the first turn.
    package mutating func recover() async throws(StoreError) {
        let now = time.now()
        var aftercare = aftercare(at: now)
        aftercare.suspect = workNote.last
        observe(.happened(try await queue.recover(aftercare, at: now)))
        // Counted; a process that dies before it prepares anything must not count it again.
        workNote.write(nil)
        try await count(workshop.day(now.wall))
    }

    /// What is charged to a day that this process meets for the first time: a clock that somebody sets meets days again
    /// that another process sent on.
    private mutating func count(_ day: HouseDay) async throws(StoreError) {
        guard lanes.isCapped, !counted.contains(day.number) else { return }
        lanes.restore(try await ledger.charged(on: day.number), on: day.number)
        counted.insert(day.number)
    }

    /// From now on nothing is claimed and nothing begins; what has begun comes to its end.
    package mutating func stop() {
        stopping = true
        releaseAll()
    }

    /// What has not begun goes back to the queue.
    private mutating func releaseAll() {
        finished += lanes.releaseAll().map { returning($0.claim) }
        releaseArrivals()
    }

    private mutating func releaseArrivals() {
        finished += arrivals.map { returning($0.claim) }
        arrivals = []
    }

    /// When there is something to do although nothing arrives and nothing ends.
    package func wake() async throws(StoreError) -> Date? {
        let now = time.now()
        // Nothing falls due while nothing may leave.
        if holding { return nil }
        let day = workshop.day(now.wall)
        let open = lanes.open(window: limits.window, on: day, at: now)
        let due = try await queue.nextDue(on: open)
        let lane = lanes.wake(window: limits.window, on: day, at: now).map(now.wall(at:))
        return [due, lane].compactMap(\.self).min()
    }

    /// - Returns: whether anything was done; if not, there is nothing to do before the next wake-up or due time.
    /// - Throws: when the store could not commit. Nothing has left that was not committed; everything is kept for the next
    ///   turn.
    package mutating func turn() async throws(StoreError) -> Bool {
        let now = time.now()
        let day = workshop.day(now.wall)
        try await count(day)
        hearOrders(at: now)
        collect(on: day, at: now)
        // Before anything else of this turn: a pause that a provider asked for outlives a death right after its answer.
        do throws(StoreError) { try await recordStates(at: now) } catch {
            // What the books said of them grows old while the store is ill.
            releaseArrivals()
            throw error
        }
        // What waits for an account whose day is over would wait here past its lease; another account may carry it.
        finished += lanes.releaseCapped(on: day).map { returning($0.claim) }

        let offer = resting ? Lanes.Offer() : lanes.offer(on: day, at: now)
        let work = TurnRequest(
            finished: finished, beginning: offer.beginnings,
            // What has arrived takes room in lines that do not know of it yet: first it goes in.
            wanted: resting || !arrivals.isEmpty ? [] : lanes.wanted(window: limits.window, on: day, at: now),
            lease: limits.lease, aftercare: aftercare(at: now))
        finished = []
        let queue = queue
        async let outcome = carryOut(work, by: queue, at: now)
        let wereArrivals = !arrivals.isEmpty
        admitArrivals(on: day, at: now)
        let turn: Turn
        do throws(StoreError) {
            turn = try await outcome.get()
        } catch {
            // No send starts while nothing can be recorded: the offers go back and the next turn is the probe.
            lanes.withdrawOffers()
            finished += work.finished + offer.outdated.map { returning($0.claim) }
            throw error
        }
        observe(.happened(turn.settled.compactMap(\.self) + turn.happened))
        start(turn.begun, at: now)
        _ = lanes.withdraw(turn.lost)
        // Claims first: what fails later is only a note that the next turn repeats.
        let again = lanes.withdraw(turn.stale) + offer.outdated
        try await admit(turn.claims + again.map(\.claim), on: day, at: now)
        try await hearFindings(at: now)
        let chores = resting ? false : try await doChores(on: day, at: now)
        return chores || wereArrivals || !turn.claims.isEmpty || !turn.begun.isEmpty || !again.isEmpty
            || !work.finished.isEmpty
            || !turn.lost.isEmpty || !finished.isEmpty
    }

    private mutating func start(_ begun: [Int64], at now: Moment) {
        for (provider, batch) in lanes.start(begun, at: now) {
            // A late answer to an earlier claim of the same message has another token and finds nobody.
            let tokens = Dictionary(batch.map { ($0.submission.reference, $0.claim.token) }) { one, _ in one }
            let mailbox = mailbox
            provider.submit(batch.map(\.submission)) { answers in
                mailbox.put(answers.compactMap { answer in tokens[answer.reference].map { (answer, $0) } })
            }
        }
    }

    /// A page of claims: what the books say of them is read now; permit and render follow at once, or beside the next
    /// commit where the lines are full enough to go on with.
    private mutating func admit(_ claims: [Claim], on day: HouseDay, at now: Moment) async throws(StoreError) {
        guard !claims.isEmpty else { return }
        let standings: [Standing]
        do throws(StoreError) {
            standings = try await books.standings(of: claims.map(\.message), at: now)
        } catch {
            // Claimed but not judged: back to the queue, or they would wait for the end of their leases.
            finished += claims.map { returning($0) }
            throw error
        }
        arrivals += zip(claims, standings).map { ($0, $1) }
        let canWait = lanes.waiting >= 2 * claims.count && claims.allSatisfy { $0.message.priority != .emergency }
        if !canWait || lanes.isReviewing { admitArrivals(on: day, at: now) }
    }

    private mutating func admitArrivals(on day: HouseDay, at now: Moment) {
        guard !arrivals.isEmpty else { return }
        let held = lanes.held
        var rehearsed = false
        var able: [Channel: [Int]] = [:]
        for (claim, standing) in arrivals {
            workNote.write(claim.message.id)
            switch prepare(claim, standing: standing, in: workshop, at: now.wall) {
            case .settled(let settlement):
                finished.append(settlement)
                if settlement.attempt != nil { rehearsed = true }
            case .ready(let prepared): enter(prepared, &able, on: day, at: now)
            }
        }
        workNote.write(nil)
        arrivals = []
        if lanes.isReviewing, lanes.held > held || rehearsed { lanes.reviewAgain() }
    }

    /// - Parameter able: the accounts of each channel, filled as it is asked for.
    private mutating func enter(
        _ prepared: Prepared, _ able: inout [Channel: [Int]], on day: HouseDay, at now: Moment
    ) {
        if resting { return finished.append(returning(prepared.claim)) }
        let channel = prepared.permit.destination.channel
        let places = able[channel] ?? lanes.able(channel, on: day, at: now)
        able[channel] = places
        let entry = lanes.enter(
            prepared, able: places, window: limits.window, on: day, chance: random.fraction(), at: now)
        var settlement: Settlement
        switch entry {
        case .waits: return
        case .full: settlement = returning(prepared.claim)
        case .closed(let until, let held):
            settlement = postponing(prepared.claim, until: until, held, steps: prepared.steps)
        }
        settlement.channel = prepared.permit.destination.channel
        finished.append(settlement)
    }

    /// Turns what providers answered into settlements.
    private mutating func collect(on day: HouseDay, at now: Moment) {
        for (answer, token) in mailbox.takeAnswers() {
            guard let ended = lanes.end(token) else { continue }
            let profile = lanes.lanes[ended.place].profile
            var ownTrouble = false
            if case .failure(let failure) = answer.outcome {
                ownTrouble = lanes.at(ended.place) { $0.isItsOwnTrouble(answer.reference, failure) }
            }
            let settlement = settle(
                answer.outcome, of: ended.prepared, through: profile.id, beganAt: ended.at.wall,
                ownTrouble: ownTrouble, canBeAsked: profile.canBeAsked, reports: profile.reportsDelivery,
                schedule: workshop.retry, chance: random.fraction(), at: now.wall)
            finished.append(settlement)
            hear(answer.outcome, of: ended, ownTrouble: ownTrouble, at: now)
        }
    }

    /// What the answer says about the account.
    private mutating func hear(
        _ outcome: Result<Receipt, DeliveryFailure>, of ended: Lanes.Begun, ownTrouble: Bool, at now: Moment
    ) {
        let (base, chance) = (workshop.retry.providerPause, random.fraction())
        let change = lanes.at(ended.place) {
            $0.hear(outcome, ownTrouble: ownTrouble, began: ended.at, base: base, chance: chance, at: now)
        }
        lanes.rebalance(ended.place, at: now.uptime)
        let provider = lanes.lanes[ended.place].profile.id
        switch change {
        case .works?:
            states.append(ProviderState(provider: provider, since: now.wall))
            observe(.recovered(provider))
        case .rests(let until)?: rest(ended.place, outcome, until: now.wall(at: until), at: now)
        case nil:
            guard case .failure(let failure) = outcome, failure.reason == .unintelligible else { return }
            tell(ended.place, failure, until: nil, at: now)
        }
    }

    private mutating func rest(
        _ place: Int, _ outcome: Result<Receipt, DeliveryFailure>, until: Date, at now: Moment
    ) {
        guard case .failure(let failure) = outcome else { return }
        // What waits for it goes back to the queue, in its old place: another account may carry it at once.
        finished += lanes.releaseWaiting(at: place).map { returning($0.claim) }
        let provider = lanes.lanes[place].profile.id
        states.append(
            ProviderState(provider: provider, pausedUntil: until, reason: failure.reason.rawValue, since: now.wall))
        tell(place, failure, until: until, at: now)
    }

    private mutating func tell(_ place: Int, _ failure: DeliveryFailure, until: Date?, at now: Moment) {
        let isNew = lanes.at(place) { $0.told.isNew(failure.reason, rests: until != nil, at: now.uptime) }
        observe(
            .trouble(
                ProviderTrouble(
                    provider: lanes.lanes[place].profile.id, failure: failure,
                    alertsOperator: isNew && failure.reason.alertsOperator),
                until: until))
    }

    private mutating func recordStates(at now: Moment) async throws(StoreError) {
        while let state = states.first {
            try await ledger.record(state, by: ProviderState.worker, at: now)
            states.removeFirst()
        }
    }

    // MARK: Orders of people

    private mutating func hearOrders(at now: Moment) {
        for order in mailbox.takeOrders() {
            switch order {
            case .pause(let provider):
                guard let place = lanes.place(of: provider) else { continue }
                lanes.at(place) { $0.circuit.rest(until: .max) }
                finished += lanes.releaseWaiting(at: place).map { returning($0.claim) }
            case .resume(let provider):
                guard let place = lanes.place(of: provider) else { continue }
                lanes.at(place) { lane in
                    lane.circuit.resume()
                    lane.concurrency.restart()
                    lane.told = Told()
                }
            case .hold:
                holding = true
                releaseAll()
            case .release: holding = false
            }
        }
    }
}

private func carryOut(
    _ work: TurnRequest, by queue: any MessageQueue, at now: Moment
) async -> Result<Turn, StoreError> {
    do throws(StoreError) { return .success(try await queue.turn(work, at: now)) } catch { return .failure(error) }
}

package struct EngineLimits: Sendable, Hashable {
    /// Messages claimed at once for each account, begun or not. Only those that began are unknown after a crash.
    package var window: Int
    /// Longer than any provider's time-outs and the resolver's worst case together.
    package var lease: Duration
    package init(window: Int = 1024, lease: Duration = .seconds(1800)) {
        self.window = window
        self.lease = lease
    }
}

/// What the worker has to tell; the shell makes log lines and counters of it.
package enum WorkerNews: Sendable {
    case happened([Happening])
    /// `until` is nil when the account goes on working.
    case trouble(ProviderTrouble, until: Date?)
    case recovered(ProviderID)
}

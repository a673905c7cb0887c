// The worker's turn: what ended is settled, what has a free slot begins, and more is claimed, all in one transaction of
// the store; only after it may a byte leave. Then the new claims are permitted and rendered and wait in their lanes.
// Everything it touches is an argument (store, books, providers, clock, chance), so that a simulator can turn it too.

import Delivery
package import Domain
package import FoundationEssentials
package import Policy
package import Queue
import Synchronization

package struct Engine: ~Copyable {
    private let queue: any MessageQueue
    private let books: any ConsentBook
    private let ledger: any ProviderLedger
    private let time: TimeSource
    private let random: RandomSource
    private let observe: @Sendable (WorkerNews) -> Void
    private let limits: EngineLimits
    private let answers: AnswerBox

    package var workshop: Workshop
    private var lanes: Lanes
    private var finished: [Settlement] = []
    /// Messages whose purpose wants another copy after an unknown outcome; asked for once the outcome is stored.
    private var resends: [Change] = []
    /// Pauses and recoveries of accounts that are not in the books yet.
    private var states: [ProviderState] = []
    private var stopping = false

    package init(
        queue: any MessageQueue, books: any ConsentBook, ledger: any ProviderLedger, lanes: Lanes,
        workshop: Workshop, time: TimeSource, random: RandomSource, limits: EngineLimits = EngineLimits(),
        wakeup: Wakeup, observe: @escaping @Sendable (WorkerNews) -> Void
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
        answers = AnswerBox(wakeup)
    }

    package var underWay: Int { lanes.underWay }
    /// No more can be claimed before something ends, whatever falls due.
    package var isFull: Bool { lanes.held >= limits.window }
    /// Nothing is held, under way or waiting to be settled.
    package var isIdle: Bool {
        lanes.held == 0 && finished.isEmpty && resends.isEmpty && states.isEmpty && answers.isEmpty
    }

    /// What a process that died left behind. Once, before the first turn.
    package mutating func recover() async throws(StoreError) {
        let now = time.now()
        let happenings = try await queue.recover(at: now)
        observe(.happened(happenings))
        resends += happenings.filter { $0.event == .answerLost }
            .filter { workshop.purposes[$0.purpose]?.onUnconfirmed == .resend }
            .map { resend($0.message, after: 0, at: now.wall) }
    }

    /// From now on nothing is claimed and nothing begins; what has begun comes to its end.
    package mutating func stop() {
        stopping = true
        let now = time.now().wall
        finished += lanes.releaseAll().map { postponing($0.claim, until: now, nil) }
    }

    /// - Returns: whether anything was done; if not, there is nothing to do before the next wake-up or due time.
    /// - Throws: when the store could not commit. Nothing has left; everything is kept for the next turn.
    package mutating func turn() async throws(StoreError) -> Bool {
        let now = time.now()
        collect(at: now)

        let work = TurnRequest(
            finished: finished, beginning: stopping ? [] : lanes.offer(at: now.wall),
            limit: stopping ? 0 : max(0, limits.window - lanes.held), lease: limits.lease)
        let turn: Turn
        do throws(StoreError) {
            turn = try await queue.turn(work, at: now)
        } catch {
            // No send starts while nothing can be recorded: the offers go back and the next turn is the probe.
            lanes.withdrawOffers()
            throw error
        }
        finished = []
        observe(.happened(turn.settled.compactMap { $0 }))

        let answers = answers
        for (provider, batch) in lanes.start(turn.begun, at: now.wall) {
            provider.submit(batch) { answers.put($0) }
        }
        _ = lanes.withdraw(turn.lost)
        // Claims first: what they throw later is only a note that the next turn repeats.
        try await admit(turn.claims + lanes.withdraw(turn.stale).map(\.claim), at: now)
        try await recordStates(at: now)
        try await resendUnconfirmed(at: now)
        return !turn.claims.isEmpty || !turn.begun.isEmpty || !turn.stale.isEmpty || !work.finished.isEmpty
            || !finished.isEmpty
    }

    /// Permit and render a page of claims.
    private mutating func admit(_ claims: [Claim], at now: Moment) async throws(StoreError) {
        guard !claims.isEmpty else { return }
        let standings: [Standing]
        do throws(StoreError) {
            standings = try await books.standings(of: claims.map(\.message), at: now)
        } catch {
            // Claimed but not judged: back to the queue, or they would wait for the end of their leases.
            finished += claims.map { postponing($0, until: now.wall, nil) }
            throw error
        }
        for (claim, standing) in zip(claims, standings) {
            switch prepare(claim, standing: standing, in: workshop, at: now.wall) {
            case .settled(let settlement): finished.append(settlement)
            case .ready(let prepared):
                if stopping {
                    finished.append(postponing(claim, until: now.wall, nil))
                } else if let until = lanes.enter(prepared, at: now.wall) {
                    finished.append(postponing(claim, until: until, .providerPaused, steps: prepared.steps))
                }
            }
        }
    }

    /// Turns what providers answered into settlements.
    private mutating func collect(at now: Moment) {
        for answer in answers.takeAll() {
            guard let (prepared, provider, beganAt) = lanes.end(answer.reference) else { continue }
            let (settlement, trouble) = settle(
                answer.outcome, of: prepared, through: provider, beganAt: beganAt, schedule: workshop.retry,
                chance: random.fraction(), at: now.wall)
            finished.append(settlement)
            if settlement.event == .answerLost, prepared.onUnconfirmed == .resend,
                prepared.claim.progress.attempts < workshop.retry.pauses.count
            {
                resends.append(
                    resend(prepared.claim.message.id, after: prepared.claim.progress.attempts, at: now.wall))
            }
            if let trouble, trouble.pauses {
                pause(trouble, at: now)
            } else if let trouble {
                observe(.trouble(trouble, until: nil))
            } else if answer.tellsOfHealth, let state = lanes.works(provider, beganAt: beganAt, at: now.wall) {
                states.append(state)
            }
        }
    }

    private mutating func pause(_ trouble: ProviderTrouble, at now: Moment) {
        guard let (state, released) = lanes.pause(trouble, base: workshop.retry.providerPause, at: now.wall) else {
            return
        }
        finished += released.map {
            postponing($0.claim, until: state.pausedUntil ?? now.wall, .providerPaused, steps: $0.steps)
        }
        observe(.trouble(trouble, until: state.pausedUntil ?? now.wall))
        states.append(state)
    }

    private mutating func recordStates(at now: Moment) async throws(StoreError) {
        while let state = states.first {
            try await ledger.record(state, by: "worker", at: now)
            states.removeFirst()
        }
    }

    private func resend(_ id: MessageID, after attempts: Int, at now: Date) -> Change {
        let pauses = workshop.retry.pauses
        let pause = pauses.isEmpty ? Duration.seconds(30) : pauses[min(attempts, pauses.count - 1)]
        let due = now.addingTimeInterval(workshop.retry.jittered(pause, by: random.fraction()))
        return Change(message: id, event: .resent, by: "worker", due: due)
    }

    private mutating func resendUnconfirmed(at now: Moment) async throws(StoreError) {
        guard !resends.isEmpty else { return }
        _ = try await queue.apply(resends, at: now)
        resends = []
    }
}

package struct EngineLimits: Sendable, Hashable {
    /// Messages claimed at once, begun or not. Only those that began are unknown after a crash.
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
}

extension Answer {
    /// The account answered, whatever it said; silence tells nothing about its health.
    fileprivate var tellsOfHealth: Bool {
        switch outcome {
        case .success: true
        case .failure(let failure): failure.outlook != .unknown
        }
    }
}

/// Answers arrive from the accounts' threads and leave in one batch a turn.
private final class AnswerBox: Sendable {
    private let answers = Mutex<[Answer]>([])
    private let wakeup: Wakeup
    init(_ wakeup: Wakeup) { self.wakeup = wakeup }

    func put(_ batch: [Answer]) {
        answers.withLock { $0 += batch }
        wakeup.set()
    }
    func takeAll() -> [Answer] {
        answers.withLock { box in
            defer { box = [] }
            return box
        }
    }
    var isEmpty: Bool { answers.withLock(\.isEmpty) }
}

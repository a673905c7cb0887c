import Delivery
import Domain
import FoundationEssentials
import Journal
import Queue
import Synchronization
import Worker

// What must be true when a world is over, by three witnesses: what clients were told, what the books say, what arrived.

/// One message with all that the witnesses know of it.
struct Evidence {
    let order: Event.Order
    let view: MessageView
    let timeline: [JournalEntry]
    /// At the far side, without repeats that an account recognised.
    let copies: [Copy]
    /// How often a person decided about it.
    let decisions: Int
    /// Processes that died with it in their hands, as far as the oracle saw.
    let deaths: Int
    /// It ends whatever process prepares it.
    let isPoison: Bool
    /// Copies that arrived although the resident had said no, a provider's time-out before.
    let unwanted: Int
    let now: Date
    /// Seconds by which the wall was set back.
    let setBack: Double

    var id: MessageID { view.message.id }
}

extension World {
    func judge() async throws(StoreError) {
        guard let store = oracle.store else { return }
        let notes = oracle.notes.withLock { $0 }
        let journal = Dictionary(grouping: try await store.entries(after: 0, limit: .max)) { $0.message }
        let copies = Dictionary(grouping: plan.accounts.flatMap(\.copies)) { $0.message }
        for id in copies.keys where notes.orders[id] == nil {
            oracle.accuse("I2: a copy of \(id), which nobody asked for")
        }
        var views: [MessageView] = []
        for (id, order) in notes.orders.sorted(by: { $0.key < $1.key }) {
            guard let view = try await store.message(id) else {
                if notes.acknowledged.contains(id) {
                    oracle.accuse("I1: \(id) was acknowledged and is not in the books")
                }
                if copies[id] != nil { oracle.accuse("I2: a copy of \(id), which is not in the books") }
                continue
            }
            let evidence = Evidence(
                order: order, view: view, timeline: journal[id] ?? [],
                copies: (copies[id] ?? []).filter { !$0.isRepeat }, decisions: notes.decided[id] ?? 0,
                deaths: notes.deaths[id] ?? 0, isPoison: id.raw % 1000 == plan.poison?.raw,
                unwanted: (copies[id] ?? []).count { copy in
                    let since = copy.at - (accounts[copy.account]?.profile.timeout.milliseconds ?? 0)
                    return notes.isForbidden(order, copy.destination.channel, from: since, to: copy.at)
                }, now: clock.now.wall, setBack: clock.setBack)
            evidence.complaints.forEach(oracle.accuse)
            count(view.state.rawValue)
            if let reason = view.failure?.reason { count("\(view.state.rawValue): \(reason.rawValue)") }
            views.append(view)
        }
        let poisoned = state.withLock { $0.tally["deaths of poison"] ?? 0 }
        if poisoned > 3 { oracle.accuse("P15: one message ended \(poisoned) processes") }
        judgeStates(views, try await store.stats(at: clock.now).states)
        judgeKeys(notes, try await ids(store, notes))
        count("copies", copies.values.reduce(0) { $0 + $1.count })
        guard plan.isExact else { return }
        count("exact worlds")
        judgeSums(notes.happened, journal.values.flatMap(\.self))
        judgeSubmissions(notes.submitted.count, views, journal.values.flatMap(\.self))
    }

    private func ids(_ store: any SimulatedStore, _ notes: Oracle.Notes) async throws(StoreError) -> [MessageID] {
        var ids: [MessageID] = []
        for id in notes.orders.keys.sorted() where try await store.message(id) != nil { ids.append(id) }
        return ids
    }

    /// One order, one message, however often the client asked.
    private func judgeKeys(_ notes: Oracle.Notes, _ stored: [MessageID]) {
        let numbers = Dictionary(grouping: stored) { $0.raw % 1000 }
        for (number, ids) in numbers.sorted(by: { $0.key < $1.key }) where ids.count > 1 {
            oracle.accuse("I3: order \(number) was stored \(ids.count) times")
        }
    }

    /// I10: what the store counts is what it shows.
    private func judgeStates(_ views: [MessageView], _ counted: [MessageState: Int]) {
        for state in MessageState.allCases {
            let shown = views.count { $0.state == state }
            let told = counted[state] ?? 0
            if shown != told { oracle.accuse("I10: \(told) counted as \(state), \(shown) shown") }
        }
    }

    /// I10: what left, by the wire, by the journal and by the attempts.
    private func judgeSubmissions(_ left: Int, _ views: [MessageView], _ journal: [JournalEntry]) {
        let begun = journal.count { $0.event == "began" }
        let attempts = views.reduce(0) { $0 + $1.attempts.count }
        if left != begun || left != attempts {
            oracle.accuse("I10: \(left) left, \(begun) began, \(attempts) attempts are written down")
        }
    }

    /// I10: what the worker tells of itself is what the journal says that it did.
    private func judgeSums(_ happened: [Happening], _ journal: [JournalEntry]) {
        let counted: [MessageEvent] = [
            .accepted, .refused, .failedTemporarily, .failedPermanently, .fellBack, .leaseLost, .answerLost, .notTaken,
            .expiryPassed,
        ]
        for event in counted {
            let told = happened.count { $0.event == event }
            let written = journal.count { $0.event == event.rawValue && !$0.by.utf8.starts(with: "client".utf8) }
            if told != written { oracle.accuse("I10: \(event) told \(told) times, written \(written) times") }
        }
    }
}

extension Evidence {
    var complaints: [String] {
        ghosts + duplicates + falseWords + lateCopies + walk + repeats + attempts + waiting
    }

    // MARK: Copies

    /// I2.
    private var ghosts: [String] {
        copies.filter { copy in
            !view.attempts.contains {
                $0.number == copy.number && $0.provider == copy.account && $0.destination == copy.destination
            }
        }.map { "I2: copy \($0.number) of \(id) at \($0.account) has no attempt" }
    }

    /// I3 and the first half of I4.
    private var duplicates: [String] {
        var complaints: [String] = []
        for (destination, those) in Dictionary(grouping: copies, by: \.destination) {
            let unknown = view.attempts.count { $0.destination == destination && $0.isUnknown }
            if those.count > 1 + unknown {
                complaints.append("I3: \(those.count) copies of \(id) on \(destination.channel), \(unknown) unknown")
            }
            let holds = Town.purposes[view.message.purpose]?.onUnconfirmed != .resend
            if holds, those.count > 1 + decisions {
                complaints.append("I4: \(those.count) copies of \(id) on \(destination.channel), which waits instead")
            }
        }
        return complaints.sorted()
    }

    /// I5.
    private var falseWords: [String] {
        switch view.state {
        case .sent, .delivered: return copies.isEmpty ? ["I5: \(id) is \(view.state) and nothing arrived"] : []
        case .suppressed, .expired, .cancelled:
            return copies.isEmpty ? [] : ["I5: \(id) is \(view.state) and \(copies.count) arrived"]
        case .failed:
            let word = timeline.first { $0.state == .failed }?.event
            let isSaid = word == MessageEvent.reportedFailed.rawValue || word == MessageEvent.writtenOff.rawValue
            return copies.isEmpty || isSaid ? [] : ["I5: \(id) failed and \(copies.count) arrived"]
        case .queued, .sending, .unconfirmed: return []
        }
    }

    /// I6 and I7 once more, by the far side's own log.
    private var lateCopies: [String] {
        var complaints = unwanted > 0 ? ["I6: \(unwanted) copies of \(id) arrived after a withdrawal"] : []
        let late = copies.filter { copy in
            copy.submittedWall.map { $0 >= order.message.expiresAt.addingTimeInterval(1) } ?? false
        }
        if !late.isEmpty { complaints.append("I7: \(late.count) copies of \(id) left after its expiry") }
        return complaints
    }

    // MARK: The journal

    /// Each line follows from the one before it, an end stays an end, and the last one is where the message stands.
    private var walk: [String] {
        var complaints: [String] = []
        var state: MessageState?
        for line in timeline {
            if let before = state, let complaint = step(from: before, line) { complaints.append(complaint) }
            if let next = line.state, line.event != "began" { state = next }
        }
        // Claims and returns for no reason of their own leave no line.
        let isThere = state == view.state || state == .queued && view.state == .sending
        if !isThere {
            complaints.append("journal: \(id) ends as \(state?.rawValue ?? "nothing"), stands as \(view.state)")
        }
        return complaints
    }

    private func step(from before: MessageState, _ line: JournalEntry) -> String? {
        guard line.event != "illegal" else { return "bug: an illegal step of \(id), \(line.facts)" }
        guard let event = MessageEvent(rawValue: line.event), let after = line.state else { return nil }
        if before.isFinal, after != before { return "final: \(id) was \(before), then \(line.event) made it \(after)" }
        // The claim leaves no line: what waits may be in a worker's hands.
        let standings: [MessageState] = before == .queued ? [.queued, .sending] : [before]
        let follows = standings.contains { standing in
            Reach.allCases.contains { reach in
                switch try? standing.step(on: event, reach: reach) {
                case .move(let next): next == after
                case .note: after == before || after == standing
                case nil: false
                }
            }
        }
        return follows ? nil : "journal: \(id) was \(before), then \(line.event) made it \(after)"
    }

    /// The second half of I4: after an unknown outcome nothing leaves until somebody's word, or the purpose, allows it.
    private var repeats: [String] {
        let mayRepeat = Town.purposes[view.message.purpose]?.onUnconfirmed == .resend
        let words: Set<String> = ["notTaken", "resent", "accepted", "reportedDelivered", "reportedFailed"]
        var isUnknown = false
        var number = 0
        var complaints: [String] = []
        for line in timeline {
            if line.event == MessageEvent.answerLost.rawValue { isUnknown = true }
            if words.contains(line.event) || mayRepeat && line.event == "fellBack" { isUnknown = false }
            if line.event == "resent", line.by == "gateway", !mayRepeat {
                complaints.append("I4: \(id) is sent again by itself")
            }
            if line.event == "began" {
                number = line.facts.first { $0.name == "attempt" }.flatMap { Int($0.value) } ?? 0
            }
            if line.event == MessageEvent.notTaken.rawValue, copies.contains(where: { $0.number == number }) {
                complaints.append("I4: \(id) is said not to be taken, and submission \(number) was")
            }
            if line.event == "began", isUnknown { complaints.append("I4: \(id) begins while an outcome is unknown") }
        }
        return complaints
    }

    // MARK: Attempts

    private var attempts: [String] {
        var complaints: [String] = []
        let allowed = Town.schedule.pauses.count + 1 + decisions
        for (destination, those) in Dictionary(grouping: view.attempts, by: \.destination) {
            let spent = those.count { $0.spends }
            if spent > allowed { complaints.append("P8: \(spent) attempts of \(id) on \(destination.channel)") }
        }
        if view.failure?.reason == .poison, !isPoison, deaths < 3 {
            complaints.append("P15: \(id) is set aside as poison, and nothing is wrong with it")
        }
        let numbers = view.attempts.map(\.number)
        if numbers != Array(Set(numbers)).sorted() {
            complaints.append("I9: attempts of \(id) are numbered \(numbers)")
        }
        return complaints.sorted()
    }

    /// Every message comes to an end, or waits for something that has a name.
    private var waiting: [String] {
        switch view.state {
        // Its time was given to it by a wall that showed a later day; until that day comes again it waits.
        case .queued where view.due.map { $0 > now && $0 <= now.addingTimeInterval(setBack) } == true: []
        case .queued:
            [
                "liveness: \(id) still waits (\(view.held?.rawValue ?? "for nothing"), due \(String(describing: view.due)))"
            ]
        case .sending: ["liveness: \(id) is still being sent"]
        case .sent, .unconfirmed:
            view.due.map { $0 < now.addingTimeInterval(-3600) } == true
                ? ["liveness: nobody looked at \(id), which was due \(String(describing: view.due))"] : []
        case .delivered, .failed, .suppressed, .expired, .cancelled: []
        }
    }
}

extension Attempt {
    /// By name, not by the gateway's own rule: the judge must not make the mistakes of the judged.
    var isUnknown: Bool {
        guard case .failed(let failure) = outcome else { return false }
        return failure.reason == .noAnswer || failure.reason == .unintelligible
    }
    /// Counts against the schedule whatever else happens at the account.
    fileprivate var spends: Bool {
        guard case .failed(let failure) = outcome else { return false }
        return failure.scope != .provider || failure.outlook == .unknown
    }
}

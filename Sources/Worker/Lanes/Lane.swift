import Delivery
import Domain
import FoundationEssentials
import Policy
import Queue

/// One account: what waits for it, what is under way, and everything that decides when the next message may begin.
struct Lane: Sendable {
    let provider: any Provider
    /// Kept here: the provider's own is behind an existential, and each turn looks at it many times.
    let profile: ProviderProfile
    private(set) var line = Line()
    /// Taken out of the line because their chat was written to just now; times are uptime.
    private var resting: [(ready: Int64, prepared: Prepared)] = []
    private var chats: [Address: Int64] = [:]
    var underWay = 0
    /// Of these, begun since the last rest, while it is not known whether the account works again.
    private var probes = 0
    var circuit = Circuit()
    var concurrency: Concurrency
    var balance: Balance
    var cap: DailyCap?
    private var bucket: TokenBucket?
    private var suspects = Suspects()
    var told = Told()

    var pace: Pace { profile.pace }

    init(_ provider: any Provider, at now: Int64) {
        self.provider = provider
        profile = provider.profile
        let pace = profile.pace
        concurrency = Concurrency(maximum: profile.concurrency)
        balance = Balance(weight: pace.weight)
        cap = pace.dailyCap.map(DailyCap.init)
        bucket = pace.rate.map { TokenBucket(rate: $0, burst: pace.burst, at: now) }
    }

    /// Waiting here and not begun.
    var waiting: Int { line.count + resting.count }

    /// How many more messages may be claimed for it. A slow account gets what it can send within ten seconds: the rest
    /// is better off in the queue, where it can be cancelled, overtaken or sent through another account.
    func room(window: Int, on day: HouseDay, at now: Int64) -> Int {
        if circuit.isOpen(at: now) || cap?.isUsedUp(on: day) == true { return 0 }
        if circuit.state != .closed { return max(0, 1 - waiting - probes) }
        let bearable = pace.rate.map { min(window, max(1, Int($0 * 10))) } ?? window
        let left = cap.map { $0.left(on: day) - waiting } ?? .max
        return max(0, min(bearable - waiting - underWay, left))
    }

    mutating func append(_ prepared: Prepared) { line.append(prepared) }

    // MARK: Beginning

    /// Whether one more submission may be under way.
    func hasSlot(at now: Int64) -> Bool {
        switch circuit.state {
        case .closed: underWay < min(concurrency.limit, profile.concurrency)
        // What left before the rest may hang for long; it does not keep the probe from going.
        case .probing: probes == 0
        case .open: false
        }
    }

    /// The next message that may begin now: there is a slot, the rate allows it and its chat has rested.
    mutating func take(on day: HouseDay, at now: Int64) -> Prepared? {
        guard hasSlot(at: now), cap?.isUsedUp(on: day) != true else { return nil }
        wakeChats(at: now)
        while let prepared = line.takeFirst() {
            if let ready = chats[prepared.permit.destination.address], ready > now {
                resting.append((ready, prepared))
                line.undoPick()
                continue
            }
            let cost = cost(of: prepared)
            if cap?.fits(cost, on: day) == false {
                // What is left of the day is too little for it: another account may carry it, a smaller one may not overtake.
                cap?.close(day)
                putBack(prepared)
                return nil
            }
            if bucket?.take(Double(cost), at: now) == false {
                putBack(prepared)
                return nil
            }
            begin(prepared, cost, on: day, at: now)
            return prepared
        }
        return nil
    }

    private mutating func begin(_ prepared: Prepared, _ cost: Int, on day: HouseDay, at now: Int64) {
        underWay += 1
        if circuit.state == .probing { probes += 1 }
        cap?.charge(cost, on: day)
        guard let gap = pace.perChat else { return }
        chats[prepared.permit.destination.address] = now + gap.milliseconds
        if chats.count > 10_000 { chats = chats.filter { $0.value > now } }
    }

    private mutating func wakeChats(at now: Int64) {
        guard !resting.isEmpty else { return }
        for (_, prepared) in resting.filter({ $0.ready <= now }).reversed() { line.putBack(prepared) }
        resting.removeAll { $0.ready <= now }
    }

    /// The store did not let it begin: nothing was used up.
    mutating func giveBack(_ prepared: Prepared) {
        underWay -= 1
        probes = max(0, probes - 1)
        let cost = cost(of: prepared)
        cap?.giveBack(cost)
        bucket?.giveBack(Double(cost))
        chats[prepared.permit.destination.address] = nil
    }

    /// A rest that is over becomes a probe.
    mutating func look(at now: Int64) { if circuit.look(at: now) { probes = 0 } }

    mutating func ended(began: Int64) {
        underWay -= 1
        if circuit.isAfterRest(began) { probes = max(0, probes - 1) }
    }

    /// In what the provider counts.
    func cost(of prepared: Prepared) -> Int {
        switch pace.unit {
        case .requests: 1
        case .parts: max(1, SMSParts(prepared.submission.content.text).parts)
        }
    }

    func charge(for prepared: Prepared, on day: HouseDay) -> Charge? {
        cap == nil ? nil : Charge(day: day.number, units: cost(of: prepared))
    }

    mutating func releaseWaiting() -> [Prepared] {
        defer { resting = [] }
        return line.takeAll() + resting.map(\.prepared)
    }

    mutating func putBack(_ prepared: Prepared) {
        line.putBack(prepared)
        line.undoPick()
    }

    /// When it should be looked at again although nothing ends and nothing arrives; nil: no need.
    func wake(on day: HouseDay, at now: Int64) -> Int64? {
        var times: [Int64] = []
        if case .open(let until) = circuit.state, until > now { times.append(until) }
        // A cap that is used up ends with the day, which the queue's due times know of.
        if waiting > 0, hasSlot(at: now), cap?.isUsedUp(on: day) != true {
            times += resting.map(\.ready)
            if let next = line.next, let bucket { times.append(bucket.ready(for: Double(cost(of: next)), at: now)) }
        }
        return times.min()
    }

    // MARK: Answers

    /// Whether the trouble that this message met is its own: the account answered it with a refusal, and served many
    /// others since it refused it last.
    mutating func isItsOwnTrouble(_ message: MessageID, _ failure: DeliveryFailure) -> Bool {
        guard failure.scope == .provider, failure.outlook != .unknown, failure.reason != .throttled,
            failure.isAnAnswer
        else { return false }
        return suspects.metTrouble(message)
    }

    mutating func servedSomebody() { suspects.somebodyPassed() }
}

/// Messages that met trouble of the account's, and how many others passed since.
struct Suspects: Sendable {
    /// Fewer may be luck: an overloaded account refuses some and takes others.
    private static let enough = 10
    private var passed = 0
    private var troubles: [MessageID: Int] = [:]

    mutating func somebodyPassed() {
        passed += 1
        // Nobody is remembered for ever; when there are many, it is not one message's trouble anyway.
        if troubles.count > 1000 { troubles = [:] }
    }

    /// - Returns: whether enough others passed between its last trouble and this one.
    mutating func metTrouble(_ message: MessageID) -> Bool {
        guard let before = troubles[message] else {
            troubles[message] = passed
            return false
        }
        // Counted from the first trouble on: where few messages pass, it comes back many times before ten others did.
        guard passed - before >= Self.enough else { return false }
        troubles[message] = passed
        return true
    }
}

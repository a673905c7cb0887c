// What must be true while a world runs, kept apart from the books: the oracle hears what clients were told, what the
// store let begin and what arrived, and shares no rule with the gateway.

import Delivery
import Domain
import FoundationEssentials
import Queue
import Synchronization

final class Oracle: Sendable {
    struct Notes {
        var store: (any SimulatedStore)?
        /// What clients asked for, and what they were told that it is taken.
        var orders: [MessageID: Event.Order] = [:]
        var acknowledged: Set<MessageID> = []
        /// Messages about which a person decided: the limits of the worker are not theirs.
        var decided: [MessageID: Int] = [:]
        var said: [Said] = []
        var suppressed: Set<Destination> = []
        var turns = 0
        var lastTurnFailed = false
        var paused: [ProviderID: Int] = [:]
        /// Since which turn an account wants to be left alone, and until when.
        var resting: [ProviderID: [(turn: Int, until: Int64)]] = [:]
        /// Since which turn nothing may leave at all.
        var heldSince: Int?
        var begun: [MessageID: Beginning] = [:]
        /// Begun, and nobody has told the store yet how it ended.
        var inHand: Set<MessageID> = []
        /// In how many processes' hands each was when they died.
        var deaths: [MessageID: Int] = [:]
        var submitted: Set<Submitted> = []
        /// The conversation about each message that may still go on.
        var open: [MessageID: Conversation] = [:]
        /// How much has left by each account, and on which days by the wall.
        var used: [ProviderID: (count: Int, days: Set<Int>)] = [:]
        var happened: [Happening] = []
        var accusations: [String] = []
    }
    struct Submitted: Hashable {
        let message: MessageID
        let number: Int
    }
    /// A resident's word, and the uptime at which the gateway had it.
    struct Said {
        let record: ConsentRecord
        let at: Int64
    }
    struct Conversation {
        let number: Int
        let life: Int
        let until: Int64
    }
    let notes = Mutex(Notes())
    private let clock: Clock
    private let trace: Trace

    init(_ clock: Clock, _ trace: Trace) {
        self.clock = clock
        self.trace = trace
    }

    var store: (any SimulatedStore)? { notes.withLock(\.store) }
    func use(_ store: any SimulatedStore) { notes.withLock { $0.store = store } }

    func accuse(_ words: String) {
        trace.say("VIOLATION \(words)")
        notes.withLock { $0.accusations.append(words) }
    }

    // MARK: What people were told

    func asked(_ order: Event.Order) { notes.withLock { $0.orders[order.message.id] = order } }
    func acknowledged(_ id: MessageID) { notes.withLock { _ = $0.acknowledged.insert(id) } }
    func personDecided(_ id: MessageID) { notes.withLock { $0.decided[id, default: 0] += 1 } }
    func said(_ record: ConsentRecord) {
        let said = Said(record: record, at: clock.uptime)
        notes.withLock { $0.said.append(said) }
    }
    func suppressed(_ destination: Destination, _ isSuppressed: Bool) {
        notes.withLock { notes in
            if isSuppressed {
                notes.suppressed.insert(destination)
            } else {
                notes.suppressed.remove(destination)
            }
        }
    }
    func paused(_ id: ProviderID, _ isPaused: Bool) {
        notes.withLock { notes in
            notes.paused[id] = isPaused ? notes.turns : nil
            if !isPaused { notes.resting[id] = nil }
        }
    }

    func held(_ isHeld: Bool) {
        notes.withLock { $0.heldSince = isHeld ? $0.heldSince ?? $0.turns : nil }
    }

    /// What a new process reads of the accounts.
    func remembers(_ states: [ProviderState]) {
        let paused = notes.withLock { $0.paused.keys.sorted { $0.text < $1.text } }
        for id in paused where states.first(where: { $0.provider == id })?.pausedUntil != .distantFuture {
            accuse("P24: the pause of \(id) is forgotten")
        }
    }

    // MARK: What the worker does

    /// A new process has heard nothing of what was said to the last one.
    func bornAgain() {
        notes.withLock { notes in
            for id in notes.inHand { notes.deaths[id, default: 0] += 1 }
            (notes.begun, notes.resting, notes.lastTurnFailed, notes.inHand) = ([:], [:], false, [])
        }
    }

    func turnBegins() { notes.withLock { $0.turns += 1 } }
    func turnFailed() { notes.withLock { $0.lastTurnFailed = true } }
    func heard(_ happenings: [Happening]) { notes.withLock { $0.happened += happenings } }

    /// The store was told what became of these.
    func ended(_ ids: [MessageID]) { notes.withLock { $0.inHand.subtract(ids) } }

    /// The store has committed that this message begins.
    func began(_ beginning: Beginning, at now: Moment) {
        let complaints = notes.withLock { notes -> [String] in
            notes.lastTurnFailed = false
            notes.begun[beginning.message] = beginning
            notes.inHand.insert(beginning.message)
            return notes.complaints(about: beginning, at: now)
        }
        complaints.forEach(accuse)
    }

    func submitted(_ submission: Submission, through account: ProviderProfile, _ life: Int) {
        let now = clock.now
        let complaints = notes.withLock { notes in
            notes.complaints(about: submission, through: account.id, at: now.uptime)
                + notes.overlaps(of: submission, life, until: now.uptime + account.timeout.milliseconds, now)
                + notes.excess(of: account, at: now)
        }
        complaints.forEach(accuse)
    }

    func answered(_ letter: Letter, _ answer: Answer, isCurrent: Bool) {
        notes.withLock { notes in
            let isOfThis = notes.open[answer.reference]?.number == letter.submission.number
            if isOfThis { notes.open[answer.reference] = nil }
        }
        guard isCurrent, case .failure(let failure) = answer.outcome, failure.reason == .throttled,
            let asked = failure.retryAfter
        else { return }
        let until = clock.uptime + asked.milliseconds
        notes.withLock { $0.resting[letter.account, default: []].append(($0.turns, until)) }
    }
}

extension Oracle.Notes {
    fileprivate func complaints(about beginning: Beginning, at now: Moment) -> [String] {
        let id = beginning.message
        guard let order = orders[id] else { return ["\(id) begins and nobody knows it"] }
        var complaints: [String] = []
        if now.wall >= order.message.expiresAt { complaints.append("I7: \(id) begins after its expiry") }
        if suppressed.contains(beginning.destination) { complaints.append("I6: \(id) begins to a suppressed address") }
        if isForbidden(order, beginning.destination.channel, at: now.uptime) {
            complaints.append("I6: \(id) begins after a withdrawal")
        }
        return complaints
    }

    /// - Parameter uptime: what was said by then counts.
    func isForbidden(_ order: Event.Order, _ channel: Channel, at uptime: Int64) -> Bool {
        let purpose = order.message.purpose
        guard let rule = Town.purposes[purpose], !rule.mandatory, let recipient = order.message.recipient else {
            return false
        }
        let last = said.last { said in
            let record = said.record
            return said.at <= uptime && record.recipient == recipient && record.purpose == purpose
                && (record.channel == nil || record.channel == channel)
        }?.record
        return last.map { !$0.allows } ?? (rule.basis == .consent)
    }

    /// All that time.
    func isForbidden(_ order: Event.Order, _ channel: Channel, from since: Int64, to until: Int64) -> Bool {
        let times = said.map(\.at).filter { since < $0 && $0 <= until }
        return ([since] + times).allSatisfy { isForbidden(order, channel, at: $0) }
    }

    fileprivate mutating func complaints(
        about submission: Submission, through account: ProviderID, at now: Int64
    ) -> [String] {
        let id = submission.reference
        var complaints: [String] = []
        if begun.removeValue(forKey: id)?.destination != submission.to {
            complaints.append("I2: \(id) leaves and the books do not say that it began")
        }
        if lastTurnFailed { complaints.append("P10: \(id) leaves after a failed commit") }
        if !submitted.insert(Oracle.Submitted(message: id, number: submission.number)).inserted {
            complaints.append("I9: submission \(submission.number) of \(id) leaves twice")
        }
        if let turn = heldSince, turns > turn { complaints.append("P24: \(id) leaves while all is held") }
        if let turn = paused[account], turns > turn { complaints.append("P24: \(id) leaves by paused \(account)") }
        if resting[account, default: []].contains(where: { turns > $0.turn && now < $0.until }) {
            complaints.append("P7: \(id) leaves by \(account) before its Retry-After has passed")
        }
        return complaints + mixUps(in: submission)
    }

    /// I9: one conversation about a message at a time. What another process had begun ended with that process.
    fileprivate mutating func overlaps(
        of submission: Submission, _ life: Int, until: Int64, _ now: Moment
    ) -> [String] {
        let id = submission.reference
        defer { open[id] = Oracle.Conversation(number: submission.number, life: life, until: until) }
        guard let other = open[id], other.life == life, now.uptime < other.until else { return [] }
        return ["I9: submission \(submission.number) of \(id) leaves while \(other.number) is under way"]
    }

    /// A daily cap, on each day that the wall showed.
    fileprivate mutating func excess(of account: ProviderProfile, at now: Moment) -> [String] {
        guard let cap = account.pace.dailyCap else { return [] }
        used[account.id, default: (0, [])].count += 1
        used[account.id, default: (0, [])].days.insert(Int((now.wall.timeIntervalSince1970 / 86_400).rounded(.down)))
        let used = used[account.id, default: (0, [])]
        return used.count > cap * used.days.count
            ? ["cap: \(used.count) left by \(account.id) on \(used.days.count) days of \(cap)"] : []
    }

    private func mixUps(in submission: Submission) -> [String] {
        let id = submission.reference
        guard let order = orders[id] else { return ["I1: \(id) leaves and nobody ever asked for it"] }
        let text = submission.content.text + " " + (submission.content.html ?? "")
        let words = text.utf8.split { !Oracle.isWordByte($0) }.filter { $0.first == UInt8(ascii: "c") }
        var complaints: [String] = []
        if words.isEmpty || !words.allSatisfy({ $0.elementsEqual(order.canary.utf8) }) {
            complaints.append("I8: \(id) holds somebody else's words")
        }
        if submission.to != Town.destination(of: order.resident, on: submission.to.channel) {
            complaints.append("I8: \(id) goes to somebody else")
        }
        return complaints
    }
}

extension Oracle {
    fileprivate static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A: true
        default: false
        }
    }
}

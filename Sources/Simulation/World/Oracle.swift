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
        var said: [ConsentRecord] = []
        var suppressed: Set<Destination> = []
        var turns = 0
        var lastTurnFailed = false
        var paused: [ProviderID: Int] = [:]
        /// Since which turn an account wants to be left alone, and until when.
        var resting: [ProviderID: [(turn: Int, until: Int64)]] = [:]
        var begun: [MessageID: Beginning] = [:]
        var submitted: Set<Submitted> = []
        var happened: [Happening] = []
        var accusations: [String] = []
    }
    struct Submitted: Hashable {
        let message: MessageID
        let number: Int
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
    func said(_ record: ConsentRecord) { notes.withLock { $0.said.append(record) } }
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
            (notes.begun, notes.resting, notes.lastTurnFailed) = ([:], [:], false)
        }
    }

    func turnBegins() { notes.withLock { $0.turns += 1 } }
    func turnFailed() { notes.withLock { $0.lastTurnFailed = true } }
    func heard(_ happenings: [Happening]) { notes.withLock { $0.happened += happenings } }

    /// The store has committed that this message begins.
    func began(_ beginning: Beginning, at now: Moment) {
        let complaints = notes.withLock { notes -> [String] in
            notes.lastTurnFailed = false
            notes.begun[beginning.message] = beginning
            return notes.complaints(about: beginning, at: now)
        }
        complaints.forEach(accuse)
    }

    func submitted(_ submission: Submission, through account: ProviderID) {
        let now = clock.uptime
        let complaints = notes.withLock { $0.complaints(about: submission, through: account, at: now) }
        complaints.forEach(accuse)
    }

    func answered(_ letter: Letter, _ answer: Answer, isCurrent: Bool) {
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
        if isForbidden(order, beginning.destination.channel) {
            complaints.append("I6: \(id) begins after a withdrawal")
        }
        return complaints
    }

    private func isForbidden(_ order: Event.Order, _ channel: Channel) -> Bool {
        let purpose = order.message.purpose
        guard let rule = Town.purposes[purpose], !rule.mandatory, let recipient = order.message.recipient else {
            return false
        }
        let last = said.last {
            $0.recipient == recipient && $0.purpose == purpose && ($0.channel == nil || $0.channel == channel)
        }
        return last.map { !$0.allows } ?? (rule.basis == .consent)
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
        if let turn = paused[account], turns > turn { complaints.append("P24: \(id) leaves by paused \(account)") }
        if resting[account, default: []].contains(where: { turns > $0.turn && now < $0.until }) {
            complaints.append("P7: \(id) leaves by \(account) before its Retry-After has passed")
        }
        return complaints + mixUps(in: submission)
    }

    private func mixUps(in submission: Submission) -> [String] {
        let id = submission.reference
        guard let order = orders[id] else { return ["I1: \(id) leaves and nobody ever asked for it"] }
        let canary = Town.canary(MessageID(raw: id.raw % 1000), of: order.resident)
        let text = submission.content.text + " " + (submission.content.html ?? "")
        let words = text.utf8.split { !Oracle.isWordByte($0) }.filter { $0.first == UInt8(ascii: "c") }
        var complaints: [String] = []
        if words.isEmpty || !words.allSatisfy({ $0.elementsEqual(canary.utf8) }) {
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

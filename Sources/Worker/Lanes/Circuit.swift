import Domain
import FoundationEssentials

/// Whether an account may be used: it works, it rests, or one message is sent to see whether it works again.
///
/// One failing message rests nobody: it takes two failures with no success between them, unless the provider itself says
/// "slower", "wrong password" or "no money". Times are uptime in milliseconds.
struct Circuit: Sendable {
    enum State: Sendable, Equatable {
        case closed
        case open(until: Int64)
        /// The rest is over; one submission at a time until one is answered.
        case probing
    }
    private(set) var state = State.closed
    /// Failures since the last success.
    private var failures = 0
    private var silences = 0
    /// Rests in a row, for the growing pause.
    private(set) var rests = 0

    /// This many answers in a row that never came, and the account rests: each of them leaves a message unconfirmed.
    private static let silencesAllowed = 5
    /// Seconds. Short enough that an account is back within a minute of its healing, long enough that a sick one sees no
    /// more than a probe in half a minute.
    private static let longestRest: Double = 45
    /// Where a person has to do something first.
    private static let longRest: Double = 600

    func isOpen(at now: Int64) -> Bool {
        guard case .open(let until) = state else { return false }
        return now < until
    }

    /// Called before the account is asked for anything: a rest that is over becomes a probe.
    /// - Returns: whether it just did.
    mutating func look(at now: Int64) -> Bool {
        guard case .open(let until) = state, now >= until else { return false }
        state = .probing
        return true
    }

    /// Whether what left then left after the last rest: an answer to what left before says nothing about after it.
    func isAfterRest(_ began: Int64) -> Bool { began >= rested }

    /// - Parameters:
    ///   - asked: how long the provider itself asked us to wait.
    ///   - began: when the submission left.
    ///   - base: the first rest, growing by two up to 45 seconds.
    ///   - chance: 0 ..< 1, spreads the rests of many accounts and machines.
    /// - Returns: what changed: a rest began or became longer, or the account works again.
    mutating func hear(
        _ word: AccountWord, asked: Duration? = nil, began: Int64, base: Duration, chance: Double, at now: Int64
    ) -> Change? {
        switch word {
        case .works: return works(began: began)
        case .silent:
            guard isAfterRest(began) else { return nil }
            silences += 1
            guard state == .probing || silences >= Self.silencesAllowed else { return nil }
            return rest(for: growing(base, chance), asked: false, at: now)
        case .stumbles, .rests:
            // What it asks for now it asks for now, whenever the question left.
            guard isAfterRest(began) || asked != nil else { return nil }
            failures += 1
            guard word == .rests || asked != nil || failures > 1 || state == .probing else { return nil }
            return rest(for: asked?.seconds ?? growing(base, chance), asked: asked != nil, at: now)
        case .stopped:
            guard isAfterRest(began) else { return nil }
            return rest(for: Self.longRest * (0.75 + chance / 4), asked: false, at: now)
        }
    }

    enum Change: Sendable, Equatable {
        case rests(until: Int64)
        case works
    }

    /// A person's word, or one from before the process began.
    mutating func rest(until: Int64) {
        state = .open(until: until)
        rested = until
    }

    mutating func resume() { self = Circuit() }

    /// When the last rest ends or ended.
    private var rested: Int64 = .min

    private mutating func works(began: Int64) -> Change? {
        (failures, silences) = (0, 0)
        guard state == .probing, isAfterRest(began) else { return nil }
        (state, rests) = (.closed, 0)
        return .works
    }

    private mutating func rest(for seconds: Double, asked: Bool, at now: Int64) -> Change? {
        let until = now + Int64(seconds * 1000)
        if case .open(let present) = state, now < present {
            // Answers of one burst tell of one trouble; but the latest time that the provider asked for holds.
            guard asked, until > present else { return nil }
        } else {
            rests += 1
        }
        (failures, silences) = (0, 0)
        rest(until: until)
        return .rests(until: until)
    }

    private func growing(_ base: Duration, _ chance: Double) -> Double {
        min(base.seconds * Double(1 << min(rests, 6)), Self.longestRest) * (0.75 + chance / 2)
    }
}

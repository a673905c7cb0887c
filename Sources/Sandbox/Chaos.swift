import Domain
import Synchronization

/// What may go wrong on purpose: for each kind of channel, how often, in percent.
package struct Chaos: Sendable, Hashable {
    package var email = Switches()
    package var sms = Switches()
    package var max = Switches()
    package var telegram = Switches()
    /// What the `Retry-After` of a 429 says, in seconds.
    package var retryAfter = 1
    /// Added before every answer, in milliseconds.
    package var delay = 0
    package init() {}

    package struct Switches: Sendable, Hashable {
        /// SMTP: 421 instead of a greeting. HTTP: the connection is closed before the request is read.
        package var refuse = 0
        /// SMTP: 450 after MAIL. HTTP: 429 with Retry-After. Not taken.
        package var throttle = 0
        /// SMTP: 451 after the dot. HTTP: 500. Not taken.
        package var fail = 0
        /// Taken, and no answer ever.
        package var silence = 0
        /// Taken, and the connection closed instead of an answer.
        package var cut = 0
        /// The delivery report comes twice.
        package var duplicateReport = 0
        /// The delivery report never comes.
        package var noReport = 0
        package init() {}

        package static let names: [(name: String, path: any WritableKeyPath<Switches, Int> & Sendable)] = [
            ("refuse", \.refuse), ("throttle", \.throttle), ("fail", \.fail), ("silence", \.silence), ("cut", \.cut),
            ("duplicate_report", \.duplicateReport), ("no_report", \.noReport),
        ]
    }

    package static let groups: [(name: String, path: any WritableKeyPath<Chaos, Switches> & Sendable)] = [
        ("email", \.email), ("sms", \.sms), ("max", \.max), ("telegram", \.telegram),
    ]

    /// Whether anything is switched on.
    package var isCalm: Bool {
        delay == 0 && Self.groups.allSatisfy { self[keyPath: $0.path] == Switches() }
    }
}

/// One trouble that a message may meet, in the order in which the wire meets them.
enum Fault: CaseIterable, Sendable {
    case refuse, throttle, fail, silence, cut

    /// Whether a real peer would have the message afterwards.
    var arrived: Bool {
        switch self {
        case .refuse, .throttle, .fail: false
        case .silence, .cut: true
        }
    }

    fileprivate var path: KeyPath<Chaos.Switches, Int> {
        switch self {
        case .refuse: \.refuse
        case .throttle: \.throttle
        case .fail: \.fail
        case .silence: \.silence
        case .cut: \.cut
        }
    }
}

/// Throws the dice for each message. A switch that stands at 0 throws none, so turning one on does not change the
/// luck of the others.
final class ChaosDice: Sendable {
    private let state: Mutex<(chaos: Chaos, random: SplitMix)>

    init(chaos: Chaos, seed: UInt64) {
        state = Mutex((chaos, SplitMix(state: seed)))
    }

    var chaos: Chaos {
        get { state.withLock { $0.chaos } }
        set { state.withLock { $0.chaos = newValue } }
    }

    func strikes(_ fault: Fault, _ group: KeyPath<Chaos, Chaos.Switches>) -> Bool {
        strikes(group.appending(path: fault.path))
    }

    /// The first trouble of these that strikes.
    func first(of faults: [Fault], _ group: KeyPath<Chaos, Chaos.Switches>) -> Fault? {
        faults.first { strikes($0, group) }
    }

    /// How many copies of a delivery report go out: 0, 1 or 2.
    func reportCopies() -> Int {
        if strikes(\.sms.noReport) { return 0 }
        return strikes(\.sms.duplicateReport) ? 2 : 1
    }

    private func strikes(_ path: KeyPath<Chaos, Int>) -> Bool {
        state.withLock { state in
            let percent = state.chaos[keyPath: path]
            guard percent > 0 else { return false }
            return Int.random(in: 0..<100, using: &state.random) < percent
        }
    }
}

/// A small generator with a seed (Steele, Lea, Flood 2014): the system's one cannot be repeated.
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

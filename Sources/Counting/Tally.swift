// What has happened since the process began, as numbers for a monitoring system. Whatever is counted has been committed
// first: the store hands over each commit's events in one go, so one lock serves thousands of messages. Labels come from
// closed lists and from the configuration; nothing here knows an address, a name or a text.

package import Domain
import Synchronization

package final class Tally: Sendable {
    package enum Item: Sendable {
        /// A message came into the books.
        case accepted(PurposeID)
        /// It came to stand there, last by that channel; `reason` of a suppressed one.
        case came(MessageState, Channel?, reason: SuppressedReason?)
        case tried(ProviderID, outcome: String, seconds: Double, parts: Int)
        /// From its due time to the first provider's acceptance.
        case waited(PurposeID, Channel, seconds: Double)
    }

    /// A clock that nobody can set, in nanoseconds; nil: commits are not timed.
    package let nanoseconds: (@Sendable () -> UInt64)?
    private let sums = Mutex(Counts())

    package init(nanoseconds: (@Sendable () -> UInt64)? = nil) { self.nanoseconds = nanoseconds }

    package var counts: Counts { sums.withLock { $0 } }

    /// - Parameter commit: how long it took to make them last, in nanoseconds.
    package func add(_ items: [Item], commit: UInt64?) {
        if items.isEmpty, commit == nil { return }
        sums.withLock { sums in
            if let commit { sums.commits.add(Double(commit) * 1e-9) }
            for item in items { sums.add(item) }
        }
    }
}

package struct Counts: Sendable {
    package struct Standing: Sendable, Equatable {
        package let state: MessageState
        package let channel: Channel?
    }
    package struct Try: Sendable, Equatable {
        package let provider: ProviderID
        package let outcome: String
    }
    package struct Way: Sendable, Equatable {
        package let purpose: PurposeID
        package let channel: Channel
    }

    package private(set) var accepted = Rows<PurposeID, Int>()
    package private(set) var standings = Rows<Standing, Int>()
    package private(set) var suppressed = Rows<SuppressedReason, Int>()
    package private(set) var tries = Rows<Try, Int>()
    package private(set) var durations = Rows<ProviderID, Histogram>()
    package private(set) var parts = Rows<ProviderID, Int>()
    package private(set) var waits = Rows<Way, Histogram>()
    package internal(set) var commits = Histogram(.commit)

    mutating func add(_ item: Tally.Item) {
        switch item {
        case .accepted(let purpose): accepted.at(purpose, or: 0) { $0 += 1 }
        case .came(let state, let channel, let reason):
            standings.at(Standing(state: state, channel: channel), or: 0) { $0 += 1 }
            if let reason { suppressed.at(reason, or: 0) { $0 += 1 } }
        case .tried(let provider, let outcome, let seconds, let parts):
            tries.at(Try(provider: provider, outcome: outcome), or: 0) { $0 += 1 }
            durations.at(provider, or: Histogram(.attempt)) { $0.add(seconds) }
            if parts > 0 { self.parts.at(provider, or: 0) { $0 += parts } }
        case .waited(let purpose, let channel, let seconds):
            waits.at(Way(purpose: purpose, channel: channel), or: Histogram(.wait)) { $0.add(seconds) }
        }
    }
}

/// A few rows that are looked through: faster than hashing while they are few, and the last one is mostly the next one.
package struct Rows<Key: Sendable & Equatable, Value: Sendable>: Sendable {
    package private(set) var all: [(key: Key, value: Value)] = []
    private var last = 0

    mutating func at(_ key: Key, or new: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        if last < all.count, all[last].key == key { return change(&all[last].value) }
        if let place = all.firstIndex(where: { $0.key == key }) {
            last = place
        } else {
            last = all.count
            all.append((key, new()))
        }
        change(&all[last].value)
    }
}

package import Delivery
package import Domain
import FoundationEssentials
import Policy
package import Queue

/// The accounts, what waits for each and what is under way: the worker's whole memory of a turn, as a value.
package struct Lanes {
    struct Lane {
        let provider: any Provider
        var waiting: [Prepared] = []
        /// Taken from the front of `waiting`; the array is compacted when half of it is used up.
        var taken = 0
        var underWay = 0
        var pausedUntil: Date?
        /// Troubles in a row, for the growing pause.
        var troubles = 0

        var profile: ProviderProfile { provider.profile }
        var free: Int { profile.concurrency - underWay }
        func isPaused(at now: Date) -> Bool { pausedUntil.map { now < $0 } ?? false }
    }

    private var lanes: [Lane]
    private var index: [ProviderID: Int]
    private var begun: [MessageID: (prepared: Prepared, lane: Int, beganAt: Date)] = [:]
    /// Offered to the last turn as beginnings, not yet confirmed.
    private var offered: [MessageID: (prepared: Prepared, lane: Int)] = [:]

    package init(_ providers: [any Provider], states: [ProviderState] = []) {
        lanes = providers.map { Lane(provider: $0) }
        index = [:]
        for (place, lane) in lanes.enumerated() { index[lane.profile.id] = place }
        for state in states { if let place = index[state.provider] { lanes[place].pausedUntil = state.pausedUntil } }
    }

    /// Claims held, begun or not.
    package var held: Int { lanes.reduce(0) { $0 + $1.waiting.count - $1.taken } + offered.count + begun.count }
    package var underWay: Int { begun.count }
    package var carried: Set<Channel> { lanes.reduce(into: []) { $0.formUnion($1.profile.channels) } }

    /// Puts a message into the lane of the first account of its channel that works; if all of them are paused, says
    /// until when the first one is.
    mutating func enter(_ prepared: Prepared, at now: Date) -> Date? {
        let channel = prepared.permit.destination.channel
        let places = lanes.indices.filter { lanes[$0].profile.channels.contains(channel) }
        if let place = places.first(where: { !lanes[$0].isPaused(at: now) }) {
            lanes[place].waiting.append(prepared)
            return nil
        }
        return places.compactMap { lanes[$0].pausedUntil }.min() ?? now.addingTimeInterval(60)
    }

    /// What may begin in this turn: as many as there are free slots, so that a crash leaves no more unknown than that.
    mutating func offer(at now: Date) -> [Beginning] {
        var beginnings: [Beginning] = []
        for place in lanes.indices where !lanes[place].isPaused(at: now) {
            while lanes[place].free > 0, let prepared = takeFirst(of: place) {
                lanes[place].underWay += 1
                offered[prepared.claim.message.id] = (prepared, place)
                beginnings.append(beginning(prepared, through: lanes[place].profile.id))
            }
        }
        return beginnings
    }

    private mutating func takeFirst(of place: Int) -> Prepared? {
        guard lanes[place].taken < lanes[place].waiting.count else { return nil }
        defer {
            lanes[place].taken += 1
            if lanes[place].taken * 2 > lanes[place].waiting.count {
                lanes[place].waiting.removeFirst(lanes[place].taken)
                lanes[place].taken = 0
            }
        }
        return lanes[place].waiting[lanes[place].taken]
    }

    private func beginning(_ prepared: Prepared, through provider: ProviderID) -> Beginning {
        Beginning(
            message: prepared.claim.message.id, token: prepared.claim.token, provider: provider,
            destination: prepared.permit.destination, recipient: prepared.claim.message.recipient,
            epoch: prepared.permit.epoch)
    }

    /// The store has committed `began` for these: they leave now, one batch per account.
    mutating func start(_ ids: [MessageID], at now: Date) -> [(provider: any Provider, batch: [Submission])] {
        var batches: [Int: [Submission]] = [:]
        for id in ids {
            guard let (prepared, place) = offered.removeValue(forKey: id) else { continue }
            begun[id] = (prepared, place, now)
            batches[place, default: []].append(prepared.submission)
        }
        return batches.map { (lanes[$0.key].provider, $0.value) }
    }

    /// The store did not let these begin; their slots are free again.
    mutating func withdraw(_ ids: [MessageID]) -> [Prepared] {
        ids.compactMap { id in
            guard let (prepared, place) = offered.removeValue(forKey: id) else { return nil }
            lanes[place].underWay -= 1
            return prepared
        }
    }

    /// The turn failed as a whole: what was offered waits again, in its old order.
    mutating func withdrawOffers() {
        for (prepared, place) in offered.values.sorted(by: { $0.prepared.claim.token < $1.prepared.claim.token }) {
            lanes[place].underWay -= 1
            lanes[place].waiting.append(prepared)
        }
        offered = [:]
    }

    /// One submission has ended; nil for an answer nobody waits for.
    mutating func end(_ id: MessageID) -> (prepared: Prepared, provider: ProviderID, beganAt: Date)? {
        guard let (prepared, place, beganAt) = begun.removeValue(forKey: id) else { return nil }
        lanes[place].underWay -= 1
        return (prepared, lanes[place].profile.id, beganAt)
    }

    /// The account is in trouble: it rests, longer each time, and gives back what waits for it.
    mutating func pause(
        _ trouble: ProviderTrouble, base: Duration, at now: Date
    ) -> (state: ProviderState, released: [Prepared])? {
        guard let place = index[trouble.provider] else { return nil }
        // Answers of one burst tell of one trouble.
        if lanes[place].isPaused(at: now) { return nil }
        lanes[place].troubles += 1
        let growth = Double(1 << min(lanes[place].troubles - 1, 5))
        let pause = trouble.failure.retryAfter?.seconds ?? min(base.seconds * growth, 600)
        let until = now.addingTimeInterval(pause)
        lanes[place].pausedUntil = until
        return (
            ProviderState(
                provider: trouble.provider, pausedUntil: until, reason: trouble.failure.reason.rawValue, since: now),
            releaseWaiting(of: place)
        )
    }

    /// Something was accepted or refused for a reason of its own: the account works.
    ///
    /// An answer to what began before the pause says nothing about after it, and no success shortens a time that the
    /// provider asked for.
    mutating func works(_ provider: ProviderID, beganAt: Date, at now: Date) -> ProviderState? {
        guard let place = index[provider], lanes[place].troubles > 0, !lanes[place].isPaused(at: now),
            lanes[place].pausedUntil.map({ beganAt >= $0 }) ?? true
        else { return nil }
        lanes[place].troubles = 0
        lanes[place].pausedUntil = nil
        return ProviderState(provider: provider, since: now)
    }

    private mutating func releaseWaiting(of place: Int) -> [Prepared] {
        defer {
            lanes[place].waiting = []
            lanes[place].taken = 0
        }
        return Array(lanes[place].waiting.dropFirst(lanes[place].taken))
    }

    /// At shutdown: everything that has not begun goes back to the queue.
    mutating func releaseAll() -> [Prepared] { lanes.indices.flatMap { releaseWaiting(of: $0) } }

    var providers: [any Provider] { lanes.map(\.provider) }
}

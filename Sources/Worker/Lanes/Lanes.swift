// The accounts, what waits for each and what is under way: the worker's whole memory of a turn, as a value. Each account
// is on its own: one that is slow, silent or paused holds back what is claimed for its channel and nothing else.

package import Delivery
package import Domain
import FoundationEssentials
import Policy
package import Queue

package struct Lanes: Sendable {
    private(set) var lanes: [Lane]
    private let index: [ProviderID: Int]
    /// The accounts of each channel, in the order of the configuration.
    private let serving: [Channel: [Int]]
    /// For each account those that share a channel with it and are no mere reserve.
    private let rivals: [[Int]]
    /// By the token of the claim: a message that was claimed again is another one.
    private var begun: [Int64: Begun] = [:]
    /// When each channel that cannot send was last looked through, in uptime.
    private var reviewed: [Channel: Int64] = [:]
    private var reviewing: Set<Channel> = []
    /// When each channel was last given a page, in uptime.
    private var paged: [Channel: Int64] = [:]
    /// Offered to the present turn as beginnings, not yet confirmed.
    private var offered: [Int64: (prepared: Prepared, place: Int)] = [:]

    /// One submission under way.
    struct Begun {
        let prepared: Prepared
        let place: Int
        let at: Moment
    }

    /// - Parameter states: pauses that outlived the last process.
    package init(_ providers: [any Provider], states: [ProviderState] = [], at now: Moment) {
        lanes = providers.map { Lane($0, at: now.uptime) }
        index = Dictionary(lanes.indices.map { [lanes] in (lanes[$0].profile.id, $0) }) { _, last in last }
        serving = lanes.indices.reduce(into: [:]) { [lanes] serving, place in
            for channel in lanes[place].profile.channels { serving[channel, default: []].append(place) }
        }
        rivals = lanes.indices.map { [lanes] place in
            lanes.indices.filter {
                $0 != place && !lanes[$0].profile.channels.isDisjoint(with: lanes[place].profile.channels)
                    && lanes[$0].balance.resting > 0
            }
        }
        for state in states {
            guard let place = index[state.provider], let until = state.pausedUntil, until > now.wall else { continue }
            lanes[place].circuit.rest(until: now.uptime(at: until))
        }
    }

    /// Claims held, begun or not.
    package var held: Int { lanes.reduce(0) { $0 + $1.waiting } + offered.count + begun.count }
    package var underWay: Int { begun.count }
    /// Ready in their lines.
    var waiting: Int { lanes.reduce(0) { $0 + $1.waiting } }
    package var carried: Set<Channel> { Set(serving.keys) }
    var providers: [any Provider] { lanes.map(\.provider) }
    package var ids: [ProviderID] { lanes.map(\.profile.id) }

    var isCapped: Bool { lanes.contains { $0.cap != nil } }

    /// - Parameter day: its number.
    mutating func restore(_ charged: [ProviderID: Int], on day: Int) {
        for (provider, units) in charged {
            guard let place = index[provider] else { continue }
            lanes[place].cap?.restore(units, on: day)
        }
    }

    // MARK: Claiming

    /// What each channel can take. Called once a turn; rests that are over become probes here.
    mutating func wanted(window: Int, on day: HouseDay, at now: Moment) -> [Wanted] {
        for place in lanes.indices {
            lanes[place].look(at: now.uptime)
            lanes[place].balance.recover(at: now.uptime)
        }
        reviewing = []
        return Channel.allCases.compactMap { channel in
            let able = able(channel, on: day, at: now)
            if able.isEmpty { return review(of: channel, at: now) }
            let room = room(among: able, window, on: day, at: now)
            let emergencies = emergencyRoom(among: able, window)
            let limit = isWorthAPage(room, of: channel, among: able, at: now) ? min(room, Self.page) : 0
            if limit > 0 { paged[channel] = now.uptime }
            return limit + emergencies > 0 ? Wanted(channel, limit: limit, emergencies: emergencies) : nil
        }
    }

    /// While plenty waits in the lines, claims are saved up, for a moment: a page of a hundred costs each message a third of
    /// what a page of ten does.
    private func isWorthAPage(_ room: Int, of channel: Channel, among able: [Int], at now: Moment) -> Bool {
        guard room > 0 else { return false }
        if room >= Self.page / 2 || now.uptime >= nextPage(of: channel) { return true }
        let waiting = able.reduce(0) { $0 + lanes[$1].waiting }
        let slots = able.reduce(0) { $0 + lanes[$1].profile.concurrency }
        return waiting < 2 * slots || room > waiting
    }

    /// When any room is worth a page: what has come meanwhile and is more urgent than what waits must not wait longer.
    private func nextPage(of channel: Channel) -> Int64 { paged[channel, default: .min / 2] + Self.saving }
    /// Milliseconds.
    private static let saving: Int64 = 100

    private func room(among able: [Int], _ window: Int, on day: HouseDay, at now: Moment) -> Int {
        able.reduce(0) { $0 + lanes[$1].room(window: window, on: day, at: now.uptime) }
    }

    /// Claims of one channel in one turn: what is permitted and rendered in one go.
    private static let page = 512

    /// Accounts of the channel that may be used now, however busy they are. A reserve only where no other works: one that
    /// is being tried again has not shown yet that it does.
    func able(_ channel: Channel, on day: HouseDay, at now: Moment) -> [Int] {
        guard let places = serving[channel] else { return [] }
        let usable = places.filter {
            !lanes[$0].circuit.isOpen(at: now.uptime) && lanes[$0].cap?.isUsedUp(on: day) != true
        }
        let regular = usable.filter { lanes[$0].balance.resting > 0 }
        return regular.contains { lanes[$0].circuit.state == .closed } ? regular : usable
    }

    /// A few messages of a channel that cannot send are taken up once a minute all the same: policy may send them by
    /// another channel by now, and the others learn, for people to see, what they wait for. As long as some of a page find
    /// another way, the next page follows at once.
    private mutating func review(of channel: Channel, at now: Moment) -> Wanted? {
        guard now.uptime - reviewed[channel, default: .min / 2] >= Self.reviewPause.milliseconds else { return nil }
        reviewed[channel] = now.uptime
        reviewing.insert(channel)
        return Wanted(channel, limit: Self.reviewSize)
    }
    private static let reviewPause = Duration.seconds(60)
    private static let reviewSize = 256

    /// Some of what was looked through left by another way.
    mutating func reviewAgain() {
        for channel in reviewing { reviewed[channel] = nil }
        reviewing = []
    }
    var isReviewing: Bool { !reviewing.isEmpty }

    /// Channels that nothing leaves by at present.
    func closed(on day: HouseDay, at now: Moment) -> [Channel] {
        Channel.allCases.filter { able($0, on: day, at: now).isEmpty }
    }

    /// A full line of bulk must not keep an emergency in the queue: there is always some room for it.
    private func emergencyRoom(among able: [Int], _ window: Int) -> Int {
        let working = able.filter { lanes[$0].circuit.state == .closed }
        guard !working.isEmpty else { return 0 }
        return max(0, max(1, window / 10) - working.reduce(0) { $0 + lanes[$1].line.emergencies })
    }

    /// Channels that could take something now: the others need not be woken for.
    func open(window: Int, on day: HouseDay, at now: Moment) -> Set<Channel> {
        Set(
            Channel.allCases.filter { channel in
                let able = able(channel, on: day, at: now)
                return isWorthAPage(
                    room(among: able, window, on: day, at: now), of: channel, among: able, at: now)
            })
    }

    /// When to look again although nothing ends and nothing arrives.
    func wake(window: Int, on day: HouseDay, at now: Moment) -> Int64? {
        let pages = paged.keys.compactMap { channel -> Int64? in
            let able = able(channel, on: day, at: now)
            let room = room(among: able, window, on: day, at: now)
            // Otherwise it is open, and what falls due there says when.
            return room > 0 && !isWorthAPage(room, of: channel, among: able, at: now) ? nextPage(of: channel) : nil
        }
        return (lanes.compactMap { $0.wake(on: day, at: now.uptime) } + pages).min()
    }

    // MARK: Waiting

    enum Entry: Equatable {
        case waits
        /// The lines of its channel are full: it came from another channel's line, or an account has just gone.
        case full
        case closed(until: Date, HeldReason)
    }

    /// Puts a message into the line of an account of its channel that can serve now, by their shares; if none can, says
    /// what it waits for.
    ///
    /// - Parameter able: of its channel, as `able` says; it does not change within a page.
    mutating func enter(
        _ prepared: Prepared, able: [Int], window: Int, on day: HouseDay, chance: Double,
        at now: Moment
    ) -> Entry {
        let channel = prepared.permit.destination.channel
        if able.isEmpty {
            return closed(serving[channel] ?? [], on: day, now)
        }
        if able.count == 1, let only = able.first, lanes[only].circuit.state == .closed {
            // Nothing to choose from.
            let hasRoom = lanes[only].room(window: window, on: day, at: now.uptime) > 0
            guard hasRoom || lanes[only].waiting < 2 * window else { return .full }
            lanes[only].append(prepared)
            return .waits
        }
        let roomy = able.filter { lanes[$0].room(window: window, on: day, at: now.uptime) > 0 }
        let working = able.filter { lanes[$0].circuit.state == .closed }
        if let probed = roomy.first(where: { lanes[$0].circuit.state != .closed }),
            working.isEmpty || prepared.claim.message.priority != .emergency
        {
            // Whether an account works again only a message can tell: one, and no emergency that another could carry.
            lanes[probed].append(prepared)
            return .waits
        }
        // All have enough to do; what is claimed already may still wait in a line that is not too long.
        let free = working.filter(roomy.contains)
        let places = free.isEmpty ? working.filter { lanes[$0].waiting < 2 * window } : free
        guard let place = choose(among: places, chance) else { return .full }
        lanes[place].append(prepared)
        return .waits
    }

    private func closed(_ places: [Int], on day: HouseDay, _ now: Moment) -> Entry {
        // A cap ends with the day, but somebody may raise it before.
        let capped = !places.isEmpty && places.allSatisfy { lanes[$0].cap?.isUsedUp(on: day) == true }
        if capped { return .closed(until: min(day.end, now.wall.addingTimeInterval(600)), .rateLimit) }
        let earliest = places.compactMap { place -> Int64? in
            guard case .open(let until) = lanes[place].circuit.state else { return nil }
            return until
        }.min()
        // Not for the whole pause: a person may end it, and then it shall go at once.
        let soon = now.wall.addingTimeInterval(15)
        return .closed(until: min(soon, earliest.map(now.wall(at:)) ?? soon), .providerPaused)
    }

    private func choose(among places: [Int], _ chance: Double) -> Int? {
        let shares = places.map { lanes[$0].balance.points }
        let total = shares.reduce(0, +)
        // Reserves only, or shares that have all shifted away: in the order of the configuration.
        guard total > 0 else { return places.first }
        var rest = chance * total
        for (place, share) in zip(places, shares) {
            if rest < share { return place }
            rest -= share
        }
        return places.last { lanes[$0].balance.points > 0 }
    }

    // MARK: Beginning

    struct Offer {
        var beginnings: [Beginning] = []
        /// Waited so long that policy must be asked again.
        var outdated: [Prepared] = []
    }

    /// What may begin in this turn: as many as there are slots, so that a crash leaves no more unknown than that.
    mutating func offer(on day: HouseDay, at now: Moment) -> Offer {
        var offer = Offer()
        for place in lanes.indices {
            while let prepared = lanes[place].take(on: day, at: now.uptime) {
                guard now.wall < prepared.permit.until else {
                    lanes[place].giveBack(prepared)
                    offer.outdated.append(prepared)
                    continue
                }
                offered[prepared.claim.token] = (prepared, place)
                offer.beginnings.append(beginning(prepared, at: place, on: day))
            }
        }
        return offer
    }

    private func beginning(_ prepared: Prepared, at place: Int, on day: HouseDay) -> Beginning {
        Beginning(
            message: prepared.claim.message.id, token: prepared.claim.token, provider: lanes[place].profile.id,
            destination: prepared.permit.destination, recipient: prepared.claim.message.recipient,
            account: prepared.claim.message.condition?.account, epoch: prepared.permit.epoch,
            until: prepared.permit.until,
            charge: lanes[place].charge(for: prepared, on: day))
    }

    /// The store has committed `began` for these: they leave now, one batch per account.
    mutating func start(_ tokens: [Int64], at now: Moment) -> [(provider: any Provider, batch: [Prepared])] {
        var batches: [Int: [Prepared]] = [:]
        for token in tokens {
            guard let (prepared, place) = offered.removeValue(forKey: token) else { continue }
            begun[token] = Begun(prepared: prepared, place: place, at: now)
            batches[place, default: []].append(prepared)
        }
        return batches.sorted { $0.key < $1.key }.map { (lanes[$0.key].provider, $0.value) }
    }

    /// The store did not let these begin; their slots are free again.
    mutating func withdraw(_ tokens: [Int64]) -> [Prepared] {
        tokens.compactMap { token in
            guard let (prepared, place) = offered.removeValue(forKey: token) else { return nil }
            lanes[place].giveBack(prepared)
            return prepared
        }
    }

    /// The turn failed as a whole: what was offered waits again, in its old order.
    mutating func withdrawOffers() {
        for (prepared, place) in offered.values.sorted(by: { $0.prepared.claim.token > $1.prepared.claim.token }) {
            lanes[place].giveBack(prepared)
            lanes[place].putBack(prepared)
        }
        offered = [:]
    }

    // MARK: Ending

    /// One submission has ended; nil for an answer nobody waits for.
    mutating func end(_ token: Int64) -> Begun? {
        guard let ended = begun.removeValue(forKey: token) else { return nil }
        lanes[ended.place].ended(began: ended.at.uptime)
        return ended
    }

    /// For the little that only the lane of an answer knows.
    mutating func at<Value>(_ place: Int, _ body: (inout Lane) -> Value) -> Value { body(&lanes[place]) }
    func place(of provider: ProviderID) -> Int? { index[provider] }
    func profile(of provider: ProviderID) -> ProviderProfile? { index[provider].map { lanes[$0].profile } }
    func provider(_ id: ProviderID) -> (any Provider)? { index[id].map { lanes[$0].provider } }

    /// What waits for this account goes back to the queue: another account may carry it.
    mutating func releaseWaiting(at place: Int) -> [Prepared] { lanes[place].releaseWaiting() }

    /// Accounts that have used up their daily cap let go of what waits for them.
    mutating func releaseCapped(on day: HouseDay) -> [Prepared] {
        lanes.indices.filter { lanes[$0].cap?.isUsedUp(on: day) == true }.flatMap { lanes[$0].releaseWaiting() }
    }

    /// At shutdown: everything that has not begun goes back to the queue.
    mutating func releaseAll() -> [Prepared] { lanes.indices.flatMap { lanes[$0].releaseWaiting() } }

    /// Moves shares between the accounts of one channel when one fails or lags behind.
    mutating func rebalance(_ place: Int, at now: Int64) {
        let rivals = rivals[place]
        guard !rivals.isEmpty else { return }
        if lanes[place].balance.fails(at: now) {
            lanes[place].balance.shift(forErrors: true, at: now)
        } else if lanes[place].balance.isSlow, !rivals.allSatisfy({ lanes[$0].balance.isSlow }) {
            // When all are slow it is not this account.
            lanes[place].balance.shift(forErrors: false, at: now)
        }
    }
}

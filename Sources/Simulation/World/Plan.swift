import Delivery
import Domain
import FoundationEssentials
import Rendering

/// What a seed makes of a world before it begins. Not every kind of trouble is in every world: where there are no deaths
/// and no lost commits, the sums must be exact.
struct Plan: Sendable {
    var start: Date
    /// When everything works again and everybody stops asking for things.
    let healing: Int64
    var accounts: [FarAccount] = []
    var events: [(at: Int64, event: Event)] = []
    /// Of a call of the store: it fails before it does anything, or its answer is lost after it did.
    var refusals = 0.0
    var lostCommits = 0.0
    var window: Int
    /// Of which order the preparation ends the process.
    var poison: MessageID?
    /// The worker's own sums must be those of the books.
    var isExact: Bool { lostCommits == 0 && poison == nil && !events.contains { $0.event.endsAProcess } }

    static let origin: Int64 = 1_000_000
    /// What is added to the number of an order that is sent once more.
    static let retries: Int64 = 100

    init(_ chance: Chance, canBeShared: Bool) {
        // Tuesday, 24 November 2026, some hour of the day.
        start = Date(timeIntervalSince1970: 1_795_467_600 + Double(chance.among(0...86_399)))
        // A quarter of an hour before the day of the caps ends, which is UTC's here.
        if chance.happens(0.15) { start = Date(timeIntervalSince1970: 1_795_478_400 - Double(chance.among(0...900))) }
        healing = Self.origin + Int64(chance.among(300...900)) * 1000
        window = chance.one(of: [1, 2, 4, 8, 64])
        if chance.happens(0.3) { refusals = 0.02 }
        if chance.happens(0.3) { lostCommits = 0.02 }
        makeAccounts(chance)
        makeMessages(chance.fork())
        makePeople(chance.fork())
        makeTrouble(chance.fork(), canBeShared: canBeShared)
    }

    func some(_ chance: Chance) -> Int64 {
        Self.origin + Int64(chance.fraction() * Double(healing - Self.origin))
    }

    mutating func add(_ event: Event, _ at: Int64) { events.append((at, event)) }

    // MARK: The far side

    private mutating func makeAccounts(_ chance: Chance) {
        for (channel, names) in Town.provider.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (place, name) in names.enumerated() where place == 0 || chance.happens(0.4) {
                let profile = profile(ProviderID(name)!, channel, chance)
                accounts.append(FarAccount(profile, moods: moods(chance), chance: chance.fork()))
            }
        }
    }

    private func profile(_ id: ProviderID, _ channel: Channel, _ chance: Chance) -> ProviderProfile {
        var profile = ProviderProfile(
            id: id, channels: [channel], concurrency: chance.among(1...4), idempotent: chance.happens(0.2),
            timeout: .seconds(10))
        profile.canBeAsked = chance.happens(0.5)
        profile.reportsDelivery = true
        if chance.happens(0.2) { profile.pace.rate = Double(chance.among(1...4)) / 4 }
        if chance.happens(0.1) { profile.pace.perChat = .seconds(chance.among(1...5)) }
        if chance.happens(0.15) { profile.pace.dailyCap = chance.among(2...8) }
        return profile
    }

    private func moods(_ chance: Chance) -> [(from: Int64, mood: FarAccount.Mood)] {
        var moods: [(Int64, FarAccount.Mood)] = [(Self.origin, chance.one(of: FarAccount.Mood.allCases))]
        for _ in 0..<chance.among(0...4) { moods.append((some(chance), chance.one(of: FarAccount.Mood.allCases))) }
        return moods.sorted { $0.0 < $1.0 } + [(healing, .well)]
    }

    // MARK: Clients

    private mutating func makeMessages(_ chance: Chance) {
        let burst = chance.happens(0.5)
        let count = chance.among(8...32)
        if chance.happens(0.08) { poison = MessageID(raw: Int64(chance.among(1...count))) }
        for number in 1...count {
            let at = burst ? Self.origin + Int64(chance.among(0...5000)) : some(chance)
            let order = order(number, at: at, chance)
            add(.enqueue(order), at)
            if chance.happens(0.08) { add(.cancel(order.message.id), at + Int64(chance.among(0...60_000))) }
            // Between the permit and the first byte, if chance so wills.
            if chance.happens(0.06) {
                let word = Event.withdraw(resident: order.resident, order.message.purpose, nil)
                add(word, at + Int64(chance.among(1...80)))
            }
            if chance.happens(0.15) { add(.retry(order.message.id), at + Int64(chance.among(30_000...600_000))) }
            if chance.happens(0.1) {
                let word = chance.one(of: [MessageEvent.resent, .writtenOff])
                add(.decide(order.message.id, word), at + Int64(chance.among(20_000...400_000)))
            }
        }
    }

    private func order(_ number: Int, at: Int64, _ chance: Chance) -> Event.Order {
        let id = MessageID(raw: Int64(number))
        let resident = chance.among(1...Town.residents)
        let purpose = Town.purposes[chance.one(of: [Town.hold, Town.ask, Town.resend, Town.news])]!
        let wall = start.addingTimeInterval(Double(at - Self.origin) / 1000)
        var message = Message(
            id: id, client: "billing", idempotencyKey: "k\(number)", purpose: purpose.id, template: Town.template.ref,
            recipient: Town.recipient(resident), variables: ["word": .text(Town.canary(id, of: resident))],
            priority: chance.happens(0.3) ? chance.one(of: Priority.allCases) : purpose.priority,
            expiresAt: wall.addingTimeInterval(Double(chance.one(of: [45, 300, 3600, 14_400, 90_000]))),
            acceptedAt: wall)
        // So soon that it may be in a worker's hands by then.
        if chance.happens(0.06) { message.expiresAt = wall.addingTimeInterval(Double(chance.among(20...200)) / 1000) }
        if chance.happens(0.3) { message.channels = Array(purpose.channels.prefix(chance.among(1...3))) }
        if chance.happens(0.2), let channel = purpose.channels.first {
            message.destinations = [Town.destination(of: resident, on: channel)]
        }
        if chance.happens(0.3) { message.fallback = Fallback(after: .seconds(chance.one(of: [60, 90, 300]))) }
        if chance.happens(0.2) { message.sendAt = wall.addingTimeInterval(Double(chance.among(1...400))) }
        if chance.happens(0.1) { message.supersedes = "matter\(chance.among(1...2))" }
        let channel = message.channels.first ?? message.destinations.first?.channel ?? purpose.channels[0]
        return Event.Order(
            message: message, resident: resident, channel: channel, canary: Town.canary(id, of: resident))
    }
}

extension Event {
    fileprivate var endsAProcess: Bool {
        switch self {
        case .die, .dieSending, .freeze, .restart: true
        case .enqueue, .withdraw, .grant, .suppress, .lift, .cancel, .decide, .retry, .pause, .resume, .hold, .release,
            .arrival, .answer, .finding, .report, .stall, .setWall, .storage, .heal:
            false
        }
    }
}

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
    /// The worker's own sums must be those of the books.
    var isExact: Bool { lostCommits == 0 && !events.contains { $0.event.endsAProcess } }

    private static let origin: Int64 = 1_000_000

    init(_ chance: Chance, canBeShared: Bool) {
        // Tuesday, 24 November 2026, some hour of the day.
        start = Date(timeIntervalSince1970: 1_795_467_600 + Double(chance.among(0...86_399)))
        healing = Self.origin + Int64(chance.among(300...900)) * 1000
        window = chance.one(of: [1, 2, 4, 8, 64])
        if chance.happens(0.3) { refusals = 0.02 }
        if chance.happens(0.3) { lostCommits = 0.02 }
        makeAccounts(chance)
        makeMessages(chance.fork())
        makePeople(chance.fork())
        makeTrouble(chance.fork(), canBeShared: canBeShared)
    }

    private func some(_ chance: Chance) -> Int64 {
        Self.origin + Int64(chance.fraction() * Double(healing - Self.origin))
    }

    private mutating func add(_ event: Event, _ at: Int64) { events.append((at, event)) }

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
        if chance.happens(0.1) { profile.pace.dailyCap = chance.among(3...10) }
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
        for number in 1...chance.among(10...40) {
            let at = burst ? Self.origin + Int64(chance.among(0...5000)) : some(chance)
            let order = order(number, at: at, chance)
            add(.enqueue(order), at)
            if chance.happens(0.08) { add(.cancel(order.message.id), at + Int64(chance.among(0...60_000))) }
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
        if chance.happens(0.3) { message.channels = Array(purpose.channels.prefix(chance.among(1...3))) }
        if chance.happens(0.2), let channel = purpose.channels.first {
            message.destinations = [Town.destination(of: resident, on: channel)]
        }
        if chance.happens(0.3) { message.fallback = Fallback(after: .seconds(chance.one(of: [60, 90, 300]))) }
        if chance.happens(0.2) { message.sendAt = wall.addingTimeInterval(Double(chance.among(1...400))) }
        if chance.happens(0.1) { message.supersedes = "matter\(chance.among(1...2))" }
        let channel = message.channels.first ?? message.destinations.first?.channel ?? purpose.channels[0]
        return Event.Order(message: message, resident: resident, channel: channel)
    }

    // MARK: Residents and operators

    private mutating func makePeople(_ chance: Chance) {
        for _ in 0..<chance.among(0...6) {
            let resident = chance.among(1...Town.residents)
            let purpose = chance.one(of: [Town.hold, Town.ask, Town.resend, Town.news, Town.news])
            add(.withdraw(resident: resident, purpose, chance.one(of: [nil, .sms, .max, .email])), some(chance))
            if chance.happens(0.3) { add(.grant(resident: resident, purpose), some(chance)) }
        }
        for _ in 0..<chance.among(0...2) {
            let all = Town.destinations(of: chance.among(1...Town.residents))
            let destination = chance.one(of: all)
            add(.suppress(destination), some(chance))
            if chance.happens(0.3) { add(.lift(destination), some(chance)) }
        }
        for _ in 0..<(chance.happens(0.3) ? chance.among(1...3) : 0) {
            let account = chance.one(of: accounts).profile.id
            let at = some(chance)
            add(.pause(account), at)
            if chance.happens(0.7) { add(.resume(account), at + Int64(chance.among(1000...200_000))) }
        }
    }

    // MARK: The machine

    private mutating func makeTrouble(_ chance: Chance, canBeShared: Bool) {
        if chance.happens(0.5) {
            for _ in 0..<chance.among(1...4) { add(.die(crossings: chance.among(0...14)), some(chance)) }
        }
        if canBeShared, chance.happens(0.15) { add(.freeze, some(chance)) }
        if chance.happens(0.2) { add(.restart, some(chance)) }
        if chance.happens(0.15) { add(.stall(seconds: chance.one(of: [3, 70, 200])), some(chance)) }
        if chance.happens(0.2) {
            for _ in 0..<chance.among(1...2) {
                add(.setWall(seconds: chance.one(of: [-3600, 3600, 30 * 86_400])), some(chance))
            }
        }
        if chance.happens(0.25) {
            let at = some(chance)
            add(.diskFull(true), at)
            add(.diskFull(false), at + Int64(chance.among(500...60_000)))
        }
        add(.heal, healing)
    }
}

extension Event {
    fileprivate var endsAProcess: Bool {
        switch self {
        case .die, .freeze, .restart: true
        case .enqueue, .withdraw, .grant, .suppress, .lift, .cancel, .decide, .pause, .resume, .arrival, .answer,
            .finding,
            .report, .stall, .setWall, .diskFull, .heal:
            false
        }
    }
}

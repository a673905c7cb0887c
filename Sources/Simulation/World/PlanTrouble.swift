import Delivery
import Domain
import FoundationEssentials

// People who change their minds, and the machine's misfortunes.

extension Plan {
    // MARK: Residents and operators

    mutating func makePeople(_ chance: Chance) {
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
        if chance.happens(0.15) {
            let at = some(chance)
            add(.hold, at)
            add(.release, at + Int64(chance.among(500...120_000)))
        }
    }

    // MARK: The machine

    mutating func makeTrouble(_ chance: Chance, canBeShared: Bool) {
        if chance.happens(0.5) {
            for _ in 0..<chance.among(1...4) { add(.die(crossings: chance.among(0...14)), some(chance)) }
        }
        if chance.happens(0.12) {
            // Whatever starts it again starts it into the same trouble.
            var at = some(chance)
            for _ in 0..<chance.among(3...6) {
                add(.die(crossings: chance.among(0...5)), at)
                at += Int64(chance.among(100...6000))
            }
        }
        if chance.happens(0.15) { add(.dieSending, some(chance)) }
        if canBeShared, chance.happens(0.2) {
            let at = chance.one(of: [some(chance), Plan.origin + Int64(chance.among(100...8000))])
            add(.freeze(seconds: chance.one(of: [1, 5, 120])), at)
        }
        if chance.happens(0.2) { add(.restart, some(chance)) }
        if chance.happens(0.15) { add(.stall(seconds: chance.one(of: [3, 70, 200])), some(chance)) }
        if chance.happens(0.2) {
            for _ in 0..<chance.among(1...2) {
                let at = some(chance)
                let seconds: Double = chance.one(of: [-3600, -2, 2, 3600, 30 * 86_400])
                add(.setWall(seconds: seconds), at)
                if chance.happens(0.4) { add(.setWall(seconds: -seconds), at + Int64(chance.among(100...120_000))) }
            }
        }
        for trouble in [StoreError.Kind.full, .busy] where chance.happens(0.2) {
            let at = some(chance)
            add(.storage(trouble), at)
            add(.storage(nil), at + Int64(chance.among(500...60_000)))
        }
        add(.heal, healing)
    }
}

import Domain
import FoundationEssentials
import Policy
import Queue
import StoreSQLite

/// A real file, synchronous = FULL. One repetition is one message: accepted, claimed and looked up in the books, begun
/// and settled, in turns of 100 messages.
let storeCases: [Case] = [
    Case(name: "store: enqueue, claim, settle", short: 200, long: 1000) { folder in
        let shop = try await Shop(folder + "/micro.db")
        return { times in for page in 0..<times / Shop.page { try await shop.page(page) } }
    }
]

private struct Shop: Sendable {
    static let page = 100, residents = 200
    let store: SQLiteStore
    let time = Moment(wall: Samples.noon, uptime: 1_000_000)

    init(_ path: String) async throws {
        store = try SQLiteStore.open(path, holder: "micro", at: Samples.noon)
        let people = 0..<Self.residents
        try await store.put(try people.map(Samples.recipient), at: time)
        try await store.record(try people.flatMap(Samples.ledger), at: time)
    }

    func page(_ page: Int) async throws {
        let numbers = page * Self.page..<(page + 1) * Self.page
        _ = try await store.enqueue(
            try numbers.map { number in
                Enqueue(
                    message: try Samples.message(
                        BenchWords.mail, template: "bench-mail", recipient: number % Self.residents,
                        variables: Samples.mailVariables, number: Int64(number)),
                    requestHash: [UInt8](repeating: UInt8(number & 0xFF), count: 32),
                    start: .queued(due: Samples.noon, nil, .email))
            }, at: time)
        let claims = try await store.turn(
            TurnRequest(wanted: [Wanted(.email, limit: Self.page)]), at: time
        ).claims
        let standings = try await store.standings(of: claims.map(\.message), at: time)
        let provider = try known(ProviderID("mail-a"))
        var beginning: [Beginning] = [], finished: [Settlement] = []
        for (claim, standing) in zip(claims, standings) {
            let to = try known(standing.recipient?.destinations.first)
            beginning.append(
                Beginning(
                    message: claim.message.id, token: claim.token, provider: provider, destination: to,
                    recipient: claim.message.recipient, epoch: standing.epoch))
            var progress = claim.progress
            progress.submissions = 1
            progress.reach = .accepted
            finished.append(
                Settlement(
                    message: claim.message.id, token: claim.token, event: .accepted,
                    attempt: Attempt(
                        number: 1, provider: provider, destination: to, beganAt: Samples.noon, endedAt: Samples.noon,
                        outcome: .accepted(Receipt(providerID: "queued as 7F3A"))),
                    progress: progress,
                    decision: [
                        DecisionStep("suppression", "email: pass"),
                        DecisionStep("consent", "email: granted (cns_0000000000001)"), DecisionStep("channel", "email"),
                    ]))
        }
        let begun = try await store.turn(TurnRequest(beginning: beginning), at: time).begun
        let settled = try await store.turn(TurnRequest(finished: finished), at: time).settled
        guard begun.count == Self.page, settled.allSatisfy({ $0 != nil }) else { throw Missing() }
    }
}

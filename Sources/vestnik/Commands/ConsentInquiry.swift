import Domain
import Foundation
import Policy
import Settings
import StoreSQLite
import Wording

/// `consent check`: asks the real policy about a message that does not exist, and tells its steps.
struct ConsentInquiry {
    let house: ReadingRoom

    func ask(_ recipient: String, _ purposeName: String, _ channelName: String?) async throws -> ConsentAnswer {
        let id = try RecipientID(typed: recipient)
        let purpose = try house.settings.purpose(named: purposeName)
        let channels = try channelName.map { [try Channel(typed: $0)] } ?? []
        let now = Clocks.now()
        guard try await house.reading({ store throws(StoreError) in try await store.recipient(id) }) != nil else {
            throw Failure(.badData, ru: "получателя \(id) нет в базе", en: "no recipient \(id) in the database")
        }
        let message = Message(
            id: MessageID(raw: 0), client: "consent-check", purpose: purpose.id,
            template: TemplateRef(id: "", version: ""), recipient: id, channels: channels,
            expiresAt: now.wall, acceptedAt: now.wall)
        let standings = try await house.reading { store throws(StoreError) in
            try await store.standings(of: [message], at: now)
        }
        let standing = standings.first ?? Standing(epoch: Epoch(0))
        let decision = decide(
            Question(
                message: message, purpose: purpose, standing: standing,
                rules: house.settings.configuration.rules), at: now.wall)
        return ConsentAnswer(decision)
    }
}

struct ConsentAnswer: Encodable {
    var allowed: Bool
    var channel: String?
    /// Why not: a `suppressed` reason, or what it waits for.
    var reason: String?
    var until: String?
    var steps: [DecisionStep]
    private var why: Words?
    private var end: Date?

    enum CodingKeys: CodingKey { case allowed, channel, reason, until, steps }

    init(_ decision: Decision) {
        steps = decision.steps
        switch decision.ending {
        case .success(let permit):
            allowed = true
            channel = permit.destination.channel.rawValue
        case .failure(.refused(let refusal)):
            allowed = false
            reason = refusal.rawValue
            why = refusal.words
        case .failure(.postponed(let end, let held)):
            // Allowed, only not at this hour.
            allowed = true
            reason = held.rawValue
            why = Words(ru: "не сейчас, ждёт \(held.words.ru)", en: "not now, it waits for \(held.words.en)")
            until = end.ISO8601Format()
            self.end = end
        case .failure(.failed(let failure)):
            allowed = false
            reason = failure.reason.rawValue
            why = failure.reason.words
        }
    }

    /// Reasons in words, times on the organisation's clock, as everywhere else.
    func text(_ house: ReadingRoom) -> String {
        var verdict = allowed ? Words(ru: "МОЖНО", en: "ALLOWED") : Words(ru: "НЕЛЬЗЯ", en: "NOT ALLOWED")
        func add(_ ru: String, _ en: String) { verdict = Words(ru: verdict.ru + ru, en: verdict.en + en) }
        if let channel { add(", канал \(channel)", ", channel \(channel)") }
        if let why { add(": \(why.ru)", ": \(why.en)") }
        if let end { add(", до \(house.clock(end))", ", until \(house.clock(end))") }
        let rules = steps.map { step in
            let result = end.map { step.result.replacing($0.ISO8601Format(), with: house.clock($0)) } ?? step.result
            return "  \(step.rule): \(result)"
        }
        return ([verdict(house.language)] + rules).joined(separator: "\n")
    }
}

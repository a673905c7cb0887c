import Domain
import Foundation
import Policy
import Settings
import StoreSQLite

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

    init(_ decision: Decision) {
        steps = decision.steps
        switch decision.ending {
        case .success(let permit):
            allowed = true
            channel = permit.destination.channel.rawValue
        case .failure(.refused(let refusal)):
            allowed = false
            reason = refusal.rawValue
        case .failure(.postponed(let end, let held)):
            // Allowed, only not at this hour.
            allowed = true
            reason = held.rawValue
            until = end.ISO8601Format()
        case .failure(.failed(let failure)):
            allowed = false
            reason = failure.reason.rawValue
        }
    }

    func text(_ language: Language) -> String {
        var verdict = allowed ? Words(ru: "МОЖНО", en: "ALLOWED") : Words(ru: "НЕЛЬЗЯ", en: "NOT ALLOWED")
        if let channel {
            verdict = Words(ru: verdict.ru + ", канал \(channel)", en: verdict.en + ", channel \(channel)")
        }
        if let reason { verdict = Words(ru: verdict.ru + ": \(reason)", en: verdict.en + ": \(reason)") }
        if let until { verdict = Words(ru: verdict.ru + " до \(until)", en: verdict.en + " until \(until)") }
        return ([verdict(language)] + steps.map { "  \($0.rule): \($0.result)" }).joined(separator: "\n")
    }
}

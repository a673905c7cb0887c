import Domain
import Foundation
import Policy
import Settings
import StoreSQLite
import Wording

/// `consent check`, from the words of the command line.
extension ReadingRoom {
    func ask(_ recipient: String, _ purposeName: String, _ channelName: String?) async throws -> ConsentAnswer {
        let id = try RecipientID(typed: recipient)
        let purpose = try settings.purpose(named: purposeName)
        let channel = try channelName.map(Channel.init(typed:))
        let now = Clocks.now(), rules = settings.configuration.rules
        let answer = try await reading { store throws(StoreError) in
            try await ConsentInquiry(books: store, rules: rules)(id, purpose, channel, at: now)
        }
        guard let answer else {
            throw Failure(.badData, ru: "получателя \(id) нет в базе", en: "no recipient \(id) in the database")
        }
        return answer
    }
}

/// The answer as `--json` prints it.
struct ConsentAnswerLine: Encodable {
    var allowed: Bool
    var channel: String?
    var reason: String?
    var until: String?
    var steps: [DecisionStep]

    init(_ answer: ConsentAnswer) {
        allowed = answer.allowed
        channel = answer.channel?.rawValue
        reason = answer.reason
        until = answer.until?.ISO8601Format()
        steps = answer.steps
    }
}

extension ConsentAnswer {
    private var why: Words? {
        switch stop {
        case nil: nil
        case .refused(let reason)?: reason.words
        case .postponed(_, let held)?:
            Words(ru: "не сейчас, ждёт \(held.words.ru)", en: "not now, it waits for \(held.words.en)")
        case .failed(let failure)?: failure.reason.words
        }
    }

    /// Reasons in words, times on the organisation's clock, as everywhere else.
    func text(_ house: ReadingRoom) -> String {
        var verdict = allowed ? Words(ru: "МОЖНО", en: "ALLOWED") : Words(ru: "НЕЛЬЗЯ", en: "NOT ALLOWED")
        func add(_ ru: String, _ en: String) { verdict = Words(ru: verdict.ru + ru, en: verdict.en + en) }
        if let channel { add(", канал \(channel.rawValue)", ", channel \(channel.rawValue)") }
        if let why { add(": \(why.ru)", ": \(why.en)") }
        if let until { add(", до \(house.clock(until))", ", until \(house.clock(until))") }
        let rules = steps.map { step in
            let result =
                until.map { step.result.replacing($0.ISO8601Format(), with: house.clock($0)) } ?? step.result
            return "  \(step.rule): \(result)"
        }
        return ([verdict(house.language)] + rules).joined(separator: "\n")
    }
}

import Domain
import FoundationEssentials

/// Whether the reason for a message still holds, by what is known of the account at this moment.
struct ConditionRule {
    let condition: Condition
    let facts: AccountFacts?
    let purpose: Purpose

    struct Answer {
        /// In words for the journal.
        let step: String
        /// Nil where nothing stands in the way.
        let refusal: SuppressedReason?
        /// From then on the facts it rests on are too old; nil where their age does not matter.
        var until: Date?
    }

    func answer(at now: Date) -> Answer {
        guard let facts else { return doubtful("nothing is known of \(condition.account)") }
        let known = "balance \(facts.balance.text) as of \(facts.asOf.ISO8601Format())"
        let end = purpose.factsMaxAge.map { facts.asOf.addingTimeInterval($0.seconds) }
        if let end, end <= now { return doubtful("too old: \(known)") }
        guard condition.holds(for: facts.balance) else {
            return Answer(step: "\(condition.text): false (\(known))", refusal: .conditionFalse)
        }
        return Answer(
            step: "\(condition.text): pass (\(known))", refusal: nil, until: purpose.onDoubt == .suppress ? end : nil)
    }

    private func doubtful(_ why: String) -> Answer {
        switch purpose.onDoubt {
        case .send: Answer(step: "\(condition.text): \(why), sent all the same", refusal: nil)
        case .suppress: Answer(step: "\(condition.text): \(why), not sent", refusal: .conditionFalse)
        }
    }
}

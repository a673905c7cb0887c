package import Domain

/// One line of a provider's table: `if` all tests hold, `then` this. Rules are read from the top, the first that holds
/// decides; after the last one come the rules all providers share, which never take a status for an acceptance.
package struct ReplyRule: Sendable, Hashable {
    package enum Ending: Sendable, Hashable {
        case accepted
        case failed(DeliveryFailure.Reason)

        /// Reasons a reply can give; the others are found out before anything is sent.
        package static let reasons: [DeliveryFailure.Reason] = [
            .unknownAddress, .optedOut, .addressBusy, .contentRejected, .tooLong, .throttled, .unreachable,
            .badCredentials, .outOfFunds, .misconfigured, .unintelligible, .noAnswer,
        ]

        /// `accepted`, or a reason of docs/FAILURES.md.
        package init(_ word: String) throws(DescriptionError) {
            if word == "accepted" {
                self = .accepted
            } else if let reason = Self.reasons.first(where: { $0.rawValue == word }) {
                self = .failed(reason)
            } else {
                throw .unknown(word, among: ["accepted"] + Self.reasons.map(\.rawValue))
            }
        }
    }

    let condition: ReplyCondition
    package let then: Ending
    /// A short name of the case, for the operator: `sender_not_registered`.
    package let why: String?
    package let after: Duration?

    package init(condition: String, then: Ending, why: String?, after: Duration?) throws(DescriptionError) {
        self.condition = try ReplyCondition(condition)
        self.then = then
        self.why = why
        self.after = after
    }
}

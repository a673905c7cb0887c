package import Domain
package import FoundationEssentials

/// "May we write?": asks the real policy about a message that does not exist, and tells its steps.
package struct ConsentInquiry: Sendable {
    private let books: any ConsentBook
    private let rules: HouseRules

    package init(books: any ConsentBook, rules: HouseRules) {
        self.books = books
        self.rules = rules
    }

    /// - Parameter channel: nil: whichever the purpose prefers.
    /// - Returns: nil where the resident is not in the books.
    package func callAsFunction(
        _ recipient: RecipientID, _ purpose: Purpose, _ channel: Channel?, at now: Moment
    ) async throws(StoreError) -> ConsentAnswer? {
        let message = Message(
            id: MessageID(raw: 0), client: "consent-check", purpose: purpose.id,
            template: TemplateRef(id: "", version: ""), recipient: recipient, channels: channel.map { [$0] } ?? [],
            expiresAt: now.wall, acceptedAt: now.wall)
        guard let standing = try await books.standings(of: [message], at: now).first, standing.recipient != nil else {
            return nil
        }
        let question = Question(message: message, purpose: purpose, standing: standing, rules: rules)
        return ConsentAnswer(decide(question, at: now.wall))
    }
}

/// What policy said, for those who asked without a message.
package struct ConsentAnswer: Sendable {
    package let steps: [DecisionStep]
    /// The way it would take.
    package let channel: Channel?
    /// What stands in the way, for now or for good.
    package let stop: Stop?

    package init(_ decision: Decision) {
        steps = decision.steps
        switch decision.ending {
        case .success(let permit): (channel, stop) = (permit.destination.channel, nil)
        case .failure(let stop): (channel, self.stop) = (nil, stop)
        }
    }

    /// Also where it is only the hour that is wrong.
    package var allowed: Bool {
        switch stop {
        case nil, .postponed?: true
        case .refused?, .failed?: false
        }
    }

    /// A `suppressed` reason, what it waits for, or why nobody could carry it.
    package var reason: String? {
        switch stop {
        case nil: nil
        case .refused(let reason)?: reason.rawValue
        case .postponed(_, let held)?: held.rawValue
        case .failed(let failure)?: failure.reason.rawValue
        }
    }

    package var until: Date? {
        if case .postponed(let until, _)? = stop { until } else { nil }
    }
}

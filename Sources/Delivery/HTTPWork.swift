import Domain

/// What one conversation is about: where it begins and who hears how it ended.
enum HTTPWork: Sendable {
    /// One submission of a batch; nothing of it is copied.
    case submission(HTTPBatch, Int)
    case call(HTTPCall)

    func first() throws(DeliveryFailure) -> HTTPExchange {
        switch self {
        case .submission(let batch, let place): try batch.provider.exchange(for: batch.submissions[place])
        case .call(let call): try call.first()
        }
    }

    func ended(_ outcome: Result<Receipt, DeliveryFailure>, _ outbox: inout Outbox) {
        switch self {
        case .submission(let batch, let place):
            outbox.add(Answer(reference: batch.submissions[place].reference, outcome: outcome), to: batch.answers)
        case .call(let call): call.ended(outcome, &outbox)
        }
    }

    func isCalled(_ id: HTTPCall.ID) -> Bool { if case .call(let call) = self { call.id == id } else { false } }
}

/// The submissions of one `submit` call.
final class HTTPBatch: Sendable {
    let submissions: [Submission]
    let provider: any HTTPProvider
    let answers: Answers

    init(_ submissions: [Submission], _ provider: any HTTPProvider, _ answers: Answers) {
        self.submissions = submissions
        self.provider = provider
        self.answers = answers
    }
}

/// A conversation that is no submission: a question, a check of the connection, a command to our own gateway.
struct HTTPCall: Sendable {
    typealias ID = UInt64
    let id: ID
    let first: @Sendable () throws(DeliveryFailure) -> HTTPExchange
    /// Called on the loop's thread, exactly once. What it returns is flushed at the end of the turn.
    let ended: @Sendable (Result<Receipt, DeliveryFailure>, inout Outbox) -> Void
}

enum HTTPCommand: Sendable {
    case carry(HTTPBatch)
    case begin(HTTPCall)
    case cancel(HTTPCall.ID)
}

package import Domain
package import FoundationEssentials

// A request left, no answer came, and now the message is `unconfirmed`. Some providers can be asked what became of it by
// the name we gave it. Nothing is sent by asking, so an inquiry may be repeated; what follows from its finding is the
// worker's business.

/// One submission whose outcome is not known.
package struct Inquiry: Sendable, Hashable {
    package let reference: MessageID
    /// Which submission of the message it was, from 1.
    package let number: Int
    package let to: Destination
    /// When the submission began: a provider that has not heard of it a moment later proves nothing.
    package let beganAt: Date
    package init(reference: MessageID, number: Int, to: Destination, beganAt: Date) {
        self.reference = reference
        self.number = number
        self.to = to
        self.beganAt = beganAt
    }
}

package struct Finding: Sendable, Hashable {
    package enum Result: Sendable, Hashable {
        /// The provider knows our name for it: it took the message, whatever became of it later.
        case had(Receipt)
        /// The provider said in so many words that it does not know our name for it.
        case hadNot
        /// Everything else: no answer, an answer we do not understand, too early or too late to tell.
        case cannotTell
    }
    package let reference: MessageID
    package let result: Result
    package init(reference: MessageID, result: Result) {
        self.reference = reference
        self.result = result
    }
}

extension Provider {
    /// Most providers know only names of their own, which a lost answer never told us.
    package func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
        guard !inquiries.isEmpty else { return }
        answer(inquiries.map { Finding(reference: $0.reference, result: .cannotTell) })
    }
}

/// A question over HTTP: one request that changes nothing, and what its reply says.
package struct HTTPQuestion: Sendable {
    package var request: HTTPRequest
    /// Reads a complete reply of any status.
    package var read: @Sendable (HTTPResponse) -> Finding.Result
    package init(_ request: HTTPRequest, read: @escaping @Sendable (HTTPResponse) -> Finding.Result) {
        self.request = request
        self.read = read
    }
}

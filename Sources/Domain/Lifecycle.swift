/// Where a message stands. One word at a time; the last five are final.
package enum MessageState: String, Sendable, CaseIterable {
    case queued, sending, sent, unconfirmed
    case delivered, failed, suppressed, expired, cancelled

    package var isFinal: Bool {
        switch self {
        case .queued, .sending, .sent, .unconfirmed: false
        case .delivered, .failed, .suppressed, .expired, .cancelled: true
        }
    }
}

/// What can happen to a message. Facts in the past tense, never orders.
package enum MessageEvent: String, Sendable, CaseIterable {
    case claimed, postponed, refused
    case accepted, notTaken, failedTemporarily, failedPermanently, fellBack
    case leaseLost, answerLost
    case reportedDelivered, reportedFailed
    case resent, writtenOff, expiryPassed, cancelled, superseded
}

package enum Step: Sendable, Equatable {
    case move(MessageState)
    /// True, and worth a line in the journal, but it changes nothing: a second report, a report after the end.
    case note
}

/// A bug of ours, never of the outside: it is logged as an error and the message is left as it was.
package struct IllegalStep: Error, Sendable, Equatable {
    package let state: MessageState
    package let event: MessageEvent
}

extension MessageState {
    /// docs/LIFECYCLE.md as code; LifecycleTests reads the page and compares every cell.
    package func step(on event: MessageEvent) throws(IllegalStep) -> Step {
        switch (self, event) {
        case (.queued, .claimed): .move(.sending)
        case (.queued, .cancelled): .move(.cancelled)
        case (.queued, .refused), (.queued, .superseded), (.sending, .refused): .move(.suppressed)
        case (.queued, .expiryPassed), (.sending, .expiryPassed): .move(.expired)

        case (.sending, .postponed), (.sending, .failedTemporarily), (.sending, .fellBack): .move(.queued)
        case (.sending, .accepted): .move(.sent)
        case (.sending, .failedPermanently): .move(.failed)

        // Whether the provider took it is known only if we never began to talk.
        case (.sending, .leaseLost): .move(.queued)
        case (.sending, .answerLost): .move(.unconfirmed)

        case (.unconfirmed, .accepted): .move(.sent)
        case (.unconfirmed, .notTaken), (.unconfirmed, .resent): .move(.queued)
        case (.unconfirmed, .writtenOff): .move(.failed)

        case (.sent, .fellBack), (.unconfirmed, .fellBack): .move(.queued)
        case (.sent, .reportedFailed), (.unconfirmed, .reportedFailed): .move(.failed)
        // A report may overtake our own commit.
        case (.queued, .reportedDelivered), (.sending, .reportedDelivered), (.sent, .reportedDelivered),
            (.unconfirmed, .reportedDelivered):
            .move(.delivered)
        case (.queued, .reportedFailed), (.sending, .reportedFailed): .note

        // What left us cannot expire.
        case (.sent, .expiryPassed), (.unconfirmed, .expiryPassed): .note
        // Reports come late, twice and out of order; an end stays an end.
        case (_, .reportedDelivered) where isFinal, (_, .reportedFailed) where isFinal: .note

        default: throw IllegalStep(state: self, event: event)
        }
    }

    /// The same step for a message that some provider has already accepted: what a later channel did never makes a
    /// worse word of it than `sent`.
    package func step(on event: MessageEvent, afterAcceptance: Bool) throws(IllegalStep) -> Step {
        let step = try step(on: event)
        guard afterAcceptance, case .move(let next) = step else { return step }
        switch (event, next) {
        case (.refused, .suppressed), (.superseded, .suppressed), (.expiryPassed, .expired), (.cancelled, .cancelled),
            (.failedPermanently, .failed), (.writtenOff, .failed):
            return .move(.sent)
        default: return step
        }
    }
}

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

        // The empty cells of the page, state by state, so that a new event or state is asked about here.
        case (.queued, .postponed), (.queued, .accepted), (.queued, .notTaken), (.queued, .failedTemporarily),
            (.queued, .failedPermanently), (.queued, .fellBack), (.queued, .leaseLost), (.queued, .answerLost),
            (.queued, .resent), (.queued, .writtenOff),
            (.sending, .claimed), (.sending, .notTaken), (.sending, .resent), (.sending, .writtenOff),
            (.sending, .cancelled), (.sending, .superseded),
            (.sent, .claimed), (.sent, .postponed), (.sent, .refused), (.sent, .accepted), (.sent, .notTaken),
            (.sent, .failedTemporarily), (.sent, .failedPermanently), (.sent, .leaseLost), (.sent, .answerLost),
            (.sent, .resent), (.sent, .writtenOff), (.sent, .cancelled), (.sent, .superseded),
            (.unconfirmed, .claimed), (.unconfirmed, .postponed), (.unconfirmed, .refused),
            (.unconfirmed, .failedTemporarily), (.unconfirmed, .failedPermanently), (.unconfirmed, .leaseLost),
            (.unconfirmed, .answerLost), (.unconfirmed, .cancelled), (.unconfirmed, .superseded),
            (.delivered, _), (.failed, _), (.suppressed, _), (.expired, _), (.cancelled, _):
            throw IllegalStep(state: self, event: event)
        }
    }

    /// The same step for a message of which an earlier attempt may have arrived: what a later one did, or who gives it
    /// up, never makes a word of it that denies the copy.
    ///
    /// - Parameter reach: what the attempts may have done; for a delivery report, see `Change.reach`.
    package func step(on event: MessageEvent, reach: Reach) throws(IllegalStep) -> Step {
        let step = try step(on: event)
        guard case .move(let next) = step, next.deniesEarlierCopies else { return step }
        let word: MessageState
        switch reach {
        case .nobody: return step
        case .accepted: word = .sent
        case .perhaps:
            // A person who gives an unknown outcome up knows of the doubt, and a report ends it.
            if event == .writtenOff || event == .reportedFailed { return step }
            word = .unconfirmed
        }
        return word == self ? .note : .move(word)
    }

    /// Whether the word says that nothing reached the resident.
    private var deniesEarlierCopies: Bool {
        switch self {
        case .failed, .suppressed, .expired, .cancelled: true
        case .queued, .sending, .sent, .unconfirmed, .delivered: false
        }
    }
}

// What a settlement, or a word from outside, makes of a message, as far as it can be said without looking into a store.
// Every store asks here, so that two stores cannot differ in more than where they keep things.

package import Domain

extension Settlement {
    /// Who said so, for the journal: `provider:sms-a` where something was submitted, else `gateway`.
    package var by: String { attempt.map { "provider:\($0.provider)" } ?? "gateway" }

    /// Why it did not work: the settlement's own word, or that of its attempt; nil where nothing failed.
    package var cause: DeliveryFailure? { failure ?? attempt?.outcome.failure }

    /// What the log and the metrics are told, as one word: `opted_out`, `no_answer`; nil where there is nothing to tell.
    package var reason: String? { refusal?.rawValue ?? cause?.reason.rawValue }

    /// The word that is kept with a message that comes to stand in `state`; nil where it goes on or all is well.
    package func wordKept(in state: MessageState) -> (reason: String?, cause: DeliveryFailure?) {
        switch state {
        case .suppressed, .failed, .unconfirmed: (reason, cause)
        case .queued, .sending, .sent, .delivered, .expired, .cancelled: (nil, nil)
        }
    }

    /// What the attempts may have done by now.
    ///
    /// - Parameter known: what the store remembers, even where a settlement forgets.
    package func reach(after known: Reach) -> Reach {
        let told = max(known, progress.reach)
        switch event {
        case .accepted: return .accepted
        case .answerLost: return max(told, .perhaps)
        case .claimed, .postponed, .refused, .notTaken, .failedTemporarily, .failedPermanently, .fellBack, .leaseLost,
            .reportedDelivered, .reportedFailed, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            return told
        }
    }

    /// Worth a line in the journal. A claim that goes back untouched, and a wait that goes on for the same reason, are
    /// not: a provider that is down for a day would fill the journal.
    ///
    /// - Parameter before: what the message waited for when it was claimed.
    package func isNews(heldBefore before: HeldReason?) -> Bool {
        guard event == .postponed, attempt == nil else { return true }
        return held != nil && held != before
    }
}

extension Change {
    /// A delivery report. It is about the last submission.
    package var isReport: Bool {
        switch event {
        case .reportedDelivered, .reportedFailed: true
        case .claimed, .postponed, .refused, .accepted, .notTaken, .failedTemporarily, .failedPermanently, .fellBack,
            .leaseLost, .answerLost, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            false
        }
    }

    /// How far the message has come once this is true.
    ///
    /// - Parameters:
    ///   - before: as the store remembers it.
    ///   - attempts: all of the message, in the order of their numbers; read only where they matter.
    package func progress(
        after before: Progress, attempts: @autoclosure () throws -> [Attempt]
    ) rethrows -> Progress {
        var progress = before
        switch event {
        case .accepted: progress.reach = .accepted
        // The provider's own word; it speaks of the last attempt, and of earlier ones only where there was just one.
        case .notTaken where before.reach == .perhaps:
            progress.reach = try attempts().count(where: \.outcome.isUnknown) > 1 ? .perhaps : .nobody
        case .fellBack:
            if let last = try attempts().last { progress.giveUp(last.destination) } else { progress.attempts = 0 }
        case .notTaken, .claimed, .postponed, .refused, .failedTemporarily, .failedPermanently, .leaseLost, .answerLost,
            .reportedDelivered, .reportedFailed, .resent, .writtenOff, .expiryPassed, .cancelled, .superseded:
            break
        }
        return progress
    }

    /// What counts for `MessageState.step`.
    package func reach(
        of progress: Progress, attempts: @autoclosure () throws -> [Attempt]
    ) rethrows -> Reach {
        guard event == .reportedFailed, progress.reach == .accepted else { return progress.reach }
        let attempts = try attempts()
        let reported = attempt ?? attempts.last?.number
        return attempts.contains { $0.number != reported && $0.outcome.isAccepted } ? .accepted : .nobody
    }
}

extension [Attempt] {
    /// Whom the word is about of a message that stands in `state`: the last attempt that was taken, or whose outcome is
    /// unknown; nil for every other word.
    package func carrier(of state: MessageState) -> Attempt? {
        switch state {
        case .sent: last(where: \.outcome.isAccepted)
        case .unconfirmed: last(where: \.outcome.isUnknown)
        case .queued, .sending, .delivered, .failed, .suppressed, .expired, .cancelled: nil
        }
    }
}

extension MessageEvent {
    /// Where the message stands in the eyes of somebody other than the worker who says so; nil: it is not theirs to say.
    /// What is being sent belongs to the worker that claimed it; only a delivery report may overtake it. As long as
    /// nothing of it has begun, it can still be taken back.
    package func standing(from outside: MessageState, hasBegun: Bool) -> MessageState? {
        switch self {
        case .reportedDelivered, .reportedFailed: outside
        case .cancelled, .superseded: outside == .sending ? (hasBegun ? nil : .queued) : outside
        case .accepted, .notTaken, .fellBack, .resent, .writtenOff, .expiryPassed: outside == .sending ? nil : outside
        case .claimed, .postponed, .refused, .failedTemporarily, .failedPermanently, .leaseLost, .answerLost: nil
        }
    }

    /// Whether a message that comes to stand in `state` by it does so because of an earlier attempt. Only then is its
    /// history worth reading.
    package func leavesTheEarlierWord(at state: MessageState) -> Bool {
        guard state == .sent || state == .unconfirmed else { return false }
        switch self {
        case .refused, .failedPermanently, .expiryPassed, .cancelled, .superseded, .writtenOff, .reportedFailed:
            return true
        case .claimed, .postponed, .accepted, .notTaken, .failedTemporarily, .fellBack, .leaseLost, .answerLost,
            .reportedDelivered, .resent:
            return false
        }
    }
}

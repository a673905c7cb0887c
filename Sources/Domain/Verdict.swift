/// What one failed attempt costs, and whom. The whole retry policy of the gateway is the function below.
package struct Verdict: Sendable, Equatable {
    package var event: MessageEvent
    /// How long to wait before the next try; nil where nothing is tried again by itself.
    package var dueIn: Duration? = nil
    package var spendsAttempt = true
    package var suppressesAddress = false
}

/// - Parameters:
///   - attempt: attempts that already counted on this destination, without the one that just failed.
///   - fallbackLeft: another destination of the message could still be tried.
///   - othersPassed: since this message last met trouble of the provider's, the provider served others: the trouble is
///     the message's own.
///   - schedule: pauses before the second, third … attempt; when it is used up we give the destination up.
package func verdict(
    on failure: DeliveryFailure, attempt: Int, fallbackLeft: Bool, othersPassed: Bool = false, schedule: [Duration]
) -> Verdict {
    let givingUp: MessageEvent = fallbackLeft ? .fellBack : .failedPermanently
    if othersPassed, failure.scope == .provider, failure.outlook != .unknown {
        return verdictOnPoison(failure, attempt: attempt, schedule: schedule)
    }

    switch (failure.scope, failure.outlook) {
    case (_, .unknown):
        return Verdict(event: .answerLost)

    // A provider's trouble is not the message's fault: it keeps its attempts and waits with all the others.
    // How long the provider asked us to wait binds the account, not the message: another account may carry it at once.
    case (.provider, .temporary), (.provider, .permanent):
        return Verdict(event: .postponed, spendsAttempt: false)

    case (.address, .permanent):
        return Verdict(event: givingUp, suppressesAddress: true)
    case (.message, .permanent):
        return Verdict(event: .failedPermanently)

    case (.address, .temporary), (.message, .temporary):
        guard attempt < schedule.count else { return Verdict(event: givingUp) }
        return Verdict(event: .failedTemporarily, dueIn: pause(failure, schedule[attempt]))
    }
}

/// Never before what the provider asked for, and not sooner than our own schedule either: "try again in 1 second", said
/// five times, would use up the attempts of an afternoon.
private func pause(_ failure: DeliveryFailure, _ scheduled: Duration) -> Duration {
    max(failure.retryAfter ?? .zero, scheduled)
}

/// Attempts of one message that make a provider fail while it serves others, before the message is set aside.
package let poisonLimit = 5

/// Trouble of the provider's that only this message meets. It spends attempts like any other, it pauses nobody, and it
/// ends in a person's hands: another channel would carry the same poison.
private func verdictOnPoison(_ failure: DeliveryFailure, attempt: Int, schedule: [Duration]) -> Verdict {
    guard attempt + 1 < poisonLimit, attempt < schedule.count else {
        return Verdict(event: .failedPermanently)
    }
    return Verdict(event: .failedTemporarily, dueIn: pause(failure, schedule[attempt]))
}

package import Domain
package import FoundationEssentials

/// What a message takes along when it moves from one place of a store to another.
package struct Arrival: Sendable, Hashable {
    package var due: Date?
    package var held: HeldReason?
    /// Nil: back to the line it came from.
    package var line: Channel?
    package var progress: Progress
    package var reason: String?
    package var failure: DeliveryFailure?
    package var channel: Channel?
    package var provider: ProviderID?
    package init(
        due: Date? = nil, held: HeldReason? = nil, line: Channel? = nil, progress: Progress, reason: String? = nil,
        failure: DeliveryFailure? = nil, channel: Channel? = nil, provider: ProviderID? = nil
    ) {
        self.due = due
        self.held = held
        self.line = line
        self.progress = progress
        self.reason = reason
        self.failure = failure
        self.channel = channel
        self.provider = provider
    }

    /// What is told of a message that stands as an earlier attempt left it is told of that attempt. A provider that may
    /// know more of it is asked at once: the worker looks at what is overdue.
    package func told(of carrier: Attempt, at state: MessageState, _ now: Date) -> Arrival {
        var arrival = self
        (arrival.channel, arrival.provider) = (carrier.destination.channel, carrier.provider)
        arrival.failure = carrier.outcome.failure
        arrival.reason = carrier.outcome.failure?.reason.rawValue
        if state == .unconfirmed { (arrival.due, arrival.held) = (now, .awaitingReport) }
        return arrival
    }
}

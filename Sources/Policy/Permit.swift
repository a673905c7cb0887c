// Stage 3, permit. In comes a claimed message with all that the books say about its addressee; out goes a Permit for
// one destination, or the reason why not, now or never. Each rule that was asked leaves a step, so that the answer to
// "why did flat 45 get no notice" is kept with the message. Reads no clock, no file and no database.

package import Domain
package import FoundationEssentials

/// Proof that policy said yes to this message at this destination. Nothing but `decide(_:at:)` can make one, and nothing
/// can be submitted without one.
package struct Permit: Sendable, Hashable {
    package let message: Message
    package let destination: Destination
    /// The age of the books it rests on; the store checks it once more when the message begins.
    package let epoch: Epoch
    /// From then on it is worth nothing: quiet hours begin. What waited that long for its turn asks again.
    package let until: Date

    fileprivate init(message: Message, destination: Destination, epoch: Epoch, until: Date) {
        self.message = message
        self.destination = destination
        self.epoch = epoch
        self.until = until
    }
}

/// Everything that policy looks at.
package struct Question: Sendable {
    package var message: Message
    package var purpose: Purpose
    package var standing: Standing
    /// Destinations that already failed for good.
    package var exhausted: [Destination]
    package var rules: HouseRules

    package init(
        message: Message, purpose: Purpose, standing: Standing, exhausted: [Destination] = [], rules: HouseRules
    ) {
        self.message = message
        self.purpose = purpose
        self.standing = standing
        self.exhausted = exhausted
        self.rules = rules
    }
}

/// What this installation allows, whoever the resident is.
package struct HouseRules: Sendable, Hashable {
    /// Channels that some configured provider carries.
    package var carried: Set<Channel>
    /// 41-ФЗ: state and municipal bodies, unitary enterprises, banks and telecoms must not write through foreign messengers.
    package var foreignMessengersDenied: Bool
    /// 152-ФЗ, art. 12: a foreign processor needs a consent of its own, whatever the purpose rests on.
    package var foreignMessengersNeedConsent: Bool
    /// For addressees whose zone nobody told us.
    package var timeZone: String
    package init(
        carried: Set<Channel>, foreignMessengersDenied: Bool = false, foreignMessengersNeedConsent: Bool = true,
        timeZone: String = "Europe/Moscow"
    ) {
        self.carried = carried
        self.foreignMessengersDenied = foreignMessengersDenied
        self.foreignMessengersNeedConsent = foreignMessengersNeedConsent
        self.timeZone = timeZone
    }
}

package struct Decision: Sendable {
    /// Each rule that was asked and its answer, in order; kept in the journal.
    package var steps: [DecisionStep]
    package var ending: Result<Permit, Stop>
    /// The destination that policy would allow after this one: what there is to fall back to.
    package var next: Destination?
}

package func decide(_ question: Question, at now: Date) -> Decision {
    let plan = plan(for: question)
    let open = plan.filter { !question.exhausted.contains($0) }
    let (allowed, obstacles, judged) = weigh(open, question, at: now)
    var steps = judged

    guard let destination = allowed.first else {
        if open.isEmpty { steps.append(DecisionStep("address", plan.isEmpty ? "none" : "all tried")) }
        return Decision(steps: steps, ending: .failure(gravest(of: obstacles)))
    }
    let next = allowed.dropFirst().first

    let zone = question.standing.recipient?.timeZone ?? question.rules.timeZone
    if let hours = question.purpose.quietHours {
        if let end = hours.end(after: now, zone: zone, otherwise: question.rules.timeZone) {
            steps.append(DecisionStep("quiet_hours", "until \(end.ISO8601Format()) (\(zone))"))
            return Decision(steps: steps, ending: .failure(.postponed(until: end, .quietHours)), next: next)
        }
        steps.append(DecisionStep("quiet_hours", "pass (\(zone))"))
    }
    let permit = Permit(
        message: question.message, destination: destination, epoch: question.standing.epoch,
        until: question.clock.quiet(from: now))
    return Decision(steps: steps, ending: .success(permit), next: next)
}

/// Where the message would go now, whatever the hour: the first destination that policy allows.
package func nextDestination(for question: Question, at now: Date) -> Destination? {
    let open = plan(for: question).filter { !question.exhausted.contains($0) }
    return weigh(open, question, at: now).allowed.first
}

extension Question {
    /// The purpose's quiet hours where the addressee lives.
    package var clock: QuietClock {
        QuietClock(
            hours: purpose.quietHours, zone: standing.recipient?.timeZone ?? rules.timeZone, otherwise: rules.timeZone)
    }
}

/// Which of them policy allows, what stands in the way of the others, and the steps that explain the first allowed one.
private func weigh(
    _ open: [Destination], _ question: Question, at now: Date
) -> (allowed: [Destination], obstacles: [Stop], steps: [DecisionStep]) {
    var allowed: [Destination] = []
    var leftChannels: [Destination] = []
    var obstacles: [Stop] = []
    var steps: [DecisionStep] = []
    for destination in open {
        let (answer, obstacle) = judge(destination, question, at: now)
        // What comes after the first allowed one only says whether there is something to fall back to.
        if allowed.isEmpty { steps += answer }
        guard let obstacle else {
            allowed.append(destination)
            continue
        }
        obstacles.append(obstacle)
        if obstacle == .refused(.channelOff) { leftChannels.append(destination) }
    }
    // A mandatory purpose may leave a channel for another one; it cannot be switched off channel by channel.
    if allowed.isEmpty, question.purpose.mandatory,
        let last = leftChannels.first(where: {
            !$0.channel.isForeignMessenger && question.rules.carried.contains($0.channel)
        })
    {
        steps.append(DecisionStep("mandatory", "\(last.channel.rawValue): the only way left, the choice has no effect"))
        allowed.append(last)
    }
    return (allowed, obstacles, steps)
}

/// What explains best why none was allowed. A missing provider is our own trouble and may end; it is the answer only
/// where nothing else stands in the way, or every refused message would wait for a provider first.
private func gravest(of obstacles: [Stop]) -> Stop {
    let refusal = obstacles.first { if case .refused = $0 { true } else { false } }
    return refusal ?? obstacles.first ?? .refused(.noAddress)
}

/// All destinations in the order they would be tried, whether allowed or not.
///
/// Channels: the caller's order, else those of the addresses in the request, else the purpose's. Addresses given in the
/// request replace those of the recipient on the same channel.
package func plan(for question: Question) -> [Destination] {
    let message = question.message
    let given = message.destinations
    var channels = message.channels
    if channels.isEmpty {
        channels = question.purpose.channels
        if !given.isEmpty {
            channels = channels.filter { channel in given.contains { $0.channel == channel } }
            for destination in given where !channels.contains(destination.channel) {
                channels.append(destination.channel)
            }
        }
    }
    let known = question.standing.recipient?.destinations ?? []
    return channels.flatMap { channel in
        let own = given.filter { $0.channel == channel }
        return own.isEmpty ? known.filter { $0.channel == channel } : own
    }
}

/// One destination against the rules that concern it alone, in the order in which people are told of them.
private func judge(
    _ destination: Destination, _ question: Question, at now: Date
) -> (steps: [DecisionStep], obstacle: Stop?) {
    var steps: [DecisionStep] = []
    let channel = destination.channel

    let address = destination.folded
    if let suppression = question.standing.suppressions.first(where: {
        $0.destination.folded == address && $0.holds(at: now)
    }) {
        steps.append(DecisionStep("suppression", "\(channel.rawValue): \(suppression.reason.rawValue)"))
        return (steps, .refused(.onSuppressionList))
    }
    steps.append(DecisionStep("suppression", "\(channel.rawValue): pass"))

    let consent = ConsentRule(purpose: question.purpose, records: question.standing.consents)
        .answer(for: channel, foreignNeedsItsOwn: question.rules.foreignMessengersNeedConsent)
    steps.append(DecisionStep("consent", "\(channel.rawValue): \(consent.step)"))
    if let reason = consent.refusal { return (steps, .refused(reason)) }

    if channel.isForeignMessenger, question.rules.foreignMessengersDenied {
        steps.append(DecisionStep("channel", "\(channel.rawValue): foreign messenger denied"))
        return (steps, .refused(.foreignMessengerDenied))
    }
    guard question.rules.carried.contains(channel) else {
        steps.append(DecisionStep("channel", "\(channel.rawValue): no provider"))
        return (steps, .failed(DeliveryFailure(.noProvider, detail: channel.rawValue)))
    }
    steps.append(DecisionStep("channel", channel.rawValue))
    return (steps, nil)
}

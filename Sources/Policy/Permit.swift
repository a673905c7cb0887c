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
    /// From then on it is worth nothing: quiet hours begin, or what is known of the account is too old. What waited that
    /// long for its turn asks again.
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
    var weighing = Weighing()
    weighing.weigh(question, at: now)
    guard let destination = weighing.first else {
        weighing.explainNothingOpen()
        return Decision(steps: weighing.steps.kept, ending: .failure(gravest(of: weighing.obstacles)))
    }
    let clock = question.clock
    if clock.hours != nil {
        if let end = clock.end(after: now) {
            weighing.steps.add("quiet_hours", "until \(end.ISO8601Format()) (\(question.zone))")
            return Decision(
                steps: weighing.steps.kept, ending: .failure(.postponed(until: end, .quietHours)),
                next: weighing.second)
        }
        weighing.steps.add("quiet_hours", "pass (\(question.zone))")
    }
    var until = clock.quiet(from: now)
    // Last, because it is about the moment of sending: who pays during the quiet hours is not reminded after them.
    if let condition = question.message.condition {
        let rule = ConditionRule(condition: condition, facts: question.standing.facts, purpose: question.purpose)
        let answer = rule.answer(at: now)
        weighing.steps.add("condition", answer.step)
        if let reason = answer.refusal {
            return Decision(steps: weighing.steps.kept, ending: .failure(.refused(reason)), next: weighing.second)
        }
        if let end = answer.until { until = min(until, end) }
    }
    let permit = Permit(
        message: question.message, destination: destination, epoch: question.standing.epoch, until: until)
    return Decision(steps: weighing.steps.kept, ending: .success(permit), next: weighing.second)
}

/// Where the message would go now, whatever the hour: the first destination that policy allows.
package func nextDestination(for question: Question, at now: Date) -> Destination? {
    var weighing = Weighing()
    weighing.weigh(question, at: now)
    return weighing.first
}

extension Question {
    /// The purpose's quiet hours where the addressee lives.
    package var clock: QuietClock { QuietClock(hours: purpose.quietHours, zone: zone, otherwise: rules.timeZone) }

    /// A test message needs nobody to carry it.
    fileprivate func isCarried(_ channel: Channel) -> Bool {
        message.mode == .test || rules.carried.contains(channel)
    }

    /// For a message of a team key. A list that nobody read invites nobody.
    fileprivate func invites(_ destination: Destination) -> Bool {
        standing.guests?.invites(destination, of: message.recipient) ?? false
    }

    fileprivate var zone: String { standing.recipient?.timeZone ?? rules.timeZone }
}

/// The steps of a decision. What nobody would read is not put into words.
private struct Steps {
    private(set) var kept: [DecisionStep] = []
    init() { kept.reserveCapacity(4) }
    var isKeeping = true

    mutating func add(_ rule: String, _ result: @autoclosure () -> String) {
        if isKeeping { kept.append(DecisionStep(rule, result())) }
    }
}

/// Which destinations policy allows, what stands in the way of the others, and the steps that explain the first
/// allowed one.
private struct Weighing {
    private(set) var first: Destination?
    /// What there is to fall back to.
    private(set) var second: Destination?
    /// Complete only where none is allowed.
    private(set) var obstacles: [Stop] = []
    var steps = Steps()
    private var isPlanEmpty = true
    private var isNothingOpen = true

    mutating func weigh(_ question: Question, at now: Date) {
        var leftChannel: Destination?
        for destination in plan(for: question) {
            isPlanEmpty = false
            if question.exhausted.contains(destination) { continue }
            isNothingOpen = false
            // What comes after the first allowed one only says whether there is something to fall back to.
            steps.isKeeping = first == nil
            guard let obstacle = judge(destination, question, &steps, at: now) else {
                guard first == nil else {
                    second = destination
                    break
                }
                first = destination
                continue
            }
            obstacles.append(obstacle)
            if obstacle == .refused(.channelOff), leftChannel == nil, !destination.channel.isForeignMessenger,
                question.isCarried(destination.channel)
            {
                leftChannel = destination
            }
        }
        steps.isKeeping = true
        // A mandatory purpose may leave a channel for another one; it cannot be switched off channel by channel.
        if first == nil, question.purpose.mandatory, let leftChannel {
            steps.add("mandatory", "\(leftChannel.channel.rawValue): the only way left, the choice has no effect")
            first = leftChannel
        }
    }

    mutating func explainNothingOpen() {
        if isNothingOpen { steps.add("address", isPlanEmpty ? "none" : "all tried") }
    }
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
    let given = question.message.destinations
    let known = question.standing.recipient?.destinations ?? []
    var plan: [Destination] = []
    func add(_ channel: Channel) {
        let before = plan.count
        for destination in given where destination.channel == channel { plan.append(destination) }
        guard plan.count == before else { return }
        for destination in known where destination.channel == channel { plan.append(destination) }
    }
    func isGiven(_ channel: Channel) -> Bool { given.contains { $0.channel == channel } }

    if !question.message.channels.isEmpty {
        for channel in question.message.channels { add(channel) }
    } else if given.isEmpty {
        for channel in question.purpose.channels { add(channel) }
    } else {
        let channels = question.purpose.channels
        for channel in channels where isGiven(channel) { add(channel) }
        // Channels that the purpose does not name, in the order of their addresses.
        var added: [Channel] = []
        for channel in given.lazy.map(\.channel) where !channels.contains(channel) && !added.contains(channel) {
            added.append(channel)
            add(channel)
        }
    }
    return plan
}

/// One destination against the rules that concern it alone, in the order in which people are told of them.
///
/// - Returns: what stands in the way, if anything does.
private func judge(
    _ destination: Destination, _ question: Question, _ steps: inout Steps, at now: Date
) -> Stop? {
    let channel = destination.channel
    if question.message.mode == .team {
        guard question.invites(destination) else {
            steps.add("guest_list", "\(channel.rawValue): not in it")
            return .refused(.notInGuestList)
        }
        steps.add("guest_list", channel.passes)
    }
    if let suppression = question.standing.suppression(of: destination, at: now) {
        steps.add("suppression", "\(channel.rawValue): \(suppression.reason.rawValue)")
        return .refused(.onSuppressionList)
    }
    steps.add("suppression", channel.passes)

    let consent = ConsentRule(purpose: question.purpose, records: question.standing.consents)
        .answer(for: channel, foreignNeedsItsOwn: question.rules.foreignMessengersNeedConsent)
    steps.add("consent", consent.step(on: channel))
    if let reason = consent.refusal { return .refused(reason) }

    if channel.isForeignMessenger, question.rules.foreignMessengersDenied {
        steps.add("channel", "\(channel.rawValue): foreign messenger denied")
        return .refused(.foreignMessengerDenied)
    }
    guard question.isCarried(channel) else {
        steps.add("channel", "\(channel.rawValue): no provider")
        return .failed(DeliveryFailure(.noProvider, detail: channel.rawValue))
    }
    steps.add("channel", channel.rawValue)
    return nil
}

extension Standing {
    fileprivate func suppression(of destination: Destination, at now: Date) -> Suppression? {
        // Most have none, and folding an address makes a new one.
        if suppressions.isEmpty { return nil }
        let address = destination.folded
        return suppressions.first { $0.destination.folded == address && $0.holds(at: now) }
    }
}

extension Channel {
    /// Said of every message: a constant each, not a text made anew.
    fileprivate var passes: String {
        switch self {
        case .sms: "sms: pass"
        case .email: "email: pass"
        case .max: "max: pass"
        case .maxChat: "max_chat: pass"
        case .telegram: "telegram: pass"
        case .vk: "vk: pass"
        case .push: "push: pass"
        case .voice: "voice: pass"
        case .paper: "paper: pass"
        }
    }
}

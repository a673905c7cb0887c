import Domain
import Foundation
import Policy

/// The same rules once more, written for the eye and not for the clock.
enum Plainly {
    struct Decided {
        var steps: [DecisionStep]
        var ending: Result<Destination, Stop>
        var next: Destination?
    }

    static func decide(_ question: Question, at now: Date) -> Decided {
        let plan = plan(for: question)
        let open = plan.filter { !question.exhausted.contains($0) }
        let (allowed, obstacles, judged) = weigh(open, question, at: now)
        var steps = judged

        guard let destination = allowed.first else {
            if open.isEmpty { steps.append(DecisionStep("address", plan.isEmpty ? "none" : "all tried")) }
            return Decided(steps: steps, ending: .failure(gravest(of: obstacles)))
        }
        let next = allowed.dropFirst().first

        let zone = question.standing.recipient?.timeZone ?? question.rules.timeZone
        if let hours = question.purpose.quietHours {
            if let end = hours.end(after: now, zone: zone, otherwise: question.rules.timeZone) {
                steps.append(DecisionStep("quiet_hours", "until \(end.ISO8601Format()) (\(zone))"))
                return Decided(steps: steps, ending: .failure(.postponed(until: end, .quietHours)), next: next)
            }
            steps.append(DecisionStep("quiet_hours", "pass (\(zone))"))
        }
        if let condition = question.message.condition {
            let (step, holds) = ask(condition, question, at: now)
            steps.append(DecisionStep("condition", "\(condition.text): \(step)"))
            if !holds { return Decided(steps: steps, ending: .failure(.refused(.conditionFalse)), next: next) }
        }
        return Decided(steps: steps, ending: .success(destination), next: next)
    }

    private static func ask(
        _ condition: Condition, _ question: Question, at now: Date
    ) -> (step: String, holds: Bool) {
        let sends = question.purpose.onDoubt == .send
        let end = sends ? "sent all the same" : "not sent"
        guard let facts = question.standing.facts else {
            return ("nothing is known of \(condition.account), \(end)", sends)
        }
        let known = "balance \(facts.balance.text) as of \(facts.asOf.ISO8601Format())"
        if let limit = question.purpose.factsMaxAge, now.timeIntervalSince(facts.asOf) >= limit.seconds {
            return ("too old: \(known), \(end)", sends)
        }
        let (balance, bound) = (facts.balance.count, condition.bound.count)
        let holds =
            [
                ">": balance > bound, ">=": balance >= bound, "<": balance < bound, "<=": balance <= bound,
                "=": balance == bound, "!=": balance != bound,
            ][condition.comparison.rawValue] == true
        return ("\(holds ? "pass" : "false") (\(known))", holds)
    }

    /// Which of them policy allows, what stands in the way of the others, and the steps that explain the first allowed one.
    private static func weigh(
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
                !$0.channel.isForeignMessenger && isCarried($0.channel, question)
            })
        {
            steps.append(
                DecisionStep("mandatory", "\(last.channel.rawValue): the only way left, the choice has no effect"))
            allowed.append(last)
        }
        return (allowed, obstacles, steps)
    }

    private static func isCarried(_ channel: Channel, _ question: Question) -> Bool {
        question.message.mode == .test || question.rules.carried.contains(channel)
    }

    /// What explains best why none was allowed. A missing provider is our own trouble and may end; it is the answer only
    /// where nothing else stands in the way, or every refused message would wait for a provider first.
    private static func gravest(of obstacles: [Stop]) -> Stop {
        let refusal = obstacles.first { if case .refused = $0 { true } else { false } }
        return refusal ?? obstacles.first ?? .refused(.noAddress)
    }

    /// All destinations in the order they would be tried, whether allowed or not.
    ///
    /// Channels: the caller's order, else those of the addresses in the request, else the purpose's. Addresses given in the
    /// request replace those of the recipient on the same channel.
    static func plan(for question: Question) -> [Destination] {
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
    private static func judge(
        _ destination: Destination, _ question: Question, at now: Date
    ) -> (steps: [DecisionStep], obstacle: Stop?) {
        var steps: [DecisionStep] = []
        let channel = destination.channel

        if question.message.mode == .team {
            let guests = question.standing.guests
            guard guests?.invites(destination, of: question.message.recipient) == true else {
                steps.append(DecisionStep("guest_list", "\(channel.rawValue): not in it"))
                return (steps, .refused(.notInGuestList))
            }
            steps.append(DecisionStep("guest_list", "\(channel.rawValue): pass"))
        }

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
        guard isCarried(channel, question) else {
            steps.append(DecisionStep("channel", "\(channel.rawValue): no provider"))
            return (steps, .failed(DeliveryFailure(.noProvider, detail: channel.rawValue)))
        }
        steps.append(DecisionStep("channel", channel.rawValue))
        return (steps, nil)
    }

    /// What the ledger and the purpose's ground say together about one channel.
    struct ConsentRule {
        let purpose: Purpose
        let records: [ConsentWord]

        /// `step` explains; `refusal` is nil where nothing stands in the way.
        func answer(for channel: Channel, foreignNeedsItsOwn: Bool) -> (step: String, refusal: SuppressedReason?) {
            let latest = lastWord(on: channel)
            if let latest, !latest.allows { return (shown(latest), refusal(by: latest)) }

            // A foreign processor needs a word of its own: one for "all channels" was given for ours.
            if channel.isForeignMessenger, foreignNeedsItsOwn {
                guard let own = newest(where: { $0.channel == channel }), own.allows else {
                    return ("none for this foreign messenger", .noConsent)
                }
                return (shown(own), nil)
            }
            if let latest { return (shown(latest), nil) }
            if purpose.basis == .consent { return ("none", .noConsent) }
            return ("not needed, basis \(purpose.basis.rawValue)", nil)
        }

        /// A word about this channel and a word about all of them: the one said later counts. Not the one written down
        /// later: a paper form of March that is imported in November must not undo a withdrawal of October.
        private func lastWord(on channel: Channel) -> ConsentWord? {
            newest { record in
                // A mandatory purpose can leave a channel, it cannot vanish.
                if purpose.mandatory, record.channel == nil, !record.allows { return false }
                return record.channel == nil || record.channel == channel
            }
        }

        private func newest(where fits: (ConsentWord) -> Bool) -> ConsentWord? {
            records.filter { $0.purpose == purpose.id && fits($0) }
                .max { ($0.occurredAt, $0.recordedAt, $0.id) < ($1.occurredAt, $1.recordedAt, $1.id) }
        }

        private func refusal(by record: ConsentWord) -> SuppressedReason {
            if purpose.basis == .consent { return record.action == .withdrawn ? .consentWithdrawn : .noConsent }
            return record.channel == nil ? .purposeOff : .channelOff
        }

        private func shown(_ record: ConsentWord) -> String { "\(record.action.rawValue) (\(record.id))" }
    }

    /// Where the message would go now, whatever the hour: the first destination that policy allows.
    static func nextDestination(for question: Question, at now: Date) -> Destination? {
        let open = plan(for: question).filter { !question.exhausted.contains($0) }
        return weigh(open, question, at: now).allowed.first
    }
}

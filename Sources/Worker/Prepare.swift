// Stages 3 and 4 for one claimed message: ask policy, then render for the destination that policy allowed. A pure
// function of what was read before it; it sends nothing and stores nothing. What comes out is either a submission that
// waits for a free slot, or the settlement that says why this message goes no further now.

package import Delivery
package import Domain
package import FoundationEssentials
package import Policy
package import Queue
package import Rendering

/// What the worker knows besides the message: configuration, replaced as a whole when it is reloaded.
package struct Workshop: Sendable {
    package var purposes: [PurposeID: Purpose]
    package var rules: HouseRules
    package var shelf: any TemplateShelf
    package var organisation: RenderingContext.Organisation
    package var retry: RetrySchedule
    /// Which day it is on the clock of the house, for daily caps.
    package var day: @Sendable (Date) -> HouseDay
    package init(
        purposes: [PurposeID: Purpose], rules: HouseRules, shelf: any TemplateShelf,
        organisation: RenderingContext.Organisation, retry: RetrySchedule = RetrySchedule(),
        day: @escaping @Sendable (Date) -> HouseDay = HouseDay.utc
    ) {
        self.purposes = purposes
        self.rules = rules
        self.shelf = shelf
        self.organisation = organisation
        self.retry = retry
        self.day = day
    }
}

/// A claimed message that policy allowed and that is ready to leave. A class, because it is large and passes through
/// many hands: waiting lines, offers, what is under way.
package final class Prepared: Sendable {
    package let claim: Claim
    package let permit: Permit
    package let submission: Submission
    package let steps: [DecisionStep]
    /// What policy would allow after this destination.
    package let next: Destination?
    package let onUnconfirmed: Purpose.OnUnconfirmed
    package let clock: QuietClock

    package init(
        claim: Claim, permit: Permit, submission: Submission, steps: [DecisionStep], next: Destination?,
        onUnconfirmed: Purpose.OnUnconfirmed, clock: QuietClock
    ) {
        self.claim = claim
        self.permit = permit
        self.submission = submission
        self.steps = steps
        self.next = next
        self.onUnconfirmed = onUnconfirmed
        self.clock = clock
    }
}

/// One claim is prepared once: its token tells it from all others, of the same message too.
extension Prepared: Hashable {
    package static func == (one: Prepared, other: Prepared) -> Bool { one.claim.token == other.claim.token }
    package func hash(into hasher: inout Hasher) { hasher.combine(claim.token) }
}

package enum Preparation: Sendable, Hashable {
    case ready(Prepared)
    case settled(Settlement)
}

package func prepare(
    _ claim: Claim, standing: Standing, in workshop: Workshop, at now: Date
) -> Preparation {
    let message = claim.message
    guard let purpose = workshop.purposes[message.purpose] else {
        // The purpose was taken out of the configuration while the message waited: a human's word is needed.
        let failure = DeliveryFailure(.unrenderable, detail: "purpose \(message.purpose) is not configured")
        return .settled(failing(claim, failure))
    }
    let question = Question(
        message: message, purpose: purpose, standing: standing, exhausted: claim.progress.exhausted,
        rules: workshop.rules)
    let decision = decide(question, at: now)

    switch decision.ending {
    case .failure(let stop):
        return .settled(stopping(claim, stop, steps: decision.steps, schedule: workshop.retry, at: now))
    case .success(let permit):
        do throws(DeliveryFailure) {
            let content = try render(permit, standing: standing, in: workshop)
            let prepared = Prepared(
                claim: claim, permit: permit,
                submission: Submission(content, under: permit, number: claim.progress.submissions + 1),
                steps: decision.steps, next: decision.next, onUnconfirmed: purpose.onUnconfirmed,
                clock: question.clock)
            switch message.mode {
            case .live, .team: return .ready(prepared)
            // Comes to its end here: what is not ready enters no lane, and what is in no lane reaches no provider.
            case .test: return .settled(rehearse(prepared, schedule: workshop.retry, at: now))
            }
        } catch {
            return .settled(failing(claim, error, steps: decision.steps))
        }
    }
}

private func render(
    _ permit: Permit, standing: Standing, in workshop: Workshop
) throws(DeliveryFailure) -> Content {
    let message = permit.message
    guard let template = workshop.shelf.template(message.template) else {
        throw DeliveryFailure(.unrenderable, detail: "no template \(message.template.id) \(message.template.version)")
    }
    let context = RenderingContext(
        organisation: workshop.organisation, recipientName: standing.recipient?.name,
        account: message.recipient?.account)
    do {
        var content = try template.render(
            permit.destination.channel, locale: message.locale, variables: message.variables, context: context)
        content.attachments += message.attachments
        return content
    } catch {
        throw DeliveryFailure(.unrenderable, detail: "\(error)")
    }
}

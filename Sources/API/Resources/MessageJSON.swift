import Domain
import FoundationEssentials
import Intake
import Journal
import Policy
import Queue
import Rendering

extension JSON {
    /// An object without the members that are nil.
    static func object(_ members: (name: String, value: JSON?)...) -> JSON {
        .object(members.compactMap { member in member.value.map { Member(member.name, $0) } })
    }

    static func text(_ text: String?) -> JSON? { text.map(JSON.string) }
    static func time(_ date: Date?) -> JSON? { date.map { .string($0.ISO8601Format()) } }
    static func count(_ number: Int) -> JSON { .number(number.description) }
}

/// A message as the API shows it. Addresses are masked: whoever gave them knows them, and others need not.
enum MessageJSON {
    static func message(_ view: MessageView) -> JSON {
        let message = view.message
        return .object(
            ("id", .string(message.id.text)), ("mode", .string(message.mode.rawValue)),
            ("status", .string(view.state.rawValue)), ("reason", .text(view.reason)),
            ("failure", view.failure.map { failure($0) }), ("due_at", .time(view.due)),
            ("held_reason", .text(view.held?.rawValue)), ("purpose", .string(message.purpose.text)),
            ("template", template(message.template)), ("recipient", .text(message.recipient?.text)),
            ("to", view.attempts.last.map { destination($0.destination) }),
            ("channel", .text((view.line ?? view.channel)?.rawValue)), ("provider", .text(view.provider?.text)),
            ("priority", .string(message.priority.name)), ("locale", .string(message.locale)),
            ("accepted_at", .time(message.acceptedAt)), ("send_at", .time(message.sendAt)),
            ("expires_at", .time(message.expiresAt)), ("thread", .text(message.thread)),
            ("supersedes", .text(message.supersedes)), ("reference", .text(message.reference)),
            ("metadata", metadata(message.metadata)), ("retry_of", .text(message.retryOf?.text)),
            ("attempts", .array(view.attempts.map(attempt))), ("links", links(message.id)))
    }

    static func template(_ ref: TemplateRef) -> JSON {
        .object(("id", .string(ref.id)), ("version", .string(ref.version)))
    }

    static func links(_ id: MessageID) -> JSON {
        let own = "/v1/messages/" + id.text
        return .object(
            ("self", .string(own)), ("timeline", .string(own + "/timeline")), ("cancel", .string(own + "/cancel")))
    }

    static func destination(_ destination: Destination) -> JSON {
        .object(("channel", .string(destination.channel.rawValue)), ("address", .string(destination.address.masked)))
    }

    static func failure(_ failure: DeliveryFailure) -> JSON {
        .object(
            ("kind", .string(failure.kind.rawValue)), ("reason", .string(failure.reason.rawValue)),
            ("provider_code", .text(failure.code)), ("detail", .text(failure.detail)))
    }

    private static func metadata(_ metadata: [String: String]) -> JSON? {
        if metadata.isEmpty { return nil }
        return .object(
            metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { JSON.Member($0.key, .string($0.value)) })
    }

    private static func attempt(_ attempt: Attempt) -> JSON {
        var receipt: Receipt?
        if case .accepted(let given) = attempt.outcome { receipt = given }
        return .object(
            ("number", .count(attempt.number)), ("provider", .string(attempt.provider.text)),
            ("channel", .string(attempt.destination.channel.rawValue)),
            ("address", .string(attempt.destination.address.masked)), ("began_at", .time(attempt.beganAt)),
            ("ended_at", .time(attempt.endedAt)),
            ("outcome", .string(receipt == nil ? "failed" : "accepted")),
            ("provider_message_id", .text(receipt?.providerID)), ("parts", receipt?.parts.map(JSON.count)),
            ("failure", attempt.outcome.failure.map { failure($0) }))
    }

    static func entry(_ entry: JournalEntry) -> JSON {
        .object(
            ("sequence", .number("\(entry.sequence)")), ("at", .time(entry.at)), ("event", .string(entry.event)),
            ("state", .text(entry.state?.rawValue)), ("by", .string(entry.by)),
            (
                "facts",
                .array(
                    entry.facts.map { .object(("name", .string($0.name)), ("value", .string($0.value))) })
            ))
    }

    /// What the caller hears at once: where it begins and by which ways it would go.
    static func accepted(_ accepted: Accepted, accounts: [Channel: [ProviderID]]) -> JSON {
        let message = accepted.enqueue.message
        let start = beginning(accepted.enqueue.start)
        return .object(
            ("id", .string(message.id.text)), ("status", .string(start.status)), ("reason", .text(start.reason)),
            ("due_at", .time(start.due)), ("held_reason", .text(start.held)),
            ("purpose", .string(message.purpose.text)), ("template", template(message.template)),
            ("plan", plan(accepted.plan, accounts)), ("accepted_at", .time(message.acceptedAt)),
            ("expires_at", .time(message.expiresAt)), ("reference", .text(message.reference)),
            ("links", links(message.id)))
    }

    struct Beginning {
        var status: String
        var reason: String?
        var due: Date?
        var held: String?
    }

    static func beginning(_ start: Enqueue.Start) -> Beginning {
        switch start {
        case .queued(let due, let held, _):
            Beginning(status: MessageState.queued.rawValue, due: due, held: held?.rawValue)
        case .suppressed(let reason):
            Beginning(status: MessageState.suppressed.rawValue, reason: reason.rawValue)
        }
    }

    /// Each channel once; the account where there is only one that could carry it.
    static func plan(_ plan: [Destination], _ accounts: [Channel: [ProviderID]]) -> JSON {
        var seen: [Channel] = []
        for destination in plan where !seen.contains(destination.channel) { seen.append(destination.channel) }
        return .array(
            seen.map { channel in
                let able = accounts[channel] ?? []
                return .object(
                    ("channel", .string(channel.rawValue)), ("provider", able.count == 1 ? .text(able[0].text) : nil),
                    ("providers", able.count > 1 ? .array(able.map { .string($0.text) }) : nil))
            })
    }
}

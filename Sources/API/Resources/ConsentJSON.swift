import Domain
import FoundationEssentials
import Intake
import Policy

/// The consent ledger as the API shows it.
enum ConsentJSON {
    /// - Parameter record: a null channel means all of them.
    static func record(_ record: ConsentRecord) -> JSON {
        .object(
            ("id", .string(record.id.text)), ("recipient", .string(record.recipient.text)),
            ("purpose", .string(record.purpose.text)),
            ("channel", record.channel.map { .string($0.rawValue) } ?? .null),
            ("action", .string(record.action.rawValue)), ("source", .string(record.source.rawValue)),
            ("evidence", .text(record.evidence) ?? .null), ("text_version", .text(record.textVersion) ?? .null),
            ("recorded_by", .string(record.recordedBy)), ("occurred_at", .time(record.occurredAt)),
            ("recorded_at", .time(record.recordedAt)))
    }

    static func answer(_ answer: ConsentAnswer) -> JSON {
        .object(
            ("allowed", .bool(answer.allowed)), ("channel", .text(answer.channel?.rawValue)),
            ("reason", .text(answer.reason)), ("until", .time(answer.until)),
            (
                "explanation",
                .array(answer.steps.map { .object(("rule", .string($0.rule)), ("result", .string($0.result))) })
            ))
    }
}

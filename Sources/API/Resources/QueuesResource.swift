package import Domain
import Intake
import Journal
import Policy

/// `/v1/queues`: how much waits, since when and for what. Age comes before depth: a deep queue that moves is well.
package struct QueuesResource: Sendable {
    let reception: Reception
    /// Why nothing leaves at all; nil when messages go.
    let hold: @Sendable () async throws(StoreError) -> Hold?

    package init(_ reception: Reception, hold: @escaping @Sendable () async throws(StoreError) -> Hold?) {
        self.reception = reception
        self.hold = hold
    }

    package var routes: [Route] { [Route(.get, "/v1/queues", .scope(.opsRead), show)] }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        let stats = try await stored { () async throws(StoreError) in
            try await reception.journal.stats(at: call.now)
        }
        let lines = try await stored { () async throws(StoreError) in
            try await reception.journal.queueLines(at: call.now)
        }
        let hold = try await stored(hold)
        return .json(
            .object([
                .init("data", .array(stats.rows.map(Self.row))), .init("lines", .array(lines.map(Self.line))),
                .init("states", Self.states(stats.states)), .init("held_reasons", Self.reasons(lines.heldReasons)),
                .init("paused", hold.map(Self.paused) ?? .null),
            ]))
    }

    private static func row(_ row: QueueStats.Row) -> JSON {
        .object([
            .init("priority", .string(row.priority.name)), .init("waiting", .count(row.waiting)),
            .init("sending", .count(row.sending)), .init("held", .count(row.held)),
            .init("oldest_age_seconds", age(row.oldest)),
        ])
    }

    private static func line(_ line: QueueLine) -> JSON {
        .object([
            .init("channel", .string(line.channel.rawValue)), .init("priority", .string(line.priority.name)),
            .init("waiting", .count(line.waiting)), .init("held", .count(line.held.values.reduce(0, +))),
            .init("held_reasons", reasons(line.held)), .init("oldest_age_seconds", age(line.oldest)),
        ])
    }

    /// To the millisecond; null where nothing could go now.
    private static func age(_ duration: Duration?) -> JSON { duration.map { .number("\($0.seconds)") } ?? .null }

    /// In the order of the closed lists: dictionaries have none.
    private static func reasons(_ held: [HeldReason: Int]) -> JSON {
        .object(HeldReason.allCases.compactMap { reason in held[reason].map { .init(reason.rawValue, .count($0)) } })
    }

    private static func states(_ states: [MessageState: Int]) -> JSON {
        .object(MessageState.allCases.compactMap { state in states[state].map { .init(state.rawValue, .count($0)) } })
    }

    private static func paused(_ hold: Hold) -> JSON {
        .object(
            ("reason", .string(hold.reason.rawValue)), ("since", .time(hold.since)), ("by", .string(hold.by)),
            ("detail", .text(hold.detail)))
    }
}

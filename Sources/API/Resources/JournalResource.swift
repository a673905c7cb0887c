import Domain
import Intake
import Journal
import Policy

/// `/v1/journal`: proof that nobody edited it.
package struct JournalResource: Sendable {
    let reception: Reception
    /// In milliseconds: how long one walk lasts, so that its answer comes while the caller still listens.
    let patience: Int64

    package init(_ reception: Reception, patience: Int64 = 10_000) {
        self.reception = reception
        self.patience = patience
    }

    package var routes: [Route] { [Route(.get, "/v1/journal/verify", .scope(.opsRead), query: ["after"], verify)] }

    /// From the first row, or behind the `mark` of an answer before: the rest of a long journal, or what was written since
    /// somebody kept the mark.
    private func verify(_ call: Call) async throws(Problem) -> Answer {
        let mark = try Self.mark(call.query["after"])
        let end = reception.now().uptime + patience
        let check = try await stored { () async throws(StoreError) in
            try await reception.journal.verify(from: mark) { [now = reception.now] _, _ in now().uptime < end }
        }
        return .json(Self.json(check, call.language))
    }

    private static func json(_ check: ChainCheck, _ language: Language) -> JSON {
        var breach: (row: Int64, why: Words)?
        switch check.report {
        case .intact: break
        case .broken(let row, _, let why): breach = (row, why)
        }
        let next: JSON = check.isComplete ? .null : .string(check.mark.text)
        return .object([
            .init("intact", .bool(breach == nil)), .init("complete", .bool(check.isComplete)),
            .init("rows", .number("\(check.rows)")), .init("verified", .number("\(check.mark.row)")),
            .init("first_bad", breach.map { .number("\($0.row)") } ?? .null),
            .init("why", breach.map { .string($0.why(language)) } ?? .null),
            .init("mark", .string(check.mark.text)), .init("next", next),
        ])
    }

    private static func mark(_ text: String?) throws(Problem) -> ChainMark {
        guard let text else { return .origin }
        if let mark = ChainMark(text) { return mark }
        throw .parameter(
            "after",
            Words(
                ru: "нужно значение mark или next прошлой проверки: номер записи, точка, 64 цифры",
                en: "the mark or next of a check before is needed: a row, a dot, 64 digits"))
    }
}

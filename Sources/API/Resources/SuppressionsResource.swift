import Domain
import FoundationEssentials
import Intake
import Journal
import Policy

/// `/v1/suppressions`: addresses that nobody writes to. Addresses come in bodies only; a line is named by an id that says
/// nothing about them.
package struct SuppressionsResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(.get, "/v1/suppressions", .scope(.opsRead), query: ["limit", "after"], list),
            Route(.post, "/v1/suppressions", .scope(.consentsWrite), body: .small, add),
            Route(.delete, "/v1/suppressions/{id}", .scope(.consentsWrite), lift),
            Route(.post, "/v1/suppressions/lookup", .scope(.messagesRead), body: .small, lookup),
        ]
    }

    /// Newest first; those that have ended are still told, with their end.
    private func list(_ call: Call) async throws(Problem) -> Answer {
        let limit = try call.query.limit(), before = try reception.cursor(call, SuppressionKind.self)
        let lines = try await stored { () async throws(StoreError) in
            try await reception.books.suppressions(limit: limit, before: before)
        }
        return .page(lines.map { SuppressionJSON.line($0) }, next: lines.count < limit ? nil : lines.last?.id.text)
    }

    /// 200 with the line that stands where that one holds longer than this one would.
    private func add(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call)
        let suppression = try SuppressionRequest(try call.json(), at: call.now.wall).suppression
        let (line, isNew) = try await stored { () async throws(StoreError) in
            try await reception.books.list(suppression, by: by, at: call.now)
        }
        return .json(SuppressionJSON.line(line), status: isNew ? 201 : 200)
    }

    private func lift(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call)
        guard let id = call.parameters["id"].flatMap({ SuppressionID($0) }) else { throw .noSuppression }
        let lifted = try await stored { () async throws(StoreError) in
            try await reception.books.lift(id, by: by, at: call.now)
        }
        guard lifted else { throw .noSuppression }
        return Answer(204)
    }

    /// Empty where the address may be written to as far as this list goes.
    private func lookup(_ call: Call) async throws(Problem) -> Answer {
        var fields = try RequestFields(try call.json())
        let destination = fields.neededDestination("to")
        try fields.finish()
        let found = try await stored { () async throws(StoreError) in
            try await reception.books.suppressions(of: destination.map { [$0] } ?? [])
        }
        let holding = found.filter { $0.suppression.holds(at: call.now.wall) }
        return .page(holding.map { SuppressionJSON.line($0) }, next: nil)
    }
}

/// A line as the API shows it.
enum SuppressionJSON {
    /// - Parameter exposed: the address in full, for the resident whose it is.
    static func line(_ line: ListedSuppression, exposed: Bool = false) -> JSON {
        let suppression = line.suppression, address = suppression.destination.address
        // A provider's own words may quote the address.
        let detail =
            exposed
            ? suppression.detail
            : JournalEntry.Fact.foreign("detail", suppression.detail, about: suppression.destination)?.value
        return .object(
            ("id", .string(line.id.text)), ("channel", .string(suppression.destination.channel.rawValue)),
            ("address", .string(exposed ? address.exposed : address.masked)),
            ("reason", .string(suppression.reason.rawValue)), ("since", .time(suppression.since)),
            ("until", .time(suppression.until) ?? .null), ("detail", .text(detail) ?? .null))
    }
}

extension Problem {
    fileprivate static let noSuppression = Problem(
        .notFound,
        Words(
            ru: "такой строки в стоп-листе нет: снята, или её место заняла другая",
            en: "there is no such line on the suppression list: lifted, or another took its place"))
}

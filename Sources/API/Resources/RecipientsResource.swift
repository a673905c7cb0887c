import Domain
import FoundationEssentials
import Intake
import Policy

/// `/v1/recipients`: residents and accounts under the callers' own names, `ls:0045-12`. They belong to the house: every
/// client with the scope sees and changes the same ones.
package struct RecipientsResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    static let table = "text/csv", lines = "application/x-ndjson"

    package var routes: [Route] {
        [
            Route(.put, "/v1/recipients/{external_id}", .scope(.consentsWrite), body: .small, put),
            Route(.get, "/v1/recipients/{external_id}", .scope(.messagesRead), show),
            Route(.delete, "/v1/recipients/{external_id}", .scope(.consentsWrite), remove),
            // What it stores is stored in one go, so all of it stands in memory: hence the limit.
            Route(
                .post, "/v1/recipients/import", .scope(.consentsWrite),
                body: .stream([Self.table, Self.lines], limit: 16 << 20), query: ["dry_run"], takeFile),
            // In full, and of all clients: that is nobody's scope but the administrator's.
            Route(.get, "/v1/recipients/{external_id}/export", .scope(.admin), export),
        ]
    }

    // MARK: One

    /// Replaces all there was: what is left out is gone.
    private func put(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call)
        guard let id = call.parameters["external_id"].flatMap({ RecipientID($0) }) else { throw .badName }
        let recipient = try ResidentRequest.recipient(
            try call.json(), id: id, defaults: defaults(by: by, file: call.requestID))
        let isNew = try await stored { () async throws(StoreError) in
            try await reception.books.put(recipient, by: by, at: call.now)
        }
        return .json(RecipientJSON.recipient(recipient), status: isNew ? 201 : 200)
    }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        let id = try call.recipient()
        let found = try await stored { () async throws(StoreError) in try await reception.books.recipient(id) }
        guard let found else { throw .noRecipient }
        return .json(RecipientJSON.recipient(found))
    }

    /// Name, premises and addresses go at once. What was said and done stays, because it is the house's evidence: consents,
    /// suppressions, facts of the account, messages, the journal. Messages that are still queued end as `suppressed` with
    /// `no_address` when their turn comes. It is no erasure of every trace: bytes in free pages of the file, and what old
    /// messages hold, go with their own retention.
    private func remove(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call), id = try call.recipient()
        let removed = try await stored { () async throws(StoreError) in
            try await reception.books.remove(id, by: by, at: call.now)
        }
        guard removed else { throw .noRecipient }
        return Answer(204)
    }

    private func export(_ call: Call) async throws(Problem) -> Answer {
        try await RecipientExport(reception: reception, call: call).answer()
    }

    // MARK: Many

    /// Whole or not at all. A file with errors is refused, with all of them; a dry run answers 200 and tells them.
    private func takeFile(_ call: Call) async throws(Problem) -> Answer {
        guard let stream = call.stream else { throw Problem(StoreError(.broken, "no stream")) }
        let dryRun = try call.query.flag("dry_run")
        // Who only checks changes nothing, whatever the key.
        let by = dryRun ? "client:" + (try call.client()).client : try reception.keeper(call)
        let file = try await read(stream, defaults(by: by, file: call.requestID), at: call.now)
        let outcome = try await stored { () async throws(StoreError) in
            try await ResidentIntake(recipients: reception.books).take(file, by: by, dryRun: dryRun, at: call.now)
        }
        guard dryRun || outcome.errors.isEmpty else { throw .refusedFile(outcome.errors) }
        return .json(RecipientJSON.outcome(outcome, call.language))
    }

    private func read(
        _ stream: BodyStream, _ defaults: ResidentFile.Defaults, at now: Moment
    ) async throws(Problem) -> ResidentFile {
        guard stream.mediaType == Self.lines else {
            let bytes = try await stream.collect()
            do throws(CSVFault) {
                return try ResidentFile(bytes, defaults: defaults, ids: reception.ids, at: now.wall)
            } catch { throw Problem(.invalidValue, error.words) }
        }
        var cutter = LineCutter(), lines: [[UInt8]] = []
        while let chunk = try await stream.next() { lines += cutter.take(chunk) }
        lines += cutter.end()
        return ResidentFile(lines: lines, defaults: defaults, ids: reception.ids, at: now.wall)
    }

    /// - Parameter file: what a consent without evidence of its own rests on; the request's id leads to its log line.
    private func defaults(by: String, file: String) -> ResidentFile.Defaults {
        let rules = reception.rules()
        return ResidentFile.Defaults(
            timeZone: rules.house.timeZone, purposes: Set(rules.purposes.keys), by: by, file: file)
    }
}

extension Problem {
    fileprivate static let badName: Problem = {
        let words = Words(
            ru: "имя получателя в пути: от 1 до 128 байт видимого текста",
            en: "the recipient's name in the path has 1 to 128 bytes of visible text")
        return Problem(.invalidValue, words)
    }()

    /// - Parameter errors: their pointers are row and column: `/7/phone`.
    fileprivate static func refusedFile(_ errors: [ResidentFile.RowError]) -> Problem {
        let items = errors.prefix(ResidentIntake.Outcome.told).map { error in
            let column = error.column.utf8.first == UInt8(ascii: "/") ? error.column : "/" + error.column
            return Problem.Item("/\(error.row)" + (error.column.isEmpty ? "" : column), .invalidValue, error.words)
        }
        return Problem(
            .invalidValue,
            Words(
                ru: "не сохранено ничего: исправьте строки с ошибками (\(errors.count)) и пришлите файл снова",
                en: "nothing was stored: mend the \(errors.count) errors and send the file again"), errors: items)
    }
}

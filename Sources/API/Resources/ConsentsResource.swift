import Domain
import FoundationEssentials
import Intake
import Policy

/// `/v1/consents`: the ledger of what residents allowed and forbade. It is only ever added to.
package struct ConsentsResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    /// Records of one request; more come as a file of residents.
    static let items = 200

    package var routes: [Route] {
        [
            Route(.post, "/v1/consents", .scope(.consentsWrite), body: .small, record),
            Route(
                .get, "/v1/recipients/{external_id}/consents", .scope(.messagesRead), query: ["limit", "after"], list),
            Route(.post, "/v1/consents/check", .scope(.messagesRead), body: .small, check),
            Route(.get, "/v1/consents/export", .scope(.messagesRead), query: ["format"], export),
        ]
    }

    // MARK: Saying

    /// One record, or `{"items": […]}`: all or none. What the ledger holds already is not written again, so a request
    /// that names `occurred_at` may be repeated: 201 where something is new, else 200.
    private func record(_ call: Call) async throws(Problem) -> Answer {
        let by = try reception.keeper(call)
        let request = try ConsentsRequest(try call.json())
        let rules = reception.rules()
        let results = try await stored { () async throws(StoreError) in
            try await ConsentIntake(purposes: rules.purposes, recipients: reception.books, ids: reception.ids)
                .records(of: request.entries, by: by, at: call.now.wall)
        }
        let records = try request.whole(results)
        let standing = try await stored { () async throws(StoreError) in
            try await reception.books.append(records, at: call.now)
        }
        let isNew = zip(records, standing).contains { $0.id == $1.id }
        let json = standing.map(ConsentJSON.record)
        if !request.isList, let only = json.first { return .json(only, status: isNew ? 201 : 200) }
        return .json(
            JSON.object([.init("data", .array(json)), .init("next", .null)]), status: isNew ? 201 : 200)
    }

    // MARK: Looking

    /// Also of a resident who was removed: the ledger is evidence.
    private func list(_ call: Call) async throws(Problem) -> Answer {
        let id = try call.recipient(), limit = try call.query.limit()
        let before = try reception.cursor(call, ConsentKind.self)
        let ledger = try await stored { () async throws(StoreError) in
            try await reception.books.ledger(of: id, limit: limit, before: before)
        }
        if ledger.isEmpty, before == nil {
            let known = try await stored { () async throws(StoreError) in try await reception.books.recipient(id) }
            guard known != nil else { throw .noRecipient }
        }
        return .page(ledger.map(ConsentJSON.record), next: ledger.count < limit ? nil : ledger.last?.id.text)
    }

    /// The rules of sending about a message that does not exist.
    private func check(_ call: Call) async throws(Problem) -> Answer {
        var fields = try RequestFields(try call.json())
        let recipient = fields.neededRecipient("recipient"), name = fields.neededPurpose("purpose")
        let channel = fields.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        let rules = reception.rules()
        if let name, rules.purposes[name] == nil {
            let objection = ConsentObjection.unknownPurpose(
                name, nearest: nearestName(to: name.text, among: rules.purposes.keys.map(\.text)))
            fields.fail(objection.code, objection.words, at: objection.member)
        }
        try fields.finish()
        guard let recipient, let purpose = name.flatMap({ rules.purposes[$0] }) else {
            throw Problem(StoreError(.broken, "fields without a complaint"))
        }
        let answer = try await stored { () async throws(StoreError) in
            try await ConsentInquiry(books: reception.books, rules: rules.house)(
                recipient, purpose, channel, at: call.now)
        }
        guard let answer else {
            let words = ConsentObjection.unknownRecipient(recipient).words
            throw Problem(.unknownRecipient, words, errors: [.init("/recipient", .unknownRecipient, words)])
        }
        return .json(ConsentJSON.answer(answer))
    }

    private func export(_ call: Call) async throws(Problem) -> Answer {
        let format =
            try call.query.word(
                "format", ConsentExport.Format.init(rawValue:), known: ConsentExport.Format.allCases.map(\.rawValue))
            ?? .ndjson
        return try await ConsentExport(reception: reception, format: format).answer(call)
    }
}

/// The body of `POST /v1/consents`.
struct ConsentsRequest {
    var entries: [ConsentEntry] = []
    /// `{"items": […]}`, not a single record.
    var isList: Bool

    init(_ json: JSON) throws(Problem) {
        var fields = try RequestFields(json)
        isList = fields.names.contains { $0.sameBytes(as: "items") }
        if isList {
            entries = fields.objects("items", limit: ConsentsResource.items) { ConsentEntry(&$0) } ?? []
        } else if let entry = ConsentEntry(&fields) {
            entries = [entry]
        }
        try fields.finish()
        // `null` is no list.
        guard !entries.isEmpty else {
            let words = Words(ru: "нужен непустой список", en: "a list that is not empty is needed")
            throw Problem(.required, words, errors: [.init("/items", .required, words)])
        }
    }

    /// - Throws: all objections, each with its place in the request.
    func whole(_ results: [Result<ConsentRecord, ConsentObjection>]) throws(Problem) -> [ConsentRecord] {
        var records: [ConsentRecord] = [], errors: [Problem.Item] = []
        for (place, result) in results.enumerated() {
            switch result {
            case .success(let record): records.append(record)
            case .failure(let objection):
                let pointer = (isList ? "/items/\(place)/" : "/") + objection.member
                errors.append(.init(pointer, objection.code, objection.words))
            }
        }
        if let problem = Problem(of: errors) { throw problem }
        return records
    }
}

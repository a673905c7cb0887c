import Domain
package import Events
import FoundationEssentials
import Intake
package import Journal
import Policy

/// `/v1/webhooks`: addresses of the caller's that are told of events.
package struct WebhooksResource: Sendable {
    let desk: WebhookDesk
    let book: any WebhookBook
    /// For a test on demand; closed after it.
    let makeWire: @Sendable () -> any WebhookWire

    package init(
        _ desk: WebhookDesk, book: any WebhookBook, makeWire: @escaping @Sendable () -> any WebhookWire
    ) {
        self.desk = desk
        self.book = book
        self.makeWire = makeWire
    }

    package var routes: [Route] {
        [
            Route(.get, "/v1/webhooks", .scope(.messagesRead), list),
            Route(.post, "/v1/webhooks", .scope(.messagesWrite), body: .small, add),
            Route(.get, "/v1/webhooks/{id}", .scope(.messagesRead), show),
            Route(.patch, "/v1/webhooks/{id}", .scope(.messagesWrite), body: .small, change),
            Route(.delete, "/v1/webhooks/{id}", .scope(.messagesWrite), remove),
            Route(.post, "/v1/webhooks/{id}/rotate", .scope(.messagesWrite), body: .word, rotate),
            Route(.post, "/v1/webhooks/{id}/test", .scope(.messagesWrite), body: .word, test),
            Route(
                .get, "/v1/webhooks/{id}/deliveries", .scope(.messagesRead), query: ["status", "limit", "after"],
                deliveries),
            Route(.post, "/v1/webhooks/{id}/replay", .scope(.messagesWrite), body: .small, replay),
        ]
    }

    // MARK: Looking

    /// All at once: a client has `WebhookDesk.largestCount` of them at most.
    private func list(_ call: Call) async throws(Problem) -> Answer {
        let caller = try call.client()
        let all = try await stored { () async throws(StoreError) in try await book.webhooks() }
        return .page(all.filter { $0.isOf(caller) }.reversed().map { WebhookJSON.webhook($0) }, next: nil)
    }

    private func show(_ call: Call) async throws(Problem) -> Answer { .json(WebhookJSON.webhook(try await own(call))) }

    private func deliveries(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call)
        let limit = try call.query.limit(), after = try EventID.cursor(call.query["after"], "?after")
        let status: WebhookDelivery.Status? = try call.query.word(
            "status", WebhookDelivery.Status.init(rawValue:), known: WebhookDelivery.Status.allCases.map(\.rawValue))
        let page = try await stored { () async throws(StoreError) in
            try await book.deliveries(of: webhook.id, status: status, limit: limit, after: after)
        }
        return .page(page.map(WebhookJSON.delivery), next: page.count < limit ? nil : page.last?.event.text)
    }

    /// Somebody else's webhook is no webhook: its id tells nothing.
    private func own(_ call: Call) async throws(Problem) -> Webhook {
        let caller = try call.client()
        guard let id = call.parameters["id"].flatMap({ WebhookID($0) }) else { throw .noWebhook }
        let webhook = try await stored { () async throws(StoreError) in try await book.webhook(id) }
        guard let webhook, webhook.isOf(caller) else { throw .noWebhook }
        return webhook
    }

    // MARK: Changing

    private func add(_ call: Call) async throws(Problem) -> Answer {
        let caller = try call.client()
        var fields = try RequestFields(try call.json())
        let url = fields.needed("url", limit: WebhookRules.largestURL)
        let types = fields.eventTypes()
        let house = fields.flag("house") ?? false
        try fields.finish()
        // What it hears of later is decided here.
        guard !house || caller.may(.opsRead) else { throw .lacks(.opsRead) }
        let webhook = try await refusing { () async throws(WebhookDesk.Refusal) in
            try await desk.add(
                url: url, types: types, scope: EventScope(client: caller.client, house: house), by: caller.name,
                at: call.now)
        }
        return .json(WebhookJSON.webhook(webhook, secret: webhook.secret), status: 201)
    }

    private func change(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call), caller = try call.client(), json = try call.json()
        var fields = try RequestFields(json)
        let url = fields.line("url", limit: WebhookRules.largestURL)
        let types = fields.eventTypes()
        let active = fields.flag("active")
        try fields.finish()
        let changed = try await refusing { () async throws(WebhookDesk.Refusal) in
            try await desk.change(
                webhook, url: url, types: json["types"] == nil ? nil : types, active: active, by: caller.name,
                at: call.now)
        }
        return .json(WebhookJSON.webhook(changed))
    }

    private func rotate(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call), caller = try call.client()
        let rotated = try await refusing { () async throws(WebhookDesk.Refusal) in
            try await desk.rotate(webhook, by: caller.name, at: call.now)
        }
        return .json(WebhookJSON.webhook(rotated, secret: rotated.secret))
    }

    private func remove(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call), caller = try call.client()
        try await refusing { () async throws(WebhookDesk.Refusal) in
            try await desk.remove(webhook, by: caller.name, at: call.now)
        }
        return Answer(204)
    }

    private func test(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call), wire = makeWire()
        let answer = await desk.test(webhook, over: wire, at: call.now)
        await wire.close()
        return .json(
            .object(
                ("taken", .bool(answer.verdict == .taken)), ("code", answer.code.map { .count($0) }),
                ("error", .text(answer.error))))
    }

    private func replay(_ call: Call) async throws(Problem) -> Answer {
        let webhook = try await own(call)
        let order = try ReplayRequest(try call.json()).order
        let (count, next) = try await refusing { () async throws(WebhookDesk.Refusal) in
            try await desk.replay(order, to: webhook, at: call.now)
        }
        return .json(
            .object(("replayed", .count(count)), ("next", next.map { .string($0.text) } ?? .null)), status: 202)
    }

    private func refusing<Value>(
        _ body: () async throws(WebhookDesk.Refusal) -> Value
    ) async throws(Problem) -> Value {
        do throws(WebhookDesk.Refusal) { return try await body() } catch { throw Problem(error) }
    }
}

extension Webhook {
    /// By bytes: another spelling of a name is another client. The house's own belong to the command line.
    fileprivate func isOf(_ caller: Caller) -> Bool { scope.client?.sameBytes(as: caller.client) == true }
}

extension Caller {
    /// For the journal.
    fileprivate var name: String { "client:\(client)" }
}

extension RequestFields {
    fileprivate mutating func eventTypes() -> [String] {
        words("types", { text in EventFilter.known.first { $0.sameBytes(as: text) } }, known: EventFilter.known)
    }
}

extension Problem {
    static let noWebhook = Problem(
        .notFound, Words(ru: "такого вебхука нет", en: "there is no such webhook"))

    fileprivate init(_ refusal: WebhookDesk.Refusal) {
        switch refusal {
        case .invalid(let member, let words):
            self.init(.invalidValue, words, errors: [.init("/" + member, .invalidValue, words)])
        case .tooMany:
            let words = Words(
                ru: "вебхуков уже \(WebhookDesk.largestCount): сначала удалите лишние",
                en: "there are \(WebhookDesk.largestCount) webhooks already: remove some first")
            self.init(.invalidValue, words, errors: [.init("", .invalidValue, words)])
        case .unknown: self = .noWebhook
        case .store(let error): self.init(error)
        }
    }
}

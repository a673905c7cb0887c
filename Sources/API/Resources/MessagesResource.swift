import Domain
import FoundationEssentials
import Intake
import Journal
import Policy
import Queue

/// `/v1/messages`: one message in, and what became of it.
package struct MessagesResource: Sendable {
    let reception: Reception
    package init(_ reception: Reception) { self.reception = reception }

    package var routes: [Route] {
        [
            Route(.post, "/v1/messages", .scope(.messagesWrite), body: .message, query: ["dry_run"], send),
            Route(.get, "/v1/messages", .scope(.messagesRead), query: ListFilter.names + ["limit", "after"], list),
            Route(.get, "/v1/messages/{id}", .scope(.messagesRead), show),
            Route(.get, "/v1/messages/{id}/timeline", .scope(.messagesRead), timeline),
            Route(.post, "/v1/messages/{id}/cancel", .scope(.messagesWrite), body: .word, cancel),
            Route(
                .post, "/v1/messages/{id}/retry", .scope(.messagesWrite), body: .word, query: ["even_unconfirmed"],
                retry),
            Route(.post, "/v1/messages/search", .scope(.messagesRead), body: .small, search),
        ]
    }

    // MARK: One in

    private func send(_ call: Call) async throws(Problem) -> Answer {
        let caller = try call.client()
        if let obstacle = reception.obstacle() { throw obstacle }
        var request = try SendRequest(bytes: call.body)
        try take(call.headers["idempotency-key"], into: &request)
        let rules = reception.rules()
        let result = try await stored { () async throws(StoreError) in
            try await rules.accept([request], from: .key(caller), at: call.now.wall)
        }
        guard let first = result.first else { throw Problem(StoreError(.broken, "no result")) }
        let accepted = try first.get()
        if try call.query.flag("dry_run") || request.dryRun {
            let explained = try await DryRun(reception: reception).explain(
                [accepted], rules, at: call.now, call.language)
            return .json(explained.first ?? .null)
        }
        guard try await reception.charge(1, to: caller, at: call.now) else { throw .capReached }
        let enqueued = try await stored { () async throws(StoreError) in
            try await reception.queue.enqueue([accepted.enqueue], at: call.now)
        }
        reception.wake()
        switch enqueued.first {
        case .new?: return .json(MessageJSON.accepted(accepted, accounts: rules.accounts), status: 202)
        case .known(let id)?: return try await replay(id, accepted, rules)
        case .conflict(let id)?: throw .keyReused(by: id)
        case nil: throw Problem(StoreError(.broken, "no result"))
        }
    }

    /// The first answer again: the message is what it was, only where it began is read from its first line.
    private func replay(
        _ id: MessageID, _ again: Accepted, _ rules: Reception.Rules
    ) async throws(Problem) -> Answer {
        let (view, history) = try await stored { () async throws(StoreError) in
            (try await reception.journal.message(id), try await reception.journal.timeline(of: id))
        }
        guard let view else { throw Problem(StoreError(.broken, "a key without its message")) }
        var first = again
        first.enqueue.message = view.message
        if history.first?.state == .suppressed {
            let reason = view.reason.flatMap(SuppressedReason.init(rawValue:)) ?? .noAddress
            first.enqueue.start = .suppressed(reason)
        } else if case .queued(_, _, let channel) = again.enqueue.start {
            let accepted = view.message.acceptedAt, due = max(accepted, view.message.sendAt ?? accepted)
            first.enqueue.start = .queued(due: due, due > accepted ? .sendAt : nil, channel)
        }
        return .json(
            MessageJSON.accepted(first, accounts: rules.accounts), status: 202,
            headers: [("idempotent-replayed", "true")])
    }

    /// The header and the body may both hold the key; then they say the same.
    private func take(_ header: String?, into request: inout SendRequest) throws(Problem) {
        guard let header else {
            if request.idempotencyKey == nil, !reception.keysAreOptional { throw .keyMissing }
            return
        }
        let key = try IdempotencyKey.read(header)
        guard request.idempotencyKey.map({ $0.sameBytes(as: key) }) ?? true else {
            let words = Words(
                ru: "idempotency_key в теле не тот, что в заголовке Idempotency-Key",
                en: "the idempotency_key of the body is not that of the header Idempotency-Key")
            throw Problem(.invalidValue, words, errors: [.init("/idempotency_key", .invalidValue, words)])
        }
        request.idempotencyKey = key
    }

    // MARK: Looking

    private func show(_ call: Call) async throws(Problem) -> Answer {
        .json(MessageJSON.message(try await own(call)))
    }

    private func timeline(_ call: Call) async throws(Problem) -> Answer {
        let view = try await own(call)
        let entries = try await stored { () async throws(StoreError) in
            try await reception.journal.timeline(of: view.message.id)
        }
        return .page(entries.map(MessageJSON.entry), next: nil)
    }

    /// Somebody else's message is no message: its id tells nothing.
    private func own(_ call: Call) async throws(Problem) -> MessageView {
        let caller = try call.client()
        guard let id = call.parameters["id"].flatMap({ MessageID($0) }) else { throw .noMessage }
        let view = try await stored { () async throws(StoreError) in try await reception.journal.message(id) }
        guard let view, view.message.client.sameBytes(as: caller.client) else { throw .noMessage }
        return view
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        try await page(
            ListFilter.filter(call.query), limit: try call.query.limit(), after: call.query["after"],
            of: try call.client())
    }

    private func search(_ call: Call) async throws(Problem) -> Answer {
        let search = try SearchRequest(try call.json())
        return try await page(search.filter, limit: search.limit, after: search.after, of: try call.client())
    }

    private func page(
        _ filter: MessageFilter, limit: Int, after: String?, of caller: Caller
    ) async throws(Problem) -> Answer {
        var filter = filter
        filter.client = caller.client
        let cursor: MessageID? = try reception.cursor(after)
        let views = try await stored { () async throws(StoreError) in
            try await reception.journal.messages(filter, limit: limit, after: cursor)
        }
        return .page(views.map(MessageJSON.message), next: views.count < limit ? nil : views.last?.message.id.text)
    }

    // MARK: Changing

    private func cancel(_ call: Call) async throws(Problem) -> Answer {
        let view = try await own(call)
        try call.client().mayChange(view.message)
        let by = "client:\(view.message.client)"
        let applied = try await stored { () async throws(StoreError) in
            try await reception.queue.apply(
                [Change(message: view.message.id, event: .cancelled, by: by)], at: call.now)
        }
        switch applied.first {
        case .moved?, .noted?: return .json(MessageJSON.message(try await own(call)))
        case .illegal(let state)?: throw state == .sending ? .sendingAlready : .notCancellable(state)
        case .unknownMessage?, nil: throw .noMessage
        }
    }

    private func retry(_ call: Call) async throws(Problem) -> Answer {
        let view = try await own(call), caller = try call.client()
        try caller.mayChange(view.message)
        let again = try await Retry(reception: reception, caller: caller).message(
            view, evenUnconfirmed: try call.query.flag("even_unconfirmed"), at: call.now)
        return .json(again, status: 202)
    }
}

package import Domain
import FoundationEssentials
package import Journal

/// What owners of webhooks may do, the same for the API and for the command line.
package struct WebhookDesk: Sendable {
    /// Of one client.
    package static let largestCount = 50
    /// How long the secret before holds after a rotation.
    package static let rotation: Duration = .seconds(24 * 3600)
    /// Events that one replay sends again.
    package static let largestReplay = 10_000

    let source: any EventSource
    let book: any WebhookBook
    let rules: WebhookRules
    let ids: IDSource
    /// So many bytes that nobody can guess.
    let secretBytes: @Sendable (Int) -> [UInt8]

    package init(
        source: any EventSource, book: any WebhookBook, rules: WebhookRules, ids: IDSource,
        secretBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.source = source
        self.book = book
        self.rules = rules
        self.ids = ids
        self.secretBytes = secretBytes
    }

    /// Why something was not done; nothing was changed.
    package enum Refusal: Error, Sendable, Hashable {
        /// Of the member `url` or `types`.
        case invalid(member: String, Words)
        case tooMany
        case unknown
        case store(StoreError)
    }

    // MARK: Making and changing

    /// The first secret is in what comes back.
    package func add(
        url: String, types: [String], scope: EventScope, by: String, at now: Moment
    ) async throws(Refusal) -> Webhook {
        if let words = rules.objection(to: url) { throw .invalid(member: "url", words) }
        let filter = try Self.filter(types)
        let (all, last) = try await storing { () async throws(StoreError) in
            (try await book.webhooks(), try await source.lastSequence())
        }
        guard all.count(where: { $0.scope.client == scope.client }) < Self.largestCount else { throw .tooMany }
        let webhook = Webhook(
            id: ids.next(at: now.wall), scope: scope, url: url, filter: filter, secret: fresh(), createdAt: now.wall,
            cursor: last)
        try await storing { () async throws(StoreError) in try await book.add(webhook, by: by, at: now) }
        return webhook
    }

    /// What is nil stays. One that is switched on again goes on where it stopped.
    package func change(
        _ webhook: Webhook, url: String?, types: [String]?, active: Bool?, by: String, at now: Moment
    ) async throws(Refusal) -> Webhook {
        var webhook = webhook
        if let url {
            if let words = rules.objection(to: url) { throw .invalid(member: "url", words) }
            webhook.url = url
        }
        if let types { webhook.filter = try Self.filter(types) }
        switch active {
        case true?: webhook.state = .active
        case false?: webhook.state = .disabled(.switchedOff)
        case nil: break
        }
        return try await keep(webhook, by: by, at: now)
    }

    /// A new secret; until `rotation` has passed, requests carry signatures of both.
    package func rotate(_ webhook: Webhook, by: String, at now: Moment) async throws(Refusal) -> Webhook {
        var webhook = webhook
        webhook.previous = Webhook.Previous(
            secret: webhook.secret, until: now.wall.addingTimeInterval(Self.rotation.seconds))
        webhook.secret = fresh()
        return try await keep(webhook, by: by, at: now)
    }

    package func remove(_ webhook: Webhook, by: String, at now: Moment) async throws(Refusal) {
        let done = try await storing { () async throws(StoreError) in
            try await book.remove(webhook.id, by: by, at: now)
        }
        guard done else { throw .unknown }
    }

    private func keep(_ webhook: Webhook, by: String, at now: Moment) async throws(Refusal) -> Webhook {
        let done = try await storing { () async throws(StoreError) in try await book.change(webhook, by: by, at: now) }
        guard done else { throw .unknown }
        return webhook
    }

    private func fresh() -> WebhookSecret {
        guard let secret = WebhookSecret(bytes: secretBytes(32)) else { preconditionFailure("a secret has 32 bytes") }
        return secret
    }

    private static func filter(_ types: [String]) throws(Refusal) -> EventFilter {
        do throws(EventFilter.Unknown) { return try EventFilter(types) } catch {
            let near = nearestName(to: error.pattern, among: EventFilter.known)
            throw .invalid(
                member: "types/\(error.place)",
                Words(
                    ru: "такого события нет" + (near.map { "; может быть, \($0)?" } ?? ""),
                    en: "there is no such event" + (near.map { "; did you mean \($0)?" } ?? "")))
        }
    }

    func storing<Value>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(Refusal) -> Value {
        do throws(StoreError) { return try await body() } catch { throw .store(error) }
    }
}

package import Domain
import FoundationEssentials
import GRDB
package import Journal

extension SQLiteStore: WebhookBook {
    package func webhooks() async throws(StoreError) -> [Webhook] {
        try await read { try $0.webhooks("ORDER BY id") }
    }

    package func webhook(_ id: WebhookID) async throws(StoreError) -> Webhook? {
        try await read { try $0.webhooks("WHERE id = ?", [id.raw]).first }
    }

    package func add(_ webhook: Webhook, by: String, at now: Moment) async throws(StoreError) {
        try await write(.change, at: now) { try $0.add(webhook, by: by) }
    }

    package func change(_ webhook: Webhook, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { try $0.change(webhook, by: by) }
    }

    package func remove(_ id: WebhookID, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { transaction in
            try transaction.db.run("DELETE FROM webhooks WHERE id = ?", [id.raw])
            guard transaction.db.changesCount > 0 else { return false }
            try transaction.db.run("DELETE FROM webhook_deliveries WHERE webhook = ?", [id.raw])
            try transaction.journalWebhook(id, "removed", by: by)
            return true
        }
    }
}

extension Transaction {
    fileprivate func add(_ webhook: Webhook, by: String) throws {
        try db.run(
            """
            INSERT INTO webhooks (url, types, secret, previous_secret, previous_until, disabled, id, client, house,
                created_at, cursor)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            Self.columns(of: webhook) + [
                webhook.scope.client, webhook.scope.house, webhook.createdAt.milliseconds, webhook.cursor,
            ])
        try journalWebhook(webhook.id, "added", by: by)
    }

    fileprivate func change(_ webhook: Webhook, by: String) throws -> Bool {
        try db.run(
            """
            UPDATE webhooks SET url = ?, types = ?, secret = ?, previous_secret = ?, previous_until = ?, disabled = ?
            WHERE id = ?
            """, Self.columns(of: webhook))
        guard db.changesCount > 0 else { return false }
        try journalWebhook(webhook.id, "changed", by: by, webhook.disabled?.rawValue)
        return true
    }

    private static func columns(of webhook: Webhook) -> StatementArguments {
        [
            webhook.url, webhook.filter.patterns.joined(separator: " "), Data(webhook.secret.bytes),
            webhook.previous.map { Data($0.secret.bytes) }, webhook.previous?.until.milliseconds,
            webhook.disabled?.rawValue, webhook.id.raw,
        ]
    }

    /// The address stays out of the journal: a path may hold a secret of the receiver's.
    fileprivate func journalWebhook(_ id: WebhookID, _ action: String, by: String, _ reason: String? = nil) throws {
        try journal(
            "webhook", by: by, [.init("webhook", id.text), .init("action", action), .init("reason", reason)])
    }
}

extension Webhook {
    fileprivate var disabled: State.Reason? {
        switch state {
        case .active: nil
        case .disabled(let reason): reason
        }
    }
}

extension Database {
    fileprivate func webhooks(_ condition: String, _ arguments: StatementArguments = []) throws -> [Webhook] {
        var webhooks: [Webhook] = []
        try each(
            """
            SELECT id, client, house, url, types, secret, previous_secret, previous_until, disabled, created_at, cursor
            FROM webhooks \(condition)
            """, arguments
        ) { webhooks.append(try Self.webhook($0)) }
        return webhooks
    }

    private static func webhook(_ row: Row) throws -> Webhook {
        let patterns = row.text(4).split(separator: " ").map(String.init)
        // A name that a newer version knew: it says nothing to this one.
        let known = patterns.filter(EventFilter.known.contains)
        guard known.isEmpty == patterns.isEmpty, let filter = try? EventFilter(known),
            let secret = WebhookSecret(bytes: row.bytes(5))
        else { throw Damaged(what: "a webhook's filter or secret") }
        var previous: Webhook.Previous?
        if let until = row.date(orNil: 7), let secret = WebhookSecret(bytes: row.bytes(6)) {
            previous = Webhook.Previous(secret: secret, until: until)
        }
        let disabled: Webhook.State.Reason? = try row.word(orNil: 8)
        return Webhook(
            id: WebhookID(raw: row.number(0)),
            scope: EventScope(client: row.text(orNil: 1), house: row.number(2) != 0), url: row.text(3), filter: filter,
            secret: secret, previous: previous, state: disabled.map(Webhook.State.disabled) ?? .active,
            createdAt: row.date(9), cursor: row.number(10))
    }
}

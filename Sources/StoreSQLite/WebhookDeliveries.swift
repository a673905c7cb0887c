package import Domain
package import FoundationEssentials
import GRDB
package import Journal

extension SQLiteStore {
    package func spread(
        _ events: [EventID], to webhook: WebhookID, cursor: Int64, at now: Moment
    ) async throws(StoreError) {
        try await write(.change, rows: 1 + events.count, at: now) { transaction in
            let (db, now) = (transaction.db, transaction.now.wall.milliseconds)
            try db.run(
                "UPDATE webhooks SET cursor = max(cursor, ?) WHERE id = ? AND disabled IS NULL", [cursor, webhook.raw])
            // Removed or switched off meanwhile: nothing is to be sent.
            guard db.changesCount > 0 else { return }
            for event in events {
                try db.run(
                    """
                    INSERT OR IGNORE INTO webhook_deliveries (webhook, event, status, attempts, next_at, created_at)
                    VALUES (?, ?, 'pending', 0, ?, ?)
                    """, [webhook.raw, event.raw, now, now])
            }
        }
    }

    package func due(_ webhook: WebhookID, limit: Int, at now: Moment) async throws(StoreError) -> DueDeliveries {
        try await read { db in
            let deliveries = try db.deliveries(
                "WHERE webhook = ? AND next_at <= ? ORDER BY next_at, event LIMIT ?",
                [webhook.raw, now.wall.milliseconds, max(0, limit)])
            let next = try db.first(
                "SELECT next_at FROM webhook_deliveries WHERE webhook = ? AND next_at > ? ORDER BY next_at LIMIT 1",
                [webhook.raw, now.wall.milliseconds])
            let open = try db.number(
                "SELECT count(*) FROM webhook_deliveries WHERE webhook = ? AND next_at IS NOT NULL", [webhook.raw])
            return DueDeliveries(deliveries: deliveries, next: next?.date(0), open: Int(open ?? 0))
        }
    }

    package func record(_ deliveries: [WebhookDelivery], at now: Moment) async throws(StoreError) {
        guard !deliveries.isEmpty else { return }
        try await write(.change, rows: deliveries.count, at: now) { transaction in
            for delivery in deliveries {
                try transaction.db.run(
                    """
                    UPDATE webhook_deliveries
                    SET status = ?, attempts = ?, next_at = ?, code = ?, error = ?, attempted_at = ?
                    WHERE webhook = ? AND event = ? AND next_at IS NOT NULL AND attempts = ?
                    """,
                    [
                        delivery.status.rawValue, delivery.attempts, delivery.nextAt?.milliseconds, delivery.code,
                        delivery.error, delivery.attemptedAt?.milliseconds, delivery.webhook.raw, delivery.event.raw,
                        // One that was replayed meanwhile begins anew.
                        delivery.attempts - 1,
                    ])
            }
        }
    }

    package func deliveries(
        of webhook: WebhookID, status: WebhookDelivery.Status?, limit: Int, after: EventID?
    ) async throws(StoreError) -> [WebhookDelivery] {
        try await read { db in
            try db.deliveries(
                "WHERE webhook = ? AND event < ? AND (?3 IS NULL OR status = ?3) ORDER BY event DESC LIMIT ?4",
                [webhook.raw, after?.raw ?? .max, status?.rawValue, min(max(limit, 1), 250)])
        }
    }

    package func replay(_ events: [EventID], to webhook: WebhookID, at now: Moment) async throws(StoreError) {
        guard !events.isEmpty else { return }
        try await write(.change, rows: events.count, at: now) { transaction in
            let (db, now) = (transaction.db, transaction.now.wall.milliseconds)
            guard try db.number("SELECT 1 FROM webhooks WHERE id = ?", [webhook.raw]) != nil else { return }
            for event in events {
                try db.run(
                    """
                    INSERT INTO webhook_deliveries (webhook, event, status, attempts, next_at, created_at)
                    VALUES (?, ?, 'pending', 0, ?, ?)
                    ON CONFLICT (webhook, event) DO UPDATE
                    SET status = 'pending', attempts = 0, next_at = excluded.next_at
                    """, [webhook.raw, event.raw, now, now])
            }
        }
    }

    package func trim(delivered: Date, failed: Date, limit: Int, at now: Moment) async throws(StoreError) -> Int {
        try await write(.change, at: now) { transaction in
            var trimmed = 0
            for (status, before) in [(WebhookDelivery.Status.delivered, delivered), (.failed, failed)] {
                try transaction.db.run(
                    """
                    DELETE FROM webhook_deliveries WHERE (webhook, event) IN (
                        SELECT webhook, event FROM webhook_deliveries
                        WHERE next_at IS NULL AND status = ? AND attempted_at < ? LIMIT ?)
                    """, [status.rawValue, before.milliseconds, max(0, limit - trimmed)])
                trimmed += transaction.db.changesCount
            }
            return trimmed
        }
    }
}

extension Database {
    fileprivate func deliveries(
        _ condition: String, _ arguments: StatementArguments
    ) throws -> [WebhookDelivery] {
        var deliveries: [WebhookDelivery] = []
        try each(
            """
            SELECT webhook, event, status, attempts, next_at, code, error, created_at, attempted_at
            FROM webhook_deliveries \(condition)
            """, arguments
        ) { row in
            deliveries.append(
                WebhookDelivery(
                    webhook: WebhookID(raw: row.number(0)), event: EventID(raw: row.number(1)), status: try row.word(2),
                    attempts: Int(row.number(3)), nextAt: row.date(orNil: 4),
                    code: row.number(orNil: 5).map { Int($0) },
                    error: row.text(orNil: 6), createdAt: row.date(7), attemptedAt: row.date(orNil: 8)))
        }
        return deliveries
    }
}

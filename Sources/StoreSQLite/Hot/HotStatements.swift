import GRDB

/// The statements that run for each message on its way, prepared once for the writing connection.
final class HotStatements {
    let duePage: HotStatement
    let leaveQueue: HotStatement
    let enterQueue: HotStatement
    let lease: HotStatement
    let begin: HotStatement
    let leaveInflight: HotStatement
    let appendAttempt: HotStatement
    let enterOutcomes: HotStatement
    let appendJournal: HotStatement
    let insertMessage: HotStatement
    let firstOfKey: HotStatement
    let insertKey: HotStatement

    init(_ db: Database) throws {
        // One seek, one join, in the order of the primary key: nothing is sorted.
        duePage = try HotStatement(
            db,
            """
            SELECT q.due_at, q.expires_at, q.held, q.attempts, q.submissions, q.reach, q.deaths, q.exhausted, q.id,
                \(MessageRow.columns)
            FROM queue q CROSS JOIN messages m ON m.id = q.id
            WHERE q.channel = ? AND q.priority = ? AND q.due_at <= ? ORDER BY q.due_at, q.id LIMIT ?
            """)
        leaveQueue = try HotStatement(
            db, "DELETE FROM queue WHERE channel = ? AND priority = ? AND due_at = ? AND id = ?")
        enterQueue = try HotStatement(
            db,
            """
            INSERT INTO queue (channel, priority, due_at, id, expires_at, held, attempts, submissions, reach, deaths,
                exhausted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        lease = try HotStatement(
            db,
            """
            INSERT INTO inflight (id, token, session, lease_until, queue_channel, priority, due_at, expires_at, held,
                attempts, submissions, reach, deaths, exhausted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        begin = try HotStatement(
            db, "UPDATE inflight SET began_at = ?, lease_until = ?, provider = ?, channel = ?, address = ? WHERE id = ?"
        )
        leaveInflight = try HotStatement(db, "DELETE FROM inflight WHERE id = ?")
        // A number used twice must not make the whole turn fail and with it everybody else's results.
        appendAttempt = try HotStatement(
            db,
            """
            INSERT INTO attempts (message, number, provider, channel, address, began_at, ended_at, failure_reason,
                failure_code, failure_detail, retry_after, receipt, parts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message, number) DO NOTHING
            """)
        enterOutcomes = try HotStatement(
            db,
            """
            INSERT INTO outcomes (id, state, reason, failure_reason, failure_code, failure_detail, channel, provider, at,
                due_at, held, attempts, submissions, reach, deaths, exhausted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        appendJournal = try HotStatement(
            db,
            "INSERT INTO journal (sequence, at, message, event, state, by, facts, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        insertMessage = try HotStatement(
            db,
            """
            INSERT INTO messages (id, client, idempotency_key, purpose, template, template_version, locale, recipient,
                priority, send_at, expires_at, accepted_at, thread, supersedes, reference, retry_of, destinations,
                channels, variables, metadata, attachments, fallback_after, mode, condition)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        firstOfKey = try HotStatement(
            db, "SELECT message, request_hash FROM idempotency WHERE client = ? AND key = ?")
        insertKey = try HotStatement(
            db,
            """
            INSERT INTO idempotency (client, key, message, request_hash) VALUES (?, ?, ?, ?)
            ON CONFLICT (client, key) DO NOTHING
            """)
    }
}

package import Domain
import GRDB

/// A message in the queue, with the line it stands in.
package struct QueuedMessage: Sendable, Hashable {
    package let message: Message
    package let progress: Progress
    package let line: Channel
}

/// A stretch of the queue in the order of the ids; `last` leads to the next one, nil where the queue ends.
package struct QueuedPage: Sendable, Hashable {
    package var messages: [QueuedMessage] = []
    package var last: MessageID?
}

extension SQLiteStore {
    /// Looks and takes nothing. Rows that cannot be read are left out: the worker buries them when it meets them.
    package func queued(after: MessageID?, limit: Int) async throws(StoreError) -> QueuedPage {
        try await read { db in
            var page = QueuedPage()
            var rows = 0
            try db.each(
                """
                SELECT q.id, q.channel, q.attempts, q.submissions, q.reach, q.deaths, q.exhausted, \(MessageRow.columns)
                FROM queue q CROSS JOIN messages m ON m.id = q.id WHERE q.id > ? ORDER BY q.id LIMIT ?
                """, [after?.raw ?? .min, max(1, limit)]
            ) { row in
                rows += 1
                page.last = MessageID(raw: row[0])
                guard let message = try? MessageRow.read(row, from: 7), let progress = try? row.progress(2),
                    let line: Channel = try? row.word(1)
                else { return }
                page.messages.append(QueuedMessage(message: message, progress: progress, line: line))
            }
            if rows < limit { page.last = nil }
            return page
        }
    }
}

package import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue
import Rendering

extension SQLiteStore: TemplateArchive {
    package func keep(_ versions: [(ref: TemplateRef, source: [UInt8])]) async throws(StoreError) {
        let versions = versions.map { ($0.ref, Data($0.source)) }
        // Not an event in the life of a message: it has no line in the journal and needs no time.
        let nobody = Moment(wall: Date(timeIntervalSince1970: 0), uptime: 0)
        try await write(.change, rows: versions.count, at: nobody) { transaction in
            for (ref, source) in versions {
                try transaction.db.run(
                    "INSERT OR IGNORE INTO templates (id, version, source) VALUES (?, ?, ?)",
                    [ref.id, ref.version, source])
            }
        }
    }

    package func kept() async throws(StoreError) -> [(ref: TemplateRef, source: [UInt8])] {
        let rows = try await read { db in
            var rows: [KeptTemplate] = []
            try db.each("SELECT id, version, source FROM templates ORDER BY rowid") { row in
                rows.append(
                    KeptTemplate(ref: TemplateRef(id: row[0], version: row[1]), source: row.bytes(2)))
            }
            return rows
        }
        return rows.map { ($0.ref, $0.source) }
    }
}

private struct KeptTemplate: Sendable {
    let ref: TemplateRef
    let source: [UInt8]
}

extension Transaction {
    func record(_ state: ProviderState, by: String) throws {
        // A worker that has not heard of a person's pause yet must not end it.
        if by == ProviderState.worker, try isPausedByAPerson(state.provider) { return }
        try db.run(
            """
            INSERT OR REPLACE INTO provider_states (provider, paused_until, reason, since, by, note)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                state.provider.text, state.pausedUntil?.milliseconds, state.reason, state.since.milliseconds, by,
                state.note,
            ])
        try journal(
            "provider", by: by,
            [
                .init("provider", state.provider.text),
                .init("state", state.pausedUntil == nil ? "working" : "paused"),
                .init("until", state.pausedUntil.flatMap { $0 == .distantFuture ? nil : $0.ISO8601Format() }),
                .foreign("reason", state.reason, about: nil), .foreign("note", state.note, about: nil),
            ])
    }

    private func isPausedByAPerson(_ provider: ProviderID) throws -> Bool {
        try db.number(
            "SELECT 1 FROM provider_states WHERE provider = ? AND paused_until = ? AND by <> ?",
            [provider.text, Date.distantFuture.milliseconds, ProviderState.worker]) != nil
    }
}

package import Domain
import FoundationEssentials
import GRDB
import Journal
import Queue

extension SQLiteStore {
    /// Why nothing may be claimed at present; nil when messages go.
    package func hold() async throws(StoreError) -> Hold? { try await read { try $0.hold() } }

    /// What `open` would hold it for if a gateway started now: the same look at the file, and nothing is written. Nil
    /// where nothing speaks against it, and beside a running owner, who has looked already.
    package func doubt() async throws(StoreError) -> (reason: Hold.Reason, detail: String?)? {
        try await read { [path] db in
            try Place.doubt(about: Self.place(of: path, db), known: Place.read(beside: path))
        }
    }

    /// A reason that doubts the file is not covered up by a person's pause.
    package func hold(_ reason: Hold.Reason, by: String, at now: Moment) async throws(StoreError) -> Hold {
        try await write(.change, at: now) { try $0.hold(reason, nil, by: by) }
    }

    /// - Returns: what held it; nil when nothing did.
    package func release(by: String, at now: Moment) async throws(StoreError) -> Hold? {
        try await write(.change, at: now) { try $0.release(by: by) }
    }
}

extension SQLiteStore: ProviderVoices {
    package func providerVoices() async throws(StoreError) -> [ProviderID: String] {
        try await read { db in
            var voices: [ProviderID: String] = [:]
            try db.each("SELECT provider, by FROM provider_states WHERE by IS NOT NULL") { row in
                voices[try row.provider(0)] = row[1]
            }
            return voices
        }
    }
}

extension Database {
    func hold() throws -> Hold? {
        try first("SELECT reason, since, by, detail FROM hold").map { row in
            let reason: Hold.Reason = try row.word(0)
            return Hold(reason: reason, since: row.date(1), by: row[2], detail: row[3])
        }
    }
}

extension Transaction {
    @discardableResult
    func hold(_ reason: Hold.Reason, _ detail: String?, by: String) throws -> Hold {
        if let present = try db.hold(), present.reason.doubtsTheFile || !reason.doubtsTheFile { return present }
        try db.run(
            "INSERT OR REPLACE INTO hold (one, reason, since, by, detail) VALUES (1, ?, ?, ?, ?)",
            [reason.rawValue, now.wall.milliseconds, by, detail])
        try journal("held", by: by, [.init("reason", reason.rawValue), .init("detail", detail)])
        return Hold(reason: reason, since: now.wall, by: by, detail: detail)
    }

    func release(by: String) throws -> Hold? {
        guard let present = try db.hold() else { return nil }
        try db.run("DELETE FROM hold")
        try journal("released", by: by, [.init("reason", present.reason.rawValue)])
        return present
    }
}

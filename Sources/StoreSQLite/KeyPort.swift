package import Domain
package import FoundationEssentials
import GRDB
import Journal
package import Policy
import Synchronization

extension SQLiteStore: KeyBook {
    package var keyGeneration: UInt64 { keyChanges.load(ordering: .acquiring) }

    package func keys() async throws(StoreError) -> [KeyRecord] {
        try await read { db in
            var keys: [KeyRecord] = []
            try db.each("SELECT \(Database.keyColumns) FROM api_keys ORDER BY created_at, id") {
                keys.append(try Database.key($0))
            }
            return keys
        }
    }

    package func create(_ key: KeyRecord, by: String, at now: Moment) async throws(StoreError) -> KeyCreation {
        // Also where it failed: nobody knows then what the file says.
        defer { keyChanges.add(1, ordering: .releasing) }
        return try await write(.change, at: now) { try $0.create(key, by: by) }
    }

    package func revoke(_ id: String, by: String, at now: Moment) async throws(StoreError) -> KeyRevocation {
        defer { keyChanges.add(1, ordering: .releasing) }
        return try await write(.change, at: now) { try $0.revoke(id, by: by) }
    }

    package func noteUse(_ uses: [String: Date], at now: Moment) async throws(StoreError) {
        guard !uses.isEmpty else { return }
        try await write(.change, rows: uses.count, at: now) { transaction in
            for (id, used) in uses {
                try transaction.db.run(
                    """
                    UPDATE api_keys SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)
                    """, [used.milliseconds, id])
            }
        }
    }

    package func charge(
        _ messages: Int, to key: String, on day: Int, cap: Int, at now: Moment
    ) async throws(StoreError) -> Bool {
        // As accepts go: what is counted here is accepted right after.
        try await write(.accept, at: now) { try $0.charge(messages, to: key, on: day, cap: cap) }
    }
}

extension Transaction {
    func create(_ key: KeyRecord, by: String) throws -> KeyCreation {
        guard try db.number("SELECT 1 FROM api_keys WHERE id = ?", [key.id]) == nil else { return .idTaken }
        let present = try db.keys(of: key.client, key.mode).filter { $0.status(at: now.wall) == .active }
        guard present.count < KeyRecord.atOnce else { return .tooMany(present) }
        try db.run(
            """
            INSERT INTO api_keys (\(Database.keyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key.id, key.client.text, key.mode.rawValue, Data(key.digest), words(key.scopes.map(\.rawValue)),
                key.templates.map { words(Array($0)) }, key.channels.map { words($0.map(\.rawValue)) }, key.dailyCap,
                key.networks.isEmpty ? nil : key.networks.map(\.text).joined(separator: " "),
                key.created.milliseconds, key.expires?.milliseconds, key.revoked?.milliseconds,
                key.lastUsed?.milliseconds, key.note,
            ])
        try journal(
            "key", by: by,
            [
                .init("action", "created"), .init("key", key.id), .init("client", key.client.text),
                .init("mode", key.mode.rawValue), .init("scopes", words(key.scopes.map(\.rawValue))),
                .init("templates", key.templates.map { words(Array($0)) }),
                .init("channels", key.channels.map { words($0.map(\.rawValue)) }),
                .init("daily_cap", key.dailyCap.map { "\($0)" }),
                .init("from", key.networks.isEmpty ? nil : key.networks.map(\.text).joined(separator: " ")),
                .init("expires_at", key.expires?.ISO8601Format()), .foreign("note", key.note, about: nil),
            ])
        return .created
    }

    func revoke(_ id: String, by: String) throws -> KeyRevocation {
        guard let row = try db.first("SELECT \(Database.keyColumns) FROM api_keys WHERE id = ?", [id]) else {
            return .unknown
        }
        var key = try Database.key(row)
        if let before = key.revoked { return .before(before) }
        key.revoked = now.wall
        try db.run("UPDATE api_keys SET revoked_at = ? WHERE id = ?", [now.wall.milliseconds, id])
        try journal(
            "key", by: by,
            [
                .init("action", "revoked"), .init("key", id), .init("client", key.client.text),
                .init("mode", key.mode.rawValue),
            ])
        return .revoked(key)
    }

    func charge(_ messages: Int, to key: String, on day: Int, cap: Int) throws -> Bool {
        let used =
            try db.number("SELECT messages FROM api_key_days WHERE key = ? AND day = ?", [key, day]) ?? 0
        guard messages >= 0, Int64(messages) <= Int64(cap) - used else { return false }
        try db.run(
            """
            INSERT INTO api_key_days (key, day, messages) VALUES (?, ?, ?)
            ON CONFLICT (key, day) DO UPDATE SET messages = messages + excluded.messages
            """, [key, day, messages])
        return true
    }

    private func words(_ list: [String]) -> String { list.sorted().joined(separator: " ") }
}

extension Database {
    static let keyColumns = """
        id, client, mode, digest, scopes, templates, channels, daily_cap, networks, created_at, expires_at, revoked_at, \
        last_used_at, note
        """

    func keys(of client: ClientName, _ mode: KeyMode) throws -> [KeyRecord] {
        var keys: [KeyRecord] = []
        try each(
            "SELECT \(Self.keyColumns) FROM api_keys WHERE client = ? AND mode = ? ORDER BY created_at, id",
            [client.text, mode.rawValue]
        ) { keys.append(try Self.key($0)) }
        return keys
    }

    static func key(_ row: Row) throws -> KeyRecord {
        guard let client = ClientName(row.text(1)) else { throw Damaged(what: "a key of nobody") }
        func words(_ column: Int) -> [String]? {
            row.text(orNil: column).map { $0.split(separator: " ").map(String.init) }
        }
        func known<Word>(_ column: Int, _ read: (String) -> Word?) throws -> [Word]? {
            try words(column)?.map { text in
                guard let word = read(text) else { throw Damaged(what: "“\(text)” in a key") }
                return word
            }
        }
        return KeyRecord(
            id: row.text(0), client: client, mode: try row.word(2), digest: row.bytes(3),
            scopes: Set(try known(4, Scope.init(rawValue:)) ?? []), templates: words(5).map { Set($0) },
            channels: try known(6, Channel.init(rawValue:)).map { Set($0) },
            dailyCap: row.number(orNil: 7).map { Int($0) }, networks: try known(8, { Subnet($0) }) ?? [],
            created: row.date(9), expires: row.date(orNil: 10), revoked: row.date(orNil: 11),
            lastUsed: row.date(orNil: 12), note: row.text(orNil: 13))
    }
}

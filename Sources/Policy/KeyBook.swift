package import Domain
package import FoundationEssentials

/// What is known of one API key. The secret itself is known to its owner alone.
package struct KeyRecord: Sendable, Hashable {
    /// The public part of the key: 8 small Latin letters and digits.
    package var id: String
    package var client: ClientName
    package var mode: KeyMode
    /// SHA-256 of the secret part: 256 random bits need no slow hash.
    package var digest: [UInt8]
    package var scopes: Set<Scope>
    /// Nil: all of them.
    package var templates: Set<String>?
    /// Nil: all of them.
    package var channels: Set<Channel>?
    /// Messages per day on the clock of the house; nil: no cap.
    package var dailyCap: Int?
    /// Where calls may come from; empty: from anywhere.
    package var networks: [Subnet]
    package var created: Date
    package var expires: Date?
    package var revoked: Date?
    /// Behind by a minute or two: it is not written with each request.
    package var lastUsed: Date?
    package var note: String?

    package init(
        id: String, client: ClientName, mode: KeyMode, digest: [UInt8], scopes: Set<Scope>,
        templates: Set<String>? = nil, channels: Set<Channel>? = nil, dailyCap: Int? = nil, networks: [Subnet] = [],
        created: Date, expires: Date? = nil, revoked: Date? = nil, lastUsed: Date? = nil, note: String? = nil
    ) {
        self.id = id
        self.client = client
        self.mode = mode
        self.digest = digest
        self.scopes = scopes
        self.templates = templates
        self.channels = channels
        self.dailyCap = dailyCap
        self.networks = networks
        self.created = created
        self.expires = expires
        self.revoked = revoked
        self.lastUsed = lastUsed
        self.note = note
    }

    package enum Status: String, Sendable, CaseIterable { case active, expired, revoked }

    package func status(at now: Date) -> Status {
        if revoked != nil { return .revoked }
        return expires.map { $0 <= now } == true ? .expired : .active
    }
}

/// What became of a wish for a new key.
package enum KeyCreation: Sendable, Hashable {
    case created
    /// Two are active already for this client and mode, oldest first: one of them must go before another comes.
    case tooMany([KeyRecord])
    /// Somebody has this id; draw another one.
    case idTaken
}

package enum KeyRevocation: Sendable, Hashable {
    case revoked(KeyRecord)
    /// Since when.
    case before(Date)
    case unknown
}

/// API keys: who may call. Each change leaves a journal line `key`, which never holds the secret or its hash.
package protocol KeyBook: Sendable {
    /// Grows with each `create` and `revoke`, before they return: whoever keeps a copy of the keys compares it and reads
    /// anew where it moved. Asks no file.
    var keyGeneration: UInt64 { get }
    /// Revoked and expired ones too, in the order of their making.
    func keys() async throws(StoreError) -> [KeyRecord]
    /// At most `KeyRecord.atOnce` active ones per client and mode, also where two are created at the same moment.
    func create(_ key: KeyRecord, by: String, at now: Moment) async throws(StoreError) -> KeyCreation
    func revoke(_ id: String, by: String, at now: Moment) async throws(StoreError) -> KeyRevocation
    /// - Parameter uses: by id; an earlier time than the one known changes nothing. No journal line.
    func noteUse(_ uses: [String: Date], at now: Moment) async throws(StoreError)
    /// Counts messages against a key's day; durable when it returns.
    /// - Parameter day: its number since 1970 on the clock of the house.
    /// - Returns: false where they would pass `cap`; then nothing was counted.
    func charge(
        _ messages: Int, to key: String, on day: Int, cap: Int, at now: Moment
    ) async throws(StoreError) -> Bool
}

extension KeyRecord {
    /// One in use and one to change over to.
    package static let atOnce = 2
}

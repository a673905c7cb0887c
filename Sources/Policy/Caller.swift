package import Domain

/// What a key allows; the raw value stands in configuration, answers and documentation.
package enum Scope: String, Sendable, Hashable, CaseIterable {
    case messagesWrite = "messages:write"
    case messagesRead = "messages:read"
    case consentsWrite = "consents:write"
    case opsRead = "ops:read"
    case opsWrite = "ops:write"
    /// Everything, and what no other scope allows.
    case admin
}

/// Who calls, as the key proved it.
package struct Caller: Sendable, Hashable {
    /// The calling system; what it wrote is its own to read, whichever of its keys it shows.
    package var client: String
    /// The public part of the key: 8 characters.
    package var key: String
    package var mode: KeyMode
    package var scopes: Set<Scope>
    /// Nil: all of them.
    package var templates: Set<String>?
    /// Nil: all of them.
    package var channels: Set<Channel>?

    package init(
        client: String, key: String, mode: KeyMode = .live, scopes: Set<Scope>, templates: Set<String>? = nil,
        channels: Set<Channel>? = nil
    ) {
        self.client = client
        self.key = key
        self.mode = mode
        self.scopes = scopes
        self.templates = templates
        self.channels = channels
    }

    package func may(_ scope: Scope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }
}

/// Who stands at the door of the API.
package protocol Doorkeeper: Sendable {
    /// Nil for a key that is missing, mistyped, expired or revoked: the caller never learns which. Takes the same time for
    /// all of them.
    ///
    /// - Parameters:
    ///   - key: the bytes after `Bearer `.
    ///   - address: where the call comes from, for keys that hold for some addresses only; nil where it is not known.
    func caller(showing key: [UInt8], from address: String?, at now: Moment) async throws(StoreError) -> Caller?

    /// Counts messages against the day of the key before they are stored.
    /// - Returns: false where they would pass its daily cap; then nothing was counted.
    func charge(_ messages: Int, to caller: Caller, at now: Moment) async throws(StoreError) -> Bool

    /// Whether the key of someone who came in earlier still holds: what he was let in for may last for hours.
    func stillAdmits(_ caller: Caller, at now: Moment) async throws(StoreError) -> Bool
}

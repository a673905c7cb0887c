package import Domain

/// An idempotency key with the client whose key it is. Compared by bytes: two spellings of one letter are two keys.
package struct RequestKey: Sendable, Hashable {
    package let client: String
    package let key: [UInt8]
    package init(client: String, key: [UInt8]) {
        self.client = client
        self.key = key
    }
}

/// What the first request with a key became.
package struct FirstRequest: Sendable, Hashable {
    package let message: MessageID
    package let hash: [UInt8]
    package init(message: MessageID, hash: [UInt8]) {
        self.message = message
        self.hash = hash
    }
}

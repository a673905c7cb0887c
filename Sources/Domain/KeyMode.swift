/// How far what is accepted under a key may go; the word in the middle of the key.
package enum KeyMode: String, Sendable, Hashable, CaseIterable {
    case live
    /// Reaches the guest list only.
    case team
    /// Nothing leaves; magic recipients give each outcome.
    case test
}

extension Message {
    /// Whose idempotency keys these are. What a test key has used up must not swallow the real message that comes with the
    /// same key later, so each mode has keys of its own. The separator is no letter that a client's name may hold.
    package var idempotencyScope: String {
        switch mode {
        case .live: client
        case .team, .test: "\(client)\u{1F}\(mode.rawValue)"
        }
    }
}

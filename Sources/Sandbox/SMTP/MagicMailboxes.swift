/// The beginning of a recipient's local part decides what its server says, so one mail may get different replies.
/// The page shows this table to people who look for a way to try a failure.
enum MagicMailbox: String, CaseIterable, Sendable {
    case nouser, disabled, full, grey, busy, spam, dkim, late, cut, silent

    init?(address: String) {
        let local = address.prefix { $0 != "@" }.lowercased()
        guard let match = Self.allCases.first(where: { local.hasPrefix($0.rawValue) }) else { return nil }
        self = match
    }

    /// The answer to RCPT, where this mailbox refuses there. `grey` depends on the clock and is answered elsewhere.
    var recipientReply: String? {
        switch self {
        case .nouser: "550 5.1.1 Recipient address rejected: user unknown"
        case .disabled: "550 5.2.1 Mailbox disabled"
        case .full: "452 4.2.2 Mailbox full"
        case .busy: "421 4.3.2 Too busy, closing connection"
        case .spam: "554 5.7.1 Message rejected under suspicion of spam"
        case .grey, .dkim, .late, .cut, .silent: nil
        }
    }

    /// The answer after the final dot, where this mailbox refuses there.
    var contentReply: String? {
        switch self {
        case .dkim: "550 5.7.515 Sending domain does not meet the required authentication level"
        case .late: "451 4.3.0 Temporary failure after DATA"
        case .nouser, .disabled, .full, .grey, .busy, .spam, .cut, .silent: nil
        }
    }
}

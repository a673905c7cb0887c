/// What one answer says about the account that gave it, whatever becomes of the message. docs/FAILURES.md has the word of
/// every failure; how many of them make an account rest, and for how long, is the worker's business (`Circuit`).
package enum AccountWord: String, Sendable, CaseIterable {
    /// It answered; what it refused, if anything, is the message or the address.
    case works
    /// Nobody knows whether it took the message.
    case silent
    /// It could not serve this once.
    case stumbles
    /// It said itself, or showed beyond doubt, that it cannot serve now.
    case rests
    /// It cannot serve until a person does something.
    case stopped
}

extension DeliveryFailure.Reason {
    package var accountWord: AccountWord {
        switch self {
        case .unknownAddress, .optedOut, .addressBusy, .contentRejected, .tooLong, .unrenderable, .poison: .works
        case .unintelligible, .noAnswer: .silent
        case .unreachable, .misconfigured: .stumbles
        case .throttled, .untrusted, .noProvider: .rests
        case .badCredentials, .outOfFunds: .stopped
        }
    }

    /// It does not end by itself: a person is told (a warning in the log), once while it lasts.
    package var alertsOperator: Bool {
        switch self {
        case .unknownAddress, .optedOut, .addressBusy, .throttled, .unreachable, .noAnswer: false
        case .contentRejected, .tooLong, .unrenderable, .poison, .untrusted, .badCredentials, .outOfFunds,
            .misconfigured, .noProvider, .unintelligible:
            true
        }
    }
}

import Delivery
package import Domain
import FoundationEssentials
import Queue

/// A word about the account that carried a failed attempt.
package struct ProviderTrouble: Sendable, Hashable {
    package var provider: ProviderID
    package var failure: DeliveryFailure
    /// A person is told: this trouble is new and will not end by itself.
    package var alertsOperator: Bool
}

extension Lane {
    /// Draws from one answer what it says about the account: does it work, how much does it bear, what is its share.
    mutating func hear(
        _ outcome: Result<Receipt, DeliveryFailure>, ownTrouble: Bool, began: Moment, base: Duration, chance: Double,
        at now: Moment
    ) -> Circuit.Change? {
        let word = ownTrouble ? .works : outcome.accountWord
        let took = now.uptime - began.uptime
        switch word {
        case .works:
            concurrency.succeeded()
            servedSomebody()
        case .silent, .stumbles, .rests, .stopped: concurrency.overloaded()
        }
        balance.hear(isError: word != .works, isSlow: took > Lane.slow.milliseconds, at: now.uptime)
        // One message's own trouble is no sign that a resting account works again.
        if ownTrouble, circuit.state != .closed { return nil }
        let change = circuit.hear(
            word, asked: outcome.asked, began: began.uptime, base: base, chance: chance, at: now.uptime)
        if change == .works {
            concurrency.restart()
            told = Told()
        }
        return change
    }

    /// An answer that took longer is a late one, for the shares of several accounts.
    private static let slow = Duration.seconds(10)
}

/// Of which trouble a person was told, so that each is told once: while it lasts, or once an hour where the account goes
/// on working.
package struct Told: Sendable {
    private static let hour: Int64 = 3_600_000
    /// In uptime; the end of the memory, nil for as long as the account rests.
    private var reasons: [DeliveryFailure.Reason: Int64?] = [:]

    package init() {}

    /// - Parameter rests: nothing else comes until the trouble is over; whoever ends it forgets all of this.
    package mutating func isNew(_ reason: DeliveryFailure.Reason, rests: Bool, at now: Int64) -> Bool {
        if let until = reasons[reason], until.map({ now < $0 }) ?? true { return false }
        reasons[reason] = .some(rests ? nil : now + Self.hour)
        return true
    }
}

extension Result<Receipt, DeliveryFailure> {
    fileprivate var accountWord: AccountWord {
        switch self {
        case .success: .works
        case .failure(let failure): failure.reason.accountWord
        }
    }

    /// Only for trouble that the account has: what it asks for one busy mailbox is that mailbox's.
    fileprivate var asked: Duration? {
        switch self {
        case .success: nil
        case .failure(let failure): failure.scope == .provider ? failure.retryAfter : nil
        }
    }
}

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
        let word = Circuit.Word(outcome, ownTrouble: ownTrouble)
        let took = now.uptime - began.uptime
        switch word {
        case .works:
            concurrency.succeeded()
            servedSomebody()
        case .silent, .troubled, .broken: concurrency.overloaded()
        }
        balance.hear(isError: word != .works, isSlow: took > Lane.slow.milliseconds, at: now.uptime)
        // One message's own trouble is no sign that a resting account works again.
        if ownTrouble, circuit.state != .closed { return nil }
        let change = circuit.hear(word, began: began.uptime, base: base, chance: chance, at: now.uptime)
        if change == .works {
            concurrency.restart()
            told = nil
        }
        return change
    }

    /// An answer that took longer is a late one, for the shares of several accounts.
    private static let slow = Duration.seconds(10)

    /// Whether a person must be told of this trouble: the first time, not again at each probe.
    mutating func tells(_ failure: DeliveryFailure) -> Bool {
        defer { told = failure.reason }
        return told != failure.reason
    }
}

extension Circuit.Word {
    init(_ outcome: Result<Receipt, DeliveryFailure>, ownTrouble: Bool) {
        switch outcome {
        case .success: self = .works
        case .failure(let failure): self = ownTrouble ? .works : Self(failure)
        }
    }

    private init(_ failure: DeliveryFailure) {
        switch failure.reason {
        // It answered; what it refused is the message or the address.
        case .unknownAddress, .optedOut, .addressBusy, .contentRejected, .tooLong, .unrenderable, .poison: self = .works
        case .throttled: self = .troubled(decisive: true, retryAfter: failure.retryAfter)
        case .unreachable, .misconfigured: self = .troubled(decisive: false, retryAfter: failure.retryAfter)
        case .untrusted, .noProvider: self = .troubled(decisive: true, retryAfter: failure.retryAfter)
        case .badCredentials, .outOfFunds: self = .broken
        case .unintelligible, .noAnswer: self = .silent
        }
    }
}

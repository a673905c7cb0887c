package import Domain
package import FoundationEssentials

/// A configured account, as far as people are shown it: nothing secret.
package struct ProviderAccount: Sendable, Hashable {
    package var id: ProviderID
    /// Its `kind:` in the configuration.
    package var kind: String
    /// In the order in which channels are listed everywhere.
    package var channels: [Channel]
    package var limits: Limits

    package struct Limits: Sendable, Hashable {
        /// 0…1000: its share among the accounts of one channel.
        package var weight: Int
        package var concurrency: Int
        /// Units per second; nil: as fast as `concurrency` allows.
        package var rate: Double?
        /// Units in one day.
        package var dailyCap: Int?
        /// What `rate` and `dailyCap` count: `requests` or `parts`.
        package var unit: String
        package init(weight: Int, concurrency: Int, rate: Double? = nil, dailyCap: Int? = nil, unit: String) {
            self.weight = weight
            self.concurrency = concurrency
            self.rate = rate
            self.dailyCap = dailyCap
            self.unit = unit
        }
    }

    package init(id: ProviderID, kind: String, channels: [Channel], limits: Limits) {
        self.id = id
        self.kind = kind
        self.channels = channels
        self.limits = limits
    }
}

/// One account as people see it: what it carries, whether it works, and if not, why, since when and by whose word.
package struct ProviderStanding: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        case works
        case paused
        /// It said or showed that it cannot serve now; it is tried again by itself.
        case resting
        /// Its rest is over, and it has not taken anything since: messages are offered to it again.
        case tried = "being_tried"
        case usedUp = "daily_cap_used_up"
    }

    package let account: ProviderAccount
    package let ledger: ProviderState?
    /// Who paused or resumed it last; nil where nobody did.
    package let by: String?
    /// Units of today.
    package let usedToday: Int
    package let now: Date

    package init(account: ProviderAccount, ledger: ProviderState?, by: String?, usedToday: Int, now: Date) {
        self.account = account
        self.ledger = ledger
        self.by = by
        self.usedToday = usedToday
        self.now = now
    }

    package var state: State {
        if let until = ledger?.pausedUntil, until > now { return ledger?.isAPersons == true ? .paused : .resting }
        if let cap = account.limits.dailyCap, usedToday >= cap { return .usedUp }
        // A recovery, and a person's resume, leave neither an end nor a reason behind.
        if let ledger, ledger.pausedUntil != nil, ledger.reason != nil, !ledger.isAPersons { return .tried }
        return .works
    }

    /// Nothing new leaves by it now.
    package var isPaused: Bool {
        switch state {
        case .paused, .resting: true
        case .works, .tried, .usedUp: false
        }
    }

    /// Nil when a person is waited for.
    package var pausedUntil: Date? { ledger?.pausedUntil.flatMap { $0 > now && $0 != .distantFuture ? $0 : nil } }
}

extension ProviderState {
    /// The reason in the books when a person paused it.
    package static let byAPerson = "operator"
    package var isAPersons: Bool { reason == Self.byAPerson }
}

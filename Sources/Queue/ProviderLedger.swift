package import Domain
package import FoundationEssentials

/// What we know about an account that must outlive the process: a pause and its reason.
package struct ProviderState: Sendable, Hashable {
    package var provider: ProviderID
    /// Nil when it works; `distantFuture` until a person resumes it.
    package var pausedUntil: Date?
    package var reason: String?
    package var since: Date
    /// Why, in the words of the person who paused or resumed it.
    package var note: String?
    /// The name under which the worker records what it learns from answers.
    package static let worker = "worker"

    package init(
        provider: ProviderID, pausedUntil: Date? = nil, reason: String? = nil, since: Date, note: String? = nil
    ) {
        self.provider = provider
        self.pausedUntil = pausedUntil
        self.reason = reason
        self.since = since
        self.note = note
    }
}

/// What one submission takes of an account's daily cap, in what the provider counts: requests or SMS parts.
package struct Charge: Sendable, Hashable {
    /// Days since 1970 on the clock of the house.
    package let day: Int
    package let units: Int
    package init(day: Int, units: Int) {
        self.day = day
        self.units = units
    }
}

package protocol ProviderLedger: Sendable {
    func providerStates() async throws(StoreError) -> [ProviderState]
    /// A person's pause, which has no end, is not changed by `ProviderState.worker`: what it heard before it heard of the
    /// pause may reach the books after it.
    func record(_ state: ProviderState, by: String, at now: Moment) async throws(StoreError)
    /// Units charged to each account on that day.
    func charged(on day: Int) async throws(StoreError) -> [ProviderID: Int]
}

/// Apart from the worker's port: it does not care who spoke.
package protocol ProviderVoices: Sendable {
    /// Who paused or resumed each account last, where that is known.
    func providerVoices() async throws(StoreError) -> [ProviderID: String]
}

package import Domain
package import FoundationEssentials

/// The accounts of the configuration with their switches, for people and programs alike. A switch is written down first,
/// so that a restart keeps it, and then told to the running worker.
package struct ProviderBoard: Sendable {
    package enum Order: Sendable, Hashable {
        case pause(ProviderID)
        case resume(ProviderID)
    }

    /// In the order of the configuration.
    package let accounts: [ProviderAccount]
    private let ledger: any ProviderLedger & ProviderVoices
    /// Days since 1970 on the clock of the house.
    private let day: @Sendable (Date) -> Int
    private let tell: @Sendable (Order) -> Void

    package init(
        _ accounts: [ProviderAccount], ledger: any ProviderLedger & ProviderVoices,
        day: @escaping @Sendable (Date) -> Int, tell: @escaping @Sendable (Order) -> Void = { _ in }
    ) {
        self.accounts = accounts
        self.ledger = ledger
        self.day = day
        self.tell = tell
    }

    package func standings(at now: Date) async throws(StoreError) -> [ProviderStanding] {
        let states = try await ledger.providerStates(), voices = try await ledger.providerVoices()
        let charged = try await ledger.charged(on: day(now))
        return accounts.map { account in
            ProviderStanding(
                account: account, ledger: states.first { $0.provider == account.id }, by: voices[account.id],
                usedToday: charged[account.id, default: 0], now: now)
        }
    }

    package func standing(of provider: ProviderID, at now: Date) async throws(StoreError) -> ProviderStanding? {
        try await standings(at: now).first { $0.account.id == provider }
    }

    /// Nothing new leaves by it until a person resumes it; what has begun comes to its end. A pause that is there already
    /// keeps its first word, unless a new note is given.
    /// - Parameter note: why, in the person's own words.
    package func pause(
        _ provider: ProviderID, note: String?, by: String, at now: Moment
    ) async throws(StoreError) {
        let present = try await ledger.providerStates().first { $0.provider == provider }
        let isPaused = present?.isAPersons == true && present?.pausedUntil == .distantFuture
        if !isPaused || (note != nil && note != present?.note) {
            try await ledger.record(
                ProviderState(
                    provider: provider, pausedUntil: .distantFuture, reason: ProviderState.byAPerson,
                    since: isPaused ? present?.since ?? now.wall : now.wall, note: note), by: by, at: now)
        }
        // Even so: the worker may have missed the word.
        tell(.pause(provider))
    }

    /// Works again, whoever or whatever paused it.
    /// - Parameter note: why, in the person's own words.
    package func resume(
        _ provider: ProviderID, note: String? = nil, by: String, at now: Moment
    ) async throws(StoreError) {
        if let present = try await ledger.providerStates().first(where: { $0.provider == provider }),
            present.pausedUntil != nil
        {
            try await ledger.record(
                ProviderState(provider: provider, since: now.wall, note: note), by: by, at: now)
        }
        tell(.resume(provider))
    }
}

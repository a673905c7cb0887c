import Delivery
import Domain
import FoundationEssentials
import Journal
import Providers
import Queue
import Settings
import StoreSQLite
import Wording
import Worker

extension ProviderStanding {
    var reason: Words? {
        guard let reason = ledger?.reason else { return nil }
        if ledger?.isAPersons == true { return Words(ru: "оператор", en: "operator") }
        return DeliveryFailure.Reason(rawValue: reason)?.words
    }

    func words(_ house: ReadingRoom) -> String {
        let since = ledger.map { house.clock($0.since) } ?? ""
        switch state {
        case .works: return Words(ru: "работает", en: "works")(house.language)
        case .usedUp: return Words(ru: "дневной лимит исчерпан", en: "daily cap used up")(house.language)
        case .paused:
            let note = ledger?.note.map { ": " + $0 } ?? ""
            return Words(
                ru: "на паузе с \(since) (\(by ?? "оператор")), пока не включат\(note)",
                en: "paused since \(since) (\(by ?? "operator")), until resumed\(note)")(house.language)
        case .tried:
            return Words(ru: "пробуем снова: \(why(house.language))", en: "being tried again: \(why(house.language))")(
                house.language)
        case .resting:
            let why = why(house.language)
            guard let until = pausedUntil else {
                return Words(
                    ru: "на паузе с \(since), пока не включат: \(why)",
                    en: "paused since \(since), until resumed: \(why)")(
                        house.language)
            }
            return Words(
                ru: "на паузе до \(house.clock(until)): \(why)", en: "paused until \(house.clock(until)): \(why)")(
                    house.language)
        }
    }

    private func why(_ language: Language) -> String { reason?(language) ?? ledger?.reason ?? "" }

    func rate(_ language: Language) -> String {
        guard let rate = account.limits.rate else { return "—" }
        let parts = account.limits.unit == "parts" ? Words(ru: " частей", en: " parts")(language) : ""
        return rate < 1
            ? Words(ru: "\(Self.plain(rate * 60))\(parts)/мин", en: "\(Self.plain(rate * 60))\(parts)/min")(language)
            : Words(ru: "\(Self.plain(rate))\(parts)/с", en: "\(Self.plain(rate))\(parts)/s")(language)
    }

    private static func plain(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    func today(_ language: Language) -> String {
        guard let cap = account.limits.dailyCap else { return "—" }
        return Words(ru: "\(usedToday) из \(cap)", en: "\(usedToday) of \(cap)")(language)
    }
}

struct ProviderLine: Encodable {
    var id: String
    var kind: String
    var channels: [String]
    var state: String
    var paused_until: String?
    var reason: String?
    var since: String?
    var by: String?
    var weight: Int
    var rate_per_second: Double?
    var rate_unit: String
    var used_today: Int?
    var daily_cap: Int?
    var note: String?

    init(_ standing: ProviderStanding) {
        id = standing.account.id.text
        kind = standing.account.kind
        channels = standing.account.channels.map(\.rawValue)
        state = standing.state.rawValue
        paused_until = standing.pausedUntil?.ISO8601Format()
        if standing.state == .paused || standing.state == .resting || standing.state == .tried {
            reason = standing.ledger?.reason
            since = standing.ledger?.since.ISO8601Format()
            by = standing.by
        }
        let limits = standing.account.limits
        weight = limits.weight
        rate_per_second = limits.rate
        rate_unit = limits.unit
        daily_cap = limits.dailyCap
        used_today = limits.dailyCap == nil ? nil : standing.usedToday
        note = standing.ledger?.note
    }
}

extension LoadedSettings {
    /// Every configured account, in the order of the file.
    /// - Parameter providers: as the configuration makes them.
    func accounts(_ providers: [any Provider]) -> [ProviderAccount] {
        zip(file.providers, providers).map { entry, provider in
            let profile = provider.profile, pace = profile.pace
            return ProviderAccount(
                id: entry.id, kind: entry.kind, channels: Channel.allCases.filter(profile.channels.contains),
                limits: .init(
                    weight: pace.weight, concurrency: profile.concurrency, rate: pace.rate, dailyCap: pace.dailyCap,
                    unit: pace.unit.rawValue))
        }
    }
}

extension ReadingRoom {
    func providers(at now: Date) async throws -> [ProviderStanding] {
        let day = Clocks.day(in: settings.timeZone)
        let accounts = settings.accounts(try settings.makeProviders())
        return try await reading { store throws(StoreError) in
            try await ProviderBoard(accounts, ledger: store, day: { day($0).number }).standings(at: now)
        }
    }
}

/// Channels that nothing leaves by, because every account that carries them is paused, by a person or by itself.
struct PausedChannels {
    /// Until when; nil: until a person resumes an account.
    private var pauses: [Channel: Date?] = [:]

    init(_ standings: [ProviderStanding] = []) {
        for channel in Channel.allCases {
            let carriers = standings.filter { $0.account.channels.contains(channel) }
            guard !carriers.isEmpty, carriers.allSatisfy(\.isPaused) else {
                continue
            }
            pauses[channel] = .some(carriers.compactMap(\.pausedUntil).min())
        }
    }

    subscript(channel: Channel?) -> Pause? {
        guard let channel, let until = pauses[channel] else { return nil }
        return Pause(until: until)
    }

    struct Pause { let until: Date? }
}

extension ReadingRoom {
    /// What the books and the configuration say about the channels now. A list of messages does not fail because an
    /// account's secret cannot be read.
    func pausedChannels() async -> PausedChannels {
        PausedChannels((try? await providers(at: Clocks.now().wall)) ?? [])
    }
}

extension MessageView {
    /// With what it waits for as it stands now, although no worker has looked at it yet.
    func seen(with paused: PausedChannels, at now: Date) -> MessageView {
        guard state == .queued, (due ?? now) <= now || held == .providerPaused, let pause = paused[line] else {
            return self
        }
        var view = self
        (view.held, view.due) = (.providerPaused, pause.until)
        return view
    }
}

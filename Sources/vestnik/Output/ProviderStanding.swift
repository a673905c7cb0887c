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

/// One account as people see it: what it carries, whether it works, and if not, why, since when and by whose word.
struct ProviderStanding {
    /// The reason in the books when a person paused it.
    static let byAPerson = "operator"

    enum State: String {
        case works
        case paused
        /// It said or showed that it cannot serve now; it is tried again by itself.
        case resting
        /// Its rest is over, and it has not taken anything since: messages are offered to it again.
        case tried = "being_tried"
        case usedUp = "daily_cap_used_up"
    }

    let kind: String
    let profile: ProviderProfile
    let ledger: ProviderState?
    let by: String?
    let usedToday: Int
    let now: Date

    var state: State {
        if let until = ledger?.pausedUntil, until > now {
            return ledger?.reason == Self.byAPerson ? .paused : .resting
        }
        if let cap = profile.pace.dailyCap, usedToday >= cap { return .usedUp }
        // A recovery, and a person's resume, leave neither an end nor a reason behind.
        if ledger?.pausedUntil != nil, let reason = ledger?.reason, reason != Self.byAPerson { return .tried }
        return .works
    }

    /// Nil when a person is waited for.
    var pausedUntil: Date? { ledger?.pausedUntil.flatMap { $0 > now && $0 != .distantFuture ? $0 : nil } }

    var reason: Words? {
        guard let reason = ledger?.reason else { return nil }
        if reason == Self.byAPerson { return Words(ru: "оператор", en: "operator") }
        return DeliveryFailure.Reason(rawValue: reason)?.words
    }

    func words(_ house: ReadingRoom) -> String {
        let since = ledger.map { house.clock($0.since) } ?? ""
        switch state {
        case .works: return Words(ru: "работает", en: "works")(house.language)
        case .usedUp: return Words(ru: "дневной лимит исчерпан", en: "daily cap used up")(house.language)
        case .paused:
            return Words(
                ru: "на паузе с \(since) (\(by ?? "оператор")), пока не включат",
                en: "paused since \(since) (\(by ?? "operator")), until resumed")(house.language)
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

    var channels: [Channel] { Channel.allCases.filter(profile.channels.contains) }

    func rate(_ language: Language) -> String {
        guard let rate = profile.pace.rate else { return "—" }
        let parts = profile.pace.unit == .parts ? Words(ru: " частей", en: " parts")(language) : ""
        return rate < 1
            ? Words(ru: "\(Self.plain(rate * 60))\(parts)/мин", en: "\(Self.plain(rate * 60))\(parts)/min")(language)
            : Words(ru: "\(Self.plain(rate))\(parts)/с", en: "\(Self.plain(rate))\(parts)/s")(language)
    }

    private static func plain(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    func today(_ language: Language) -> String {
        guard let cap = profile.pace.dailyCap else { return "—" }
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

    init(_ standing: ProviderStanding) {
        id = standing.profile.id.text
        kind = standing.kind
        channels = standing.channels.map(\.rawValue)
        state = standing.state.rawValue
        paused_until = standing.pausedUntil?.ISO8601Format()
        if standing.state == .paused || standing.state == .resting || standing.state == .tried {
            reason = standing.ledger?.reason
            since = standing.ledger?.since.ISO8601Format()
            by = standing.by
        }
        let pace = standing.profile.pace
        weight = pace.weight
        rate_per_second = pace.rate
        rate_unit = pace.unit.rawValue
        daily_cap = pace.dailyCap
        used_today = pace.dailyCap == nil ? nil : standing.usedToday
    }
}

extension ReadingRoom {
    /// Every configured account, in the order of the file.
    func providers(at now: Date) async throws -> [ProviderStanding] {
        let day = Clocks.day(in: settings.timeZone)(now).number
        let (states, voices, charged) = try await reading { store throws(StoreError) in
            (try await store.providerStates(), try await store.providerVoices(), try await store.charged(on: day))
        }
        return zip(settings.file.providers, try settings.makeProviders()).map { entry, provider in
            ProviderStanding(
                kind: entry.kind, profile: provider.profile, ledger: states.first { $0.provider == entry.id },
                by: voices[entry.id], usedToday: charged[entry.id, default: 0], now: now)
        }
    }
}

/// Channels that nothing leaves by, because every account that carries them is paused, by a person or by itself.
struct PausedChannels {
    /// Until when; nil: until a person resumes an account.
    private var pauses: [Channel: Date?] = [:]

    init(_ standings: [ProviderStanding] = []) {
        for channel in Channel.allCases {
            let carriers = standings.filter { $0.profile.channels.contains(channel) }
            guard !carriers.isEmpty, carriers.allSatisfy({ $0.state == .paused || $0.state == .resting }) else {
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

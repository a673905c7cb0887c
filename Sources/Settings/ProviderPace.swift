import Delivery
import Domain
import Providers

/// `rate`, `rate_unit`, `burst`, `daily_cap`, `weight` and `per_chat` of one account, over what its kind says.
extension ProviderEntry {
    mutating func pace() -> Pace {
        var pace = manifest.pace
        if let rate = rate() {
            pace.rate = rate
            // A second's worth, whole messages.
            pace.burst = rate.rounded(.up)
        }
        if let burst = whole("burst", in: 1...1_000_000, default: pace.rate.map { _ in Int(pace.burst) }) {
            pace.burst = Double(burst)
        }
        pace.dailyCap = whole("daily_cap", in: 1...100_000_000, default: pace.dailyCap)
        pace.weight = whole("weight", in: 0...1000, default: pace.weight) ?? pace.weight
        pace.unit = unit(pace.unit)
        pace.perChat = perChat(pace.perChat)
        return pace
    }

    private mutating func rate() -> Double? {
        guard let value = map.take("rate") else {
            if let rate = manifest.pace.rate { note("rate", "\(rate.shown)/s", nil, builtIn: true) }
            return nil
        }
        guard let rate = complaints.noting({ () throws(ConfigurationError) in try value.rate() }) else { return nil }
        note("rate", rate.shown, value)
        return rate.perSecond
    }

    private mutating func whole(_ key: String, in range: ClosedRange<Int>, default builtIn: Int?) -> Int? {
        guard let value = map.take(key) else {
            if let builtIn { note(key, "\(builtIn)", nil, builtIn: true) }
            return builtIn
        }
        if key == "burst", builtIn == nil {
            // It would be kept and mean nothing.
            complaints.add(
                value.error(
                    Words(ru: "burst без rate ничего не значит; добавьте rate", en: "burst needs a rate: add rate")))
            return nil
        }
        guard let count = complaints.noting({ () throws(ConfigurationError) in try value.int(in: range) }) else {
            return nil
        }
        note(key, "\(count)", value)
        return count
    }

    /// Only SMS have parts: elsewhere the key is a stranger.
    private mutating func unit(_ builtIn: Pace.Unit) -> Pace.Unit {
        guard manifest.channels.contains(.sms) else { return builtIn }
        guard let value = map.take("rate_unit") else {
            note("rate_unit", builtIn.rawValue, nil, builtIn: true)
            return builtIn
        }
        let unit = complaints.noting { () throws(ConfigurationError) in try value.word(of: Pace.Unit.self) }
        guard let unit else { return builtIn }
        note("rate_unit", unit.rawValue, value)
        return unit
    }

    /// Only messengers count by chat. `0s` lifts what the kind says.
    private mutating func perChat(_ builtIn: Duration?) -> Duration? {
        let messengers: Set<Channel> = [.max, .maxChat, .telegram, .vk]
        guard !manifest.channels.isDisjoint(with: messengers) else { return builtIn }
        guard let value = map.take("per_chat") else {
            if let builtIn { note("per_chat", builtIn.shown, nil, builtIn: true) }
            return builtIn
        }
        let pause = complaints.noting { () throws(ConfigurationError) in
            try value.duration(in: .zero...(.seconds(600)))
        }
        guard let pause else { return builtIn }
        note("per_chat", pause.shown, value)
        return pause == .zero ? nil : pause
    }
}

/// `30/s` as it was written and as the worker counts.
struct Rate {
    let shown: String
    let perSecond: Double
}

extension YAMLValue {
    /// `30/s`, `90/m`, `5000/h`: a whole number and the time it belongs to.
    func rate() throws(ConfigurationError) -> Rate {
        let text = try string()
        let units: [(UInt8, Double)] = [(UInt8(ascii: "s"), 1), (UInt8(ascii: "m"), 60), (UInt8(ascii: "h"), 3600)]
        let bytes = Array(text.utf8)
        if let unit = bytes.last, let seconds = units.first(where: { $0.0 == unit })?.1,
            bytes.dropLast().last == UInt8(ascii: "/"),
            bytes.dropLast(2).allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(String(decoding: bytes.dropLast(2), as: UTF8.self)), (1...1_000_000).contains(count)
        {
            return Rate(shown: text, perSecond: Double(count) / seconds)
        }
        throw error(
            Words(
                ru: "нужна скорость от 1: 30/s, 90/m, 5000/h (в секунду, минуту, час)",
                en: "a rate of at least 1 is needed: 30/s, 90/m, 5000/h (per second, minute, hour)"))
    }
}

extension Double {
    /// Without a fraction that is nothing.
    fileprivate var shown: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

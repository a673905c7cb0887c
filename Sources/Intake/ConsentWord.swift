import Domain
import Foundation

/// One consent as a cell spells it.
struct ConsentWord {
    var purpose: PurposeID
    var channel: Channel?
    var action: ConsentRecord.Action
    var said: Date

    init?(_ text: String, defaults: ResidentFile.Defaults, now: Date) {
        guard let parts = Parts(text), let purpose = PurposeID(parts.purpose), defaults.purposes.contains(purpose),
            let action = ConsentRecord.Action(rawValue: parts.action),
            let said = Self.date(parts.date, zone: defaults.timeZone, now)
        else { return nil }
        if parts.channel != "*" {
            guard let channel = Channel(rawValue: parts.channel) else { return nil }
            self.channel = channel
        }
        self.purpose = purpose
        self.action = action
        self.said = said
    }

    /// `purpose:channel=action[@date]`
    struct Parts {
        var purpose: String, channel: String, action: String, date: String?
        init?(_ text: String) {
            let sides = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            guard sides.count == 2 else { return nil }
            let left = sides[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            let right = sides[1].split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
            guard left.count == 2, let action = right.first else { return nil }
            purpose = String(Substring(left[0]))
            channel = String(Substring(left[1]))
            self.action = String(Substring(action))
            date = right.count == 2 ? String(Substring(right[1])) : nil
        }
    }

    /// A day on the clock of the house, or a time with its offset; not one to come.
    private static func date(_ text: String?, zone: String, _ now: Date) -> Date? {
        guard let text else { return now }
        let offset = TimeZone(identifier: zone)?.secondsFromGMT(for: now) ?? 0
        let day = RFC3339.day(text).map { Date(timeIntervalSince1970: Double($0 * 86_400 - offset)) }
        guard let date = day ?? RFC3339.date(text), date <= now else { return nil }
        return date
    }

    static func problem(of text: String, defaults: ResidentFile.Defaults, now: Date) -> Words {
        guard let parts = Parts(text) else {
            return Words(
                ru: "нужно цель:канал=granted@2026-03-02, через |",
                en: "purpose:channel=granted@2026-03-02 is needed, with | between")
        }
        func unknown(_ ru: String, _ en: String, _ name: String, _ known: [String]) -> Words {
            let near = nearestName(to: name, among: known)
            return Words(
                ru: "\(ru) «\(name)»"
                    + (near.map { "; может быть, \($0)?" } ?? "; есть: \(known.joined(separator: ", "))"),
                en: "\(en) \"\(name)\""
                    + (near.map { "; did you mean \($0)?" } ?? "; known: \(known.joined(separator: ", "))"))
        }
        guard let purpose = PurposeID(parts.purpose), defaults.purposes.contains(purpose) else {
            return unknown("нет цели", "no purpose", parts.purpose, defaults.purposes.map(\.text).sorted())
        }
        if parts.channel != "*", Channel(rawValue: parts.channel) == nil {
            return unknown("нет канала", "no channel", parts.channel, Channel.allCases.map(\.rawValue) + ["*"])
        }
        if ConsentRecord.Action(rawValue: parts.action) == nil {
            return unknown("нет слова", "no word", parts.action, ConsentRecord.Action.allCases.map(\.rawValue))
        }
        return Words(
            ru: "нужен день 2026-03-02 или время со смещением, не в будущем",
            en: "a day like 2026-03-02 or a time with its offset is needed, not one to come")
    }
}

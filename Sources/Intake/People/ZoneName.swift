import Domain
import Foundation

/// The name of a time zone as IANA has it. Foundation also takes `UTC+3` and `MSK`, which know nothing of changed clocks.
enum ZoneName {
    /// Nil where nothing is wrong with it.
    static func objection(to text: String) -> Words? {
        if text == "UTC" || text.utf8.contains(UInt8(ascii: "/")), TimeZone(identifier: text) != nil { return nil }
        let near = nearestName(to: text, among: TimeZone.knownTimeZoneIdentifiers)
        return Words(
            ru: "такого пояса нет" + (near.map { "; может быть, \($0)?" } ?? "; нужен, например, Europe/Moscow"),
            en: "there is no such zone" + (near.map { "; did you mean \($0)?" } ?? "; for example Europe/Moscow"))
    }
}

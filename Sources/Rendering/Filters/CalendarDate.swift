/// A day, a month or a minute as the caller wrote it. No time zone is applied: a house's clock is written, not computed.
struct CalendarDate: Sendable, Hashable {
    let year: Int, month: Int, day: Int
    let hour: Int, minute: Int

    /// `2026-12-15`
    static func date(_ text: String) -> Self? {
        let bytes = Array(text.utf8)
        return bytes.count == 10 ? day(in: bytes) : nil
    }

    /// `2026-11`
    static func month(_ text: String) -> Self? {
        let bytes = Array(text.utf8)
        return bytes.count == 7 ? day(in: bytes + Array("-01".utf8)) : nil
    }

    /// `2026-11-24T10:15`, then perhaps `:30`, then perhaps `Z` or `+03:00`.
    static func datetime(_ text: String) -> Self? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            let day = day(in: Array(bytes[..<10])), let hour = Digits.value(of: bytes[11..<13], 2...2), hour < 24,
            let minute = Digits.value(of: bytes[14..<16], 2...2), minute < 60
        else { return nil }
        var rest = bytes[16...]
        if rest.first == UInt8(ascii: ":") {
            guard rest.count >= 3, let second = Digits.value(of: rest.dropFirst().prefix(2), 2...2), second < 60 else {
                return nil
            }
            rest = rest.dropFirst(3)
        }
        guard isOffset(rest) else { return nil }
        return Self(year: day.year, month: day.month, day: day.day, hour: Int(hour), minute: Int(minute))
    }

    private static func isOffset(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let sign = bytes.first else { return true }
        if sign == UInt8(ascii: "Z") { return bytes.count == 1 }
        let rest = bytes.dropFirst()
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), rest.count == 5,
            let hours = Digits.value(of: rest.prefix(2), 2...2), let minutes = Digits.value(of: rest.suffix(2), 2...2)
        else { return false }
        return rest[rest.startIndex + 2] == UInt8(ascii: ":") && hours <= 14 && minutes < 60
    }

    private static func day(in bytes: [UInt8]) -> Self? {
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Digits.value(of: bytes[..<4], 4...4), (1900...2999).contains(year),
            let month = Digits.value(of: bytes[5..<7], 2...2), (1...12).contains(month),
            let day = Digits.value(of: bytes[8...], 2...2), (1...days(in: Int(month), Int(year))).contains(Int(day))
        else { return nil }
        return Self(year: Int(year), month: Int(month), day: Int(day), hour: 0, minute: 0)
    }

    private static func days(in month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// «15 декабря»; where text may wrap, the day stays with its month.
    func inWords(_ style: Style) -> String {
        "\(day)" + (style == .typographic ? "\u{A0}" : " ") + MonthNames.genitive[month - 1]
    }
    func inWordsWithYear(_ style: Style) -> String {
        inWords(style) + " \(year)" + (style == .typographic ? "\u{A0}" : " ") + "года"
    }
    /// `15.12`
    var short: String { Digits.two(day) + "." + Digits.two(month) }
    /// `15.12.2026`
    var full: String { short + ".\(year)" }
    /// `10:15`
    var time: String { Digits.two(hour) + ":" + Digits.two(minute) }
    /// «ноябрь 2026»
    func monthName(_ style: Style) -> String {
        MonthNames.nominative[month - 1] + (style == .typographic ? "\u{A0}" : " ") + "\(year)"
    }
    /// «ноября 2026»
    func monthNameOf(_ style: Style) -> String {
        MonthNames.genitive[month - 1] + (style == .typographic ? "\u{A0}" : " ") + "\(year)"
    }
}

enum MonthNames {
    static let nominative = [
        "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
        "декабрь",
    ]
    static let genitive = [
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
        "декабря",
    ]
}

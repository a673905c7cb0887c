/// A day, a month or a minute as the caller wrote it. No time zone is applied: a house's clock is written, not computed.
struct CalendarDate: Sendable, Hashable {
    let year: Int, month: Int, day: Int
    let hour: Int, minute: Int

    /// `2026-12-15`
    static func date(_ bytes: Bytes) -> Self? { bytes.count == 10 ? day(in: bytes) : nil }

    /// `2026-11`
    static func month(_ bytes: Bytes) -> Self? {
        guard bytes.count == 7, let (year, month) = month(in: bytes) else { return nil }
        return Self(year: year, month: month, day: 1, hour: 0, minute: 0)
    }

    /// `2026-11-24T10:15`, then perhaps `:30`, then perhaps `Z` or `+03:00`.
    static func datetime(_ bytes: Bytes) -> Self? {
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            let day = day(in: bytes.part(0..<10)), let hour = Digits.value(of: bytes.part(11..<13), 2...2), hour < 24,
            let minute = Digits.value(of: bytes.part(14..<16), 2...2), minute < 60
        else { return nil }
        var rest = 16
        if bytes.count > 16, bytes[16] == UInt8(ascii: ":") {
            guard bytes.count >= 19, let second = Digits.value(of: bytes.part(17..<19), 2...2), second < 60 else {
                return nil
            }
            rest = 19
        }
        guard isOffset(bytes.part(rest..<bytes.count)) else { return nil }
        return Self(year: day.year, month: day.month, day: day.day, hour: Int(hour), minute: Int(minute))
    }

    static func date(_ text: String) -> Self? { text.withBytes(date) }
    static func month(_ text: String) -> Self? { text.withBytes(month) }
    static func datetime(_ text: String) -> Self? { text.withBytes(datetime) }

    private static func isOffset(_ bytes: Bytes) -> Bool {
        guard let sign = bytes.first else { return true }
        if sign == UInt8(ascii: "Z") { return bytes.count == 1 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6, bytes[3] == UInt8(ascii: ":"),
            let hours = Digits.value(of: bytes.part(1..<3), 2...2),
            let minutes = Digits.value(of: bytes.part(4..<6), 2...2)
        else { return false }
        return hours <= 14 && minutes < 60
    }

    /// - Parameter bytes: ten of them.
    private static func day(in bytes: Bytes) -> Self? {
        guard bytes[7] == UInt8(ascii: "-"), let (year, month) = month(in: bytes),
            let day = Digits.value(of: bytes.part(8..<10), 2...2), (1...days(in: month, year)).contains(Int(day))
        else { return nil }
        return Self(year: year, month: month, day: Int(day), hour: 0, minute: 0)
    }

    /// - Parameter bytes: seven of them or more.
    private static func month(in bytes: Bytes) -> (year: Int, month: Int)? {
        guard bytes[4] == UInt8(ascii: "-"), let year = Digits.value(of: bytes.part(0..<4), 4...4),
            (1900...2999).contains(year), let month = Digits.value(of: bytes.part(5..<7), 2...2),
            (1...12).contains(month)
        else { return nil }
        return (Int(year), Int(month))
    }

    private static func days(in month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// «15 декабря»; where text may wrap, the day stays with its month.
    func writeInWords(_ style: Style, into output: inout [UInt8]) {
        Digits.write(UInt64(day), into: &output)
        output.append(style.space)
        output.append(MonthName.genitive(month))
    }

    /// «15 декабря 2026 года»
    func writeInWordsWithYear(_ style: Style, into output: inout [UInt8]) {
        writeInWords(style, into: &output)
        output.append(UInt8(ascii: " "))
        Digits.write(UInt64(year), into: &output)
        output.append(style.space)
        output.append("года")
    }

    /// `15.12`
    func writeShort(into output: inout [UInt8]) {
        Digits.write(UInt64(day), width: 2, into: &output)
        output.append(UInt8(ascii: "."))
        Digits.write(UInt64(month), width: 2, into: &output)
    }

    /// `15.12.2026`
    func writeFull(into output: inout [UInt8]) {
        writeShort(into: &output)
        output.append(UInt8(ascii: "."))
        Digits.write(UInt64(year), into: &output)
    }

    /// `10:15`
    func writeTime(into output: inout [UInt8]) {
        Digits.write(UInt64(hour), width: 2, into: &output)
        output.append(UInt8(ascii: ":"))
        Digits.write(UInt64(minute), width: 2, into: &output)
    }

    /// «ноябрь 2026», «ноября 2026»
    func writeMonth(_ name: (Int) -> StaticString, _ style: Style, into output: inout [UInt8]) {
        output.append(name(month))
        output.append(style.space)
        Digits.write(UInt64(year), into: &output)
    }
}

/// Of a month, 1…12.
enum MonthName {
    static func nominative(_ month: Int) -> StaticString {
        switch month {
        case 1: "январь"
        case 2: "февраль"
        case 3: "март"
        case 4: "апрель"
        case 5: "май"
        case 6: "июнь"
        case 7: "июль"
        case 8: "август"
        case 9: "сентябрь"
        case 10: "октябрь"
        case 11: "ноябрь"
        default: "декабрь"
        }
    }

    static func genitive(_ month: Int) -> StaticString {
        switch month {
        case 1: "января"
        case 2: "февраля"
        case 3: "марта"
        case 4: "апреля"
        case 5: "мая"
        case 6: "июня"
        case 7: "июля"
        case 8: "августа"
        case 9: "сентября"
        case 10: "октября"
        case 11: "ноября"
        default: "декабря"
        }
    }
}

@testable import Rendering

extension Plainly {
    static func text(of value: String, _ filter: Filter, type: VariableType, style: Style) -> String? {
        func day() -> CalendarDate? { type == .datetime ? .datetime(value) : .date(value) }
        switch filter {
        case .money: return Money(value)?.written(style)
        case .date: return day()?.inWords(style)
        case .dateShort: return day()?.short
        case .dateFull: return day()?.full
        case .dateYear: return day()?.inWordsWithYear(style)
        case .time: return CalendarDate.datetime(value)?.time
        case .month: return CalendarDate.month(value)?.monthName(style)
        case .monthOf: return CalendarDate.month(value)?.monthNameOf(style)
        case .phone: return PhoneText(value)?.written(style)
        case .bare: return LinkURL.isSafe(value) ? LinkURL.withoutScheme(value) : nil
        case .plural(let one, let few, let many):
            guard let count = Digits.value(of: Array(value.utf8), 1...9) else { return nil }
            return Plural.form(of: UInt64(count), one, few, many)
        }
    }

    /// Roubles as whole kopecks: no sum is ever a binary fraction on its way through us.
    struct Money: Sendable, Hashable {
        let kopecks: Int64

        /// `3250.50`, `3250.5`, `3250`, `-12.00`: ASCII digits, at most twelve before the point; nil for all else.
        init?(_ text: String) {
            var rest = Array(text.utf8)[...]
            let negative = rest.first == UInt8(ascii: "-")
            if negative { rest.removeFirst() }
            let halves = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
            guard let roubles = halves.first.flatMap({ Digits.value(of: $0, 1...12) }) else { return nil }
            var hundredths: Int64 = 0
            if halves.count == 2 {
                guard let value = Digits.value(of: halves[1], 1...2) else { return nil }
                hundredths = halves[1].count == 1 ? value * 10 : value
            }
            let sum = roubles * 100 + hundredths
            kopecks = negative ? -sum : sum
        }

        /// HTML, subject, push: `3 250,50 ₽` that never breaks over two lines. Plain and SMS: `3250,50 руб.` Aloud: words.
        func written(_ style: Style) -> String {
            let size = kopecks.magnitude
            let roubles = size / 100, hundredths = size % 100
            switch style {
            case .typographic:
                return (kopecks < 0 ? "\u{2212}" : "") + Digits.grouped(roubles) + "," + Digits.two(Int(hundredths))
                    + "\u{A0}₽"
            case .plain:
                return (kopecks < 0 ? "-" : "") + "\(roubles)," + Digits.two(Int(hundredths)) + " руб."
            case .spoken:
                let whole = "\(roubles) " + Plural.form(of: roubles, "рубль", "рубля", "рублей")
                let part = "\(hundredths) " + Plural.form(of: hundredths, "копейка", "копейки", "копеек")
                return (kopecks < 0 ? "минус " : "") + (hundredths == 0 ? whole : whole + " " + part)
            }
        }
    }

    /// Decimal digits as bytes. ASCII only: `Int("٣")` is nil, but `\d` and `isNumber` are not.
    enum Digits {
        static func value(of bytes: some Collection<UInt8>, _ count: ClosedRange<Int>) -> Int64? {
            guard count.contains(bytes.count) else { return nil }
            var value: Int64 = 0
            for byte in bytes {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }

        static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

        /// `1 234 567` with U+00A0; four digits are grouped too, so that columns of sums line up.
        static func grouped(_ value: UInt64) -> String {
            let digits = Array("\(value)".utf8)
            var bytes: [UInt8] = []
            for (index, digit) in digits.enumerated() {
                if index > 0, (digits.count - index) % 3 == 0 { bytes += [0xC2, 0xA0] }
                bytes.append(digit)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

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
                guard rest.count >= 3, let second = Digits.value(of: rest.dropFirst().prefix(2), 2...2), second < 60
                else {
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
                let hours = Digits.value(of: rest.prefix(2), 2...2),
                let minutes = Digits.value(of: rest.suffix(2), 2...2)
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

    /// A phone for people and for `tel:`. Wider than an SMS address: `112` and a free `8 800` number are phones too.
    struct PhoneText: Sendable, Hashable {
        let digits: [UInt8]
        let plus: Bool
        /// As its owner wrote it, where the owner grouped the digits: codes have 3 to 5 of them, and only the owner knows.
        private let grouped: String?

        /// Three digits are a phone only where all of Russia knows them.
        private static let shortNumbers: Set = ["101", "102", "103", "104", "112", "115", "122"]

        /// 4…15 ASCII digits with the usual spaces, dashes and brackets, or a short number; nil for anything else.
        init?(_ text: String) {
            var digits: [UInt8] = []
            var plus = false
            var groups = 0
            var inGroup = false
            var hasBrackets = false
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    digits.append(byte)
                    if !inGroup { groups += 1 }
                    inGroup = true
                case UInt8(ascii: "+") where digits.isEmpty && !plus: plus = true
                case UInt8(ascii: "("), UInt8(ascii: ")"):
                    hasBrackets = true
                    inGroup = false
                case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): inGroup = false
                default: return nil
                }
            }
            let isShort = Self.shortNumbers.contains(String(decoding: digits, as: UTF8.self))
            guard (4...15).contains(digits.count) || isShort else { return nil }
            self.digits = digits
            self.plus = plus
            // `+7 9123456789` parts the country off and groups nothing.
            let isGrouped = hasBrackets || groups > 2 || (groups == 2 && digits.count < 10)
            grouped = isGrouped ? text.split(separator: " ").joined(separator: " ") : nil
        }

        /// Eleven digits of the Russian numbering plan, written with 8 or +7.
        private var isRussian: Bool {
            digits.count == 11 && (digits[0] == UInt8(ascii: "7") || (digits[0] == UInt8(ascii: "8") && !plus))
        }

        /// `+78001234567`; short numbers stay short.
        var dialled: String {
            if isRussian { return "+7" + String(decoding: digits[1...], as: UTF8.self) }
            return (plus ? "+" : "") + String(decoding: digits, as: UTF8.self)
        }

        /// Geographic codes of three digits; most towns that are no capitals of large regions have longer ones.
        private static let shortCodes: Set = [
            "301", "342", "343", "345", "347", "351", "383", "391", "395", "401", "421", "423", "473", "495", "496",
            "498",
            "499", "800", "812", "831", "843", "846", "861", "862", "863",
        ]

        /// As its owner grouped it. Bare digits: `8 800 123-45-67`, as people say a free number; `+7 912 345-67-89`;
        /// `+7 4912 10-20-30`; others as they are.
        func written(_ style: Style) -> String {
            let space = style == .typographic ? "\u{A0}" : " "
            if let grouped { return grouped.split(separator: " ").joined(separator: space) }
            guard isRussian else { return dialled }
            func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
            let country = part(1..<4) == "800" ? "8" : "+7"
            let hasShortCode = digits[1] == UInt8(ascii: "9") || Self.shortCodes.contains(part(1..<4))
            return hasShortCode
                ? country + space + part(1..<4) + space + part(4..<7) + "-" + part(7..<9) + "-" + part(9..<11)
                : country + space + part(1..<5) + space + part(5..<7) + "-" + part(7..<9) + "-" + part(9..<11)
        }
    }

    /// The Russian rule of three forms: 1 подъезд, 2 подъезда, 5 подъездов; 11 to 14 like 5. Linux has no other.
    enum Plural {
        static func form(of count: UInt64, _ one: String, _ few: String, _ many: String) -> String {
            let tens = count % 100, ones = count % 10
            if (11...14).contains(tens) { return many }
            return ones == 1 ? one : (2...4).contains(ones) ? few : many
        }
    }
}

import Domain

/// How a typed value becomes words: `{{amount|money}}`.
enum Filter: Sendable, Hashable {
    case money, date, dateShort, dateFull, dateYear, time, month, monthOf, phone, bare
    case plural(one: String, few: String, many: String)

    static let names = [
        "money", "date", "date_short", "date_full", "date_year", "time", "month", "month_of", "phone", "bare", "plural",
    ]

    /// - Throws: the fault without its place; the compiler knows the line.
    static func named(_ name: String, arguments: [String]) throws(TemplateFault) -> Filter {
        if name == "plural" {
            guard arguments.count == 3, arguments.allSatisfy({ !$0.utf8.isEmpty }) else {
                throw .badFilterArguments(name)
            }
            return .plural(one: arguments[0], few: arguments[1], many: arguments[2])
        }
        guard let filter = simple[name] else { throw .badFilter(name, nearest: nearest(name)) }
        guard arguments.isEmpty else { throw .badFilterArguments(name) }
        return filter
    }

    private static let simple: [String: Filter] = [
        "money": .money, "date": .date, "date_short": .dateShort, "date_full": .dateFull, "date_year": .dateYear,
        "time": .time, "month": .month, "month_of": .monthOf, "phone": .phone, "bare": .bare,
    ]

    var types: [VariableType] {
        switch self {
        case .money: [.money]
        case .date, .dateShort, .dateFull, .dateYear: [.date, .datetime]
        case .time: [.datetime]
        case .month, .monthOf: [.month]
        case .phone: [.phone]
        case .bare: [.url]
        case .plural: [.number]
        }
    }

    /// Nil when the value is not what its type says; accept has refused such values before.
    func text(of value: String, type: VariableType, style: Style) -> String? {
        func day() -> CalendarDate? { type == .datetime ? .datetime(value) : .date(value) }
        switch self {
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

    /// Filters that can show a type which must not be shown as it is written.
    static func required(for type: VariableType) -> [String] {
        switch type {
        case .money: ["money"]
        case .date: ["date", "date_short", "date_full", "date_year"]
        case .datetime: ["date", "date_short", "time"]
        case .month: ["month", "month_of"]
        case .phone: ["phone"]
        case .text, .url, .number, .flag, .list: []
        }
    }
}

private func nearest(_ name: String) -> String? { nearestName(to: name, among: Filter.names) }

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

    /// False when the value is not what its type says; accept has refused such values before.
    func write(_ value: Bytes, type: VariableType, style: Style, into output: inout [UInt8]) -> Bool {
        switch self {
        case .money:
            guard let money = Money(value) else { return false }
            money.write(style, into: &output)
        case .date, .dateShort, .dateFull, .dateYear:
            guard let day = type == .datetime ? CalendarDate.datetime(value) : CalendarDate.date(value) else {
                return false
            }
            write(day, style, into: &output)
        case .time:
            guard let time = CalendarDate.datetime(value) else { return false }
            time.writeTime(into: &output)
        case .month, .monthOf:
            guard let month = CalendarDate.month(value) else { return false }
            let name = self == .month ? MonthName.nominative : MonthName.genitive
            month.writeMonth(name, style, into: &output)
        case .phone:
            guard let phone = PhoneText(value) else { return false }
            phone.write(style, of: value, into: &output)
        case .bare:
            guard LinkURL.isSafe(value) else { return false }
            output.append(contentsOf: LinkURL.withoutScheme(value))
        case .plural(let one, let few, let many):
            guard let count = Digits.value(of: value, 1...9) else { return false }
            output.append(Plural.form(of: UInt64(count), one, few, many))
        }
        return true
    }

    private func write(_ day: CalendarDate, _ style: Style, into output: inout [UInt8]) {
        switch self {
        case .dateShort: day.writeShort(into: &output)
        case .dateFull: day.writeFull(into: &output)
        case .dateYear: day.writeInWordsWithYear(style, into: &output)
        case .date, .money, .time, .month, .monthOf, .phone, .bare, .plural: day.writeInWords(style, into: &output)
        }
    }

    /// Nil when the value is not what its type says.
    func text(of value: String, type: VariableType, style: Style) -> String? {
        var output: [UInt8] = []
        guard value.withBytes({ write($0, type: type, style: style, into: &output) }) else { return nil }
        return String(decoding: output, as: UTF8.self)
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

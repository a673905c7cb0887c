@testable import Rendering
import Testing

@Suite("Filters")
struct FilterTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let filter: Filter, type: VariableType, value: String, style: Style, expected: String?
        init(_ filter: Filter, _ type: VariableType, _ value: String, _ style: Style, _ expected: String?) {
            self.filter = filter
            self.type = type
            self.value = value
            self.style = style
            self.expected = expected
        }
        var testDescription: String { "\(value) | \(filter) (\(style))" }
    }

    static let money =
        [
            Row(.money, .money, "3250.50", .typographic, "3\u{A0}250,50\u{A0}₽"),
            Row(.money, .money, "3250.50", .plain, "3250,50 руб."),
            Row(.money, .money, "3250.50", .spoken, "3250 рублей 50 копеек"),
            Row(.money, .money, "1.00", .spoken, "1 рубль"),
            Row(.money, .money, "22.01", .spoken, "22 рубля 1 копейка"),
            Row(.money, .money, "1234567.8", .typographic, "1\u{A0}234\u{A0}567,80\u{A0}₽"),
            Row(.money, .money, "999", .typographic, "999,00\u{A0}₽"),
            Row(.money, .money, "0.05", .plain, "0,05 руб."),
            Row(.money, .money, "-35.00", .typographic, "\u{2212}35,00\u{A0}₽"),
            Row(.money, .money, "-35.00", .plain, "-35,00 руб."),
            // A binary fraction of 32 bits would say 16777216.
            Row(.money, .money, "16777217.00", .plain, "16777217,00 руб."),
            Row(.money, .money, "999999999999.99", .plain, "999999999999,99 руб."),
            Row(.money, .money, "1000000000000", .plain, nil),
        ]
        + [
            "3250,50", "3 250", "+1", "1.", ".5", "1.234", "1e3", "", "-", "--1", "٣", "1\u{301}", "0x10", "1.5 ",
            "1.-5",
        ].map {
            Row(.money, .money, $0, .plain, nil)
        }
    static let dates =
        [
            Row(.date, .date, "2026-12-15", .typographic, "15\u{A0}декабря"),
            Row(.date, .date, "2026-05-01", .plain, "1 мая"),
            Row(.dateShort, .date, "2026-12-05", .plain, "05.12"),
            Row(.dateFull, .date, "2026-12-05", .plain, "05.12.2026"),
            Row(.dateYear, .date, "2026-12-15", .plain, "15 декабря 2026 года"),
            Row(.date, .date, "2028-02-29", .plain, "29 февраля"),
            Row(.month, .month, "2026-11", .plain, "ноябрь 2026"),
            Row(.month, .month, "2026-11", .typographic, "ноябрь\u{A0}2026"),
            Row(.monthOf, .month, "2026-03", .plain, "марта 2026"),
            Row(.time, .datetime, "2026-11-24T10:15", .plain, "10:15"),
            Row(.time, .datetime, "2026-11-24T10:15:30+03:00", .plain, "10:15"),
            Row(.date, .datetime, "2026-11-24T23:59:59Z", .plain, "24 ноября"),
        ]
        + [
            "2026-02-29", "2026-13-01", "2026-00-10", "2026-12-32", "26-12-15", "2026/12/15", "2026-12-15T",
            "٢٠٢٦-12-15",
        ].map {
            Row(.date, .date, $0, .plain, nil)
        }
        + [
            "2026-11-24T24:00", "2026-11-24T10:60", "2026-11-24 10:15", "2026-11-24T10:15:", "2026-11-24T10:15+3",
            "2026-11-24T10:15Zx",
        ].map {
            Row(.time, .datetime, $0, .plain, nil)
        } + ["2026-13", "2026-1", "2026-11-01"].map { Row(.month, .month, $0, .plain, nil) }
    static let phones = [
        Row(.phone, .phone, "+78005553535", .plain, "8 800 555-35-35"),
        Row(.phone, .phone, "88005553535", .typographic, "8\u{A0}800\u{A0}555-35-35"),
        // The owner's own grouping stays: only the owner knows where the code ends.
        Row(.phone, .phone, "8 800 555 35 35", .typographic, "8\u{A0}800\u{A0}555\u{A0}35\u{A0}35"),
        Row(.phone, .phone, "8 (4912) 10-20-30", .plain, "8 (4912) 10-20-30"),
        Row(.phone, .phone, "8 (4912) 10-20-30", .typographic, "8\u{A0}(4912)\u{A0}10-20-30"),
        Row(.phone, .phone, "(49131) 2-34-56", .plain, "(49131) 2-34-56"),
        Row(.phone, .phone, "10-20-30", .plain, "10-20-30"),
        Row(.phone, .phone, "84912102030", .plain, "+7 4912 10-20-30"),
        Row(.phone, .phone, "+74951234567", .plain, "+7 495 123-45-67"),
        Row(.phone, .phone, "+7 9123456789", .plain, "+7 912 345-67-89"),
        Row(.phone, .phone, "104", .plain, "104"),
        Row(.phone, .phone, "123", .plain, nil),
        Row(.phone, .phone, "89123456789", .plain, "+7 912 345-67-89"),
        Row(.phone, .phone, "112", .plain, "112"),
        Row(.phone, .phone, "+375291234567", .plain, "+375291234567"),
        Row(.phone, .phone, "12", .plain, nil),
        Row(.phone, .phone, "+7912345678９", .plain, nil),
        Row(.phone, .phone, "8 800 ДОМ", .plain, nil),
    ]
    static let others = [
        Row(.bare, .url, "https://dom.ru/Ab3", .sms, "dom.ru/Ab3"),
        Row(.bare, .url, "javascript:alert(1)", .sms, nil),
    ]

    @Test(arguments: [money, dates, phones, others].flatMap(\.self))
    func golden(_ row: Row) {
        let text = row.filter.text(of: row.value, type: row.type, style: row.style)
        #expect(text.map { Array($0.utf8) } == row.expected.map { Array($0.utf8) }, "\(text ?? "nil")")
    }

    @Test(arguments: [
        (1, "подъезд"), (2, "подъезда"), (4, "подъезда"), (5, "подъездов"), (0, "подъездов"), (11, "подъездов"),
        (12, "подъездов"), (14, "подъездов"), (21, "подъезд"), (22, "подъезда"), (25, "подъездов"), (101, "подъезд"),
        (111, "подъездов"), (1_000, "подъездов"), (1_001, "подъезд"),
    ])
    func plural(_ count: Int, _ form: String) {
        let filter = Filter.plural(one: "подъезд", few: "подъезда", many: "подъездов")
        #expect(filter.text(of: "\(count)", type: .number, style: .plain) == form)
    }
}

extension Style {
    /// Rows of links read better with the channel's own word.
    static let sms = Style.plain
}

import Domain
import Testing

@testable import Rendering

/// The fast ways say what the plain ways say, for values that nobody would think of.
@Suite("Fast and plain agree")
struct AgreementTests {
    /// Repeatable: a value that disagrees is found again.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        mutating func text(of pieces: [String], upTo count: Int) -> String {
            (0..<Int.random(in: 0...count, using: &self)).map { _ in pieces.randomElement(using: &self)! }.joined()
        }
    }

    static let pieces = [
        "a", "Z", "7", "0", " ", "  ", ".", ",", "@", ":", "/", "?", "#", "%", "_", "-", "~", "+", "(", ")", "<", ">",
        "&", "\"",
        "'", "`", ";", "\\", "{", "|", "}", "^", "[", "=", "й", "Я", "ё", "«", "»", "№", "—", "…", "₽", "\u{A0}",
        "\u{2009}",
        "\u{202F}", "\u{AD}", "\u{200B}", "\u{200D}", "\u{202E}", "\u{2028}", "\u{2060}", "\u{206F}", "\u{2070}",
        "\u{FEFF}",
        "\u{301}", "\u{338}", "\u{34F}", "\u{61C}", "\u{3164}", "\u{FFA0}", "\u{E0041}", "\u{85}", "\u{9F}", "\u{7F}",
        "\u{0}",
        "\t", "\n", "\r", "\r\n", "\n\r", "é", "日", "🔥", "👨‍👩‍👧", "٣", "９", "www.", "https://", "tel:", "mailto:",
        "HTTPS://",
        "dom.example", "&amp;", "&lt;", "<b", "javascript:",
    ]

    static let places: [Place] = [
        .htmlText, .attribute, .messengerText, .messengerAttribute, .link, .linkPiece, .telephone, .plain, .sms, .voice,
        .header, .push,
    ]

    @Test(arguments: places) func escapersAgree(place: Place) {
        var dice = Dice(state: 1)
        for _ in 0..<6_000 {
            let value = dice.text(of: Self.pieces, upTo: 9)
            var fast: [UInt8] = [], plain: [UInt8] = []
            let (can, could) = (place.write(value, into: &fast), Plainly.write(value, at: place, into: &plain))
            #expect(can == could && fast == plain, "\(Array(value.utf8))")
        }
    }

    @Test func everyScalarIsCleanedAlike() {
        for number in UInt32(0)...0xE1000 {
            // Everything below the ideographs, and every so-manieth above.
            guard number < 0x3400 || number % 97 == 0 || (0xFF00...0xFFFF).contains(number),
                let scalar = Unicode.Scalar(number)
            else { continue }
            let value = "a" + String(scalar) + "б"
            #expect(CleanText.text(of: value).utf8.elementsEqual(Plainly.CleanText.text(of: value).utf8), "\(number)")
        }
    }

    /// The whole way of what people wrote outside: cleaned, parted where it would become a link, escaped.
    @Test(arguments: [(Part.mailHTML, "<p>{{name}}</p>", Place.htmlText), (.sms, "{{name}}", .sms)])
    func slotsAgree(part: Part, source: String, place: Place) throws {
        let template = try Template(.sample(part, source))
        var dice = Dice(state: 9)
        for _ in 0..<6_000 {
            let value = "a" + dice.text(of: Self.pieces, upTo: 7) + "z"
            var plain: [UInt8] = []
            _ = Plainly.write(
                Plainly.Unlinked.text(Plainly.CleanText.text(of: value)), at: place, into: &plain)
            let content = try template.render(
                part == .sms ? .sms : .email, locale: "ru", variables: ["name": .text(value)], context: .bare)
            let want = part == .sms ? plain : Array("<p>".utf8) + plain + Array("</p>".utf8)
            #expect((content.html ?? content.text).utf8.elementsEqual(want), "\(Array(value.utf8))")
        }
    }

    @Test func unlinkedAgrees() {
        var dice = Dice(state: 2)
        for _ in 0..<20_000 {
            let value = dice.text(of: Self.pieces, upTo: 8)
            #expect(
                Unlinked.text(value).utf8.elementsEqual(Plainly.Unlinked.text(value).utf8), "\(Array(value.utf8))")
        }
    }

    @Test func linksAgree() {
        var dice = Dice(state: 3)
        for _ in 0..<20_000 {
            let value =
                ["https://", "tel:", "mailto:", "hTTps://", ""].randomElement(using: &dice)!
                + dice.text(of: Self.pieces, upTo: 4)
            #expect(LinkURL.isSafe(value) == Plainly.LinkURL.isSafe(value), "\(value)")
        }
    }

    static let filters: [(Filter, VariableType)] = [
        (.money, .money), (.date, .date), (.dateShort, .date), (.dateFull, .date), (.dateYear, .date),
        (.date, .datetime),
        (.dateShort, .datetime), (.time, .datetime), (.month, .month), (.monthOf, .month), (.phone, .phone),
        (.bare, .url),
        (.plural(one: "дом", few: "дома", many: "домов"), .number),
    ]
    /// Of what such values are made, and a little of what they are not.
    static let shapes = [
        "0", "1", "2", "3", "5", "7", "8", "9", "12", "20", "2026", "1900", "2999", "2024", "02", "29", "31", "00", "-",
        "-",
        "-", ".", "T", ":", "Z", "+", "+03:00", "10:15", "(", ")", " ", "800", "7912", "495", "112", "2026-11",
        "2026-12-15",
        "2024-02-29", "2023-02-29", "2026-11-24T10:15", "https://dom.example/", "٣", "e", "\u{301}",
    ]

    @Test func filtersAgree() {
        var dice = Dice(state: 4)
        for round in 0..<60_000 {
            let (filter, type) = Self.filters[round % Self.filters.count]
            let value = dice.text(of: Self.shapes, upTo: round % 3 == 0 ? 12 : 5)
            for style in [Style.typographic, .plain, .spoken] {
                let fast = filter.text(of: value, type: type, style: style)
                let plain = Plainly.text(of: value, filter, type: type, style: style)
                #expect(fast?.utf8.elementsEqual(plain?.utf8 ?? "".utf8) ?? (plain == nil), "\(filter) \(value)")
            }
        }
    }

    @Test func phonesAgree() {
        var dice = Dice(state: 5)
        for _ in 0..<20_000 {
            let digits = (0..<Int.random(in: 2...16, using: &dice)).map { _ in "\(Int.random(in: 0...9, using: &dice))"
            }
            let value = ["", "+", "8", "+7", "7", "+7 ", "8 ("].randomElement(using: &dice)! + digits.joined()
            let fast = PhoneText(value), plain = Plainly.PhoneText(value)
            #expect((fast == nil) == (plain == nil), "\(value)")
            guard let fast, let plain else { continue }
            var dialled: [UInt8] = [], written: [UInt8] = []
            fast.writeDialled(into: &dialled)
            value.withBytes { fast.write(.typographic, of: $0, into: &written) }
            #expect(dialled.elementsEqual(plain.dialled.utf8), "\(value)")
            #expect(written.elementsEqual(plain.written(.typographic).utf8), "\(value)")
        }
    }

    static let markup = [
        "<p>", "</p>", "<br>", "<td>", "</td>", "<b>", "</b>", "<ul>", "<LI>", "<style>", "</style>", "<title>",
        "</title>",
        "<a href=\"https://dom.example/p?a=1&amp;b=2\">", "<a class=\"x\" href=\"https://dom.example\">",
        "<a href=\"tel:112\">",
        "<a href=", "</a>", "&amp;", "&nbsp;", "&laquo;", "&#39;", "&zwnj;", "&unknown;", "&amp", "&", ";", "Оплатить",
        "dom.example",
        "https://dom.example", "текст", "a", " ", "  ", "\n", "\t", "\u{A0}", "<!DOCTYPE html>", "<blockquote>", "<x/>",
        "</ p>",
    ]

    @Test func spokenMarkupAgrees() {
        var dice = Dice(state: 6)
        for _ in 0..<30_000 {
            // Ends in a whole tag: the plain way knows no lone `<` at the very end, which no template can write.
            let html = dice.text(of: Self.markup, upTo: 14) + "."
            #expect(
                SpokenMarkup.text(of: html).utf8.elementsEqual(Plainly.SpokenMarkup.text(of: html).utf8), "\(html)")
        }
    }

    @Test func headersAgree() {
        var dice = Dice(state: 7)
        for _ in 0..<10_000 {
            let bytes = Array(dice.text(of: Self.pieces, upTo: 12).utf8)
            #expect(HeaderText.line(bytes) == Plainly.HeaderText.line(bytes), "\(bytes)")
        }
    }

    @Test func lengthsOfSMSAgree() {
        var dice = Dice(state: 8)
        let latin = ["a", "B", "1", " ", "€", "[", "\n", "é", "Ω", "\u{0C}", "@", "_"]
        for round in 0..<6_000 {
            let text = dice.text(of: round % 2 == 0 ? latin : Self.pieces, upTo: round % 5 == 0 ? 400 : 80)
            let fast = SMSParts(text), plain = Plainly.SMSParts(text)
            #expect(
                fast.units == plain.units && fast.parts == plain.parts && fast.forcedBy == plain.forcedBy, "\(text)")
        }
    }

    @Test func theAlphabetOfSMSIsTheSame() {
        for number in UInt32(0)...0x1_1000 {
            guard let scalar = Unicode.Scalar(number) else { continue }
            #expect(GSM7.septets(of: scalar) == Plainly.GSM7.septets(of: scalar), "\(number)")
        }
    }
}

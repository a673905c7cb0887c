import Domain
import Rendering
import Testing

@Suite("Length of an SMS")
struct SMSPartsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let label: String, text: String, encoding: SMSParts.Encoding, units: Int, parts: Int
        var forcedBy: Unicode.Scalar? = nil
        var testDescription: String { label }
    }

    static let rows = [
        Row(label: "empty", text: "", encoding: .gsm7, units: 0, parts: 0),
        Row(label: "160 Latin", text: String(repeating: "a", count: 160), encoding: .gsm7, units: 160, parts: 1),
        Row(label: "161 Latin", text: String(repeating: "a", count: 161), encoding: .gsm7, units: 161, parts: 2),
        Row(label: "306 Latin", text: String(repeating: "a", count: 306), encoding: .gsm7, units: 306, parts: 2),
        Row(label: "307 Latin", text: String(repeating: "a", count: 307), encoding: .gsm7, units: 307, parts: 3),
        Row(label: "euro counts twice", text: "€", encoding: .gsm7, units: 2, parts: 1),
        Row(
            label: "an escape pair is not cut",
            text: String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 152),
            encoding: .gsm7, units: 306, parts: 3),
        Row(
            label: "70 Cyrillic", text: String(repeating: "я", count: 70), encoding: .ucs2, units: 70, parts: 1,
            forcedBy: "я"),
        Row(
            label: "71 Cyrillic", text: String(repeating: "я", count: 71), encoding: .ucs2, units: 71, parts: 2,
            forcedBy: "я"),
        Row(
            label: "134 Cyrillic", text: String(repeating: "я", count: 134), encoding: .ucs2, units: 134, parts: 2,
            forcedBy: "я"),
        Row(
            label: "135 Cyrillic", text: String(repeating: "я", count: 135), encoding: .ucs2, units: 135, parts: 3,
            forcedBy: "я"),
        Row(label: "one ruble sign", text: "3250 ₽ now", encoding: .ucs2, units: 10, parts: 1, forcedBy: "₽"),
        Row(label: "emoji is two units", text: "🔥", encoding: .ucs2, units: 2, parts: 1, forcedBy: "🔥"),
        Row(
            label: "a surrogate pair is not cut",
            text: String(repeating: "я", count: 66) + "🔥" + String(repeating: "я", count: 66),
            encoding: .ucs2, units: 134, parts: 3, forcedBy: "я"),
        Row(label: "CR LF is two units", text: "a\r\nb", encoding: .gsm7, units: 4, parts: 1),
        Row(
            label: "a combining mark is a unit of its own", text: "e\u{301}", encoding: .ucs2, units: 2, parts: 1,
            forcedBy: "\u{301}"),
        Row(
            label: "a reminder of one part", text: "К оплате 3250,50 руб. до 15.12. pay.dom.ru/Ab3xK УК Наш дом",
            encoding: .ucs2, units: 59, parts: 1, forcedBy: "К"),
    ]

    @Test(arguments: rows) func count(_ row: Row) {
        let parts = SMSParts.count(row.text)
        #expect(parts.encoding == row.encoding)
        #expect(parts.units == row.units)
        #expect(parts.parts == row.parts)
        #expect(parts.forcedBy == row.forcedBy)
    }

    @Test func plainTypography() {
        #expect(SMSParts.plainTypography("«Дом» — 5\u{A0}₽…") == "\"Дом\" - 5 руб....")
    }
}

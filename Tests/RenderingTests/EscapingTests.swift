@testable import Rendering
import Testing

/// One table of golden rows per escaper. Rows compare bytes: `==` on String would call different bytes equal.
@Suite("Escapers")
struct EscapingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let place: Place, value: String, expected: String
        init(_ place: Place, _ value: String, _ expected: String) {
            self.place = place
            self.value = value
            self.expected = expected
        }
        var testDescription: String { "\(place): \(value.debugDescription)" }
    }

    static let html = [
        Row(.htmlText, "<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"),
        Row(.htmlText, "a & b \"c\"", "a &amp; b &quot;c&quot;"),
        Row(.htmlText, "&amp;", "&amp;amp;"),
        Row(.htmlText, "<\u{338}b>", "&lt;\u{338}b&gt;"),
        Row(.htmlText, "Жильё № 1", "Жильё № 1"),
        Row(.htmlText, "одна\r\nдве\tтри", "одна две три"),
        Row(.htmlText, "gpj\u{202E}exe", "gpjexe"),
        Row(.htmlText, "a\u{200B}\u{FEFF}\u{2066}b", "ab"),
        Row(.htmlText, "\u{0}a\u{7F}\u{9B}b", "ab"),
        Row(.htmlText, "{{#x}}{{{y}}}", "{{#x}}{{{y}}}"),
    ]
    static let attribute = [
        Row(.attribute, "\"\u{301} onmouseover=alert(1) x=\"", "&quot;\u{301} onmouseover=alert(1) x=&quot;"),
        Row(.attribute, "'>`<", "&#39;&gt;&#96;&lt;"),
        Row(.attribute, "a\nb", "a b"),
    ]
    static let messenger = [
        Row(.messengerText, "<a href=\"tg://user?id=1\">x</a>", "&lt;a href=&quot;tg://user?id=1&quot;&gt;x&lt;/a&gt;"),
        Row(.messengerText, "<b", "&lt;b"),
        Row(.messengerText, "кв. 5 & 6, д'Арк", "кв. 5 &amp; 6, д'Арк"),
        Row(.messengerText, ">\u{301}", "&gt;\u{301}"),
    ]
    static let plain = [
        Row(.sms, "a\r\nb\u{2028}c", "a b c"),
        Row(.sms, "<b> & \"", "<b> & \""),
        Row(.plain, "\n.\nMAIL FROM:<x>", " . MAIL FROM:<x>"),
        Row(.voice, "12\u{200D}3", "123"),
        Row(.push, "a\u{E0041}b", "ab"),
    ]
    static let header = [
        Row(.header, "Счёт\r\nBcc: evil@example.ru", "Счёт Bcc: evil@example.ru"),
        Row(.header, "a\u{B}\u{C}\u{85}b\u{0}", "a b"),
        Row(.header, "\r\n\u{200D}x", " x"),
    ]
    static let links = [
        Row(.link, "https://dom.ru/?a=1&b=2", "https://dom.ru/?a=1&amp;b=2"),
        Row(.linkPiece, "a b&c=й/..", "a%20b%26c%3D%D0%B9%2F.."),
        Row(.telephone, "8 (800) 555-35-35", "+78005553535"),
        Row(.telephone, "112", "112"),
    ]

    @Test(arguments: [html, attribute, messenger, plain, header, links].flatMap(\.self))
    func golden(_ row: Row) {
        var output: [UInt8] = []
        #expect(row.place.write(row.value, into: &output))
        #expect(output == Array(row.expected.utf8), "\(String(decoding: output, as: UTF8.self).debugDescription)")
    }

    @Test func everyPlaceHasARow() {
        let places = Set(
            [Self.html, Self.attribute, Self.messenger, Self.plain, Self.header, Self.links].flatMap(\.self).map(
                \.place))
        // An attribute of a messenger's tag is escaped by the same lines as its text.
        let all: [Place] = [
            .htmlText, .attribute, .messengerText, .link, .linkPiece, .telephone, .plain, .sms, .voice, .header, .push,
        ]
        #expect(places == Set(all))
    }

    @Test(arguments: [
        ("https://dom.ru", true), ("HTTPS://dom.ru/a?b=c#d", true), ("https://xn--d1aqf.xn--p1ai/", true),
        ("tel:+78005553535", true), ("mailto:a@dom.ru", true),
        ("http://dom.ru", false), ("javascript:alert(1)", false), ("JaVaScRiPt:alert(1)", false),
        ("data:text/html,x", false), ("tg://user?id=1", false), ("//dom.ru", false), ("https:dom.ru", false),
        ("https://", false), ("https:///x", false), ("https://.ru", false), ("https://bank.ru@evil.ru/", false),
        ("https://a.ru/\"onclick=", false), ("https://a.ru/\nx", false), ("https://дом.рф/", false),
        ("https://\u{301}x", false), ("tel:abc", false), ("mailto:?bcc=x@y", false), ("", false),
        ("https://a.ru/" + String(repeating: "a", count: 2_000), false),
    ])
    func safeLinks(_ url: String, _ safe: Bool) {
        #expect(LinkURL.isSafe(url) == safe)
    }

    @Test(arguments: [
        ("www.evil.ru", "www. evil. ru"), ("Иванов www.зло.рф/x", "Иванов www. зло. рф/x"),
        ("https://evil.ru", "https: //evil. ru"), ("tg://resolve", "tg: //resolve"), ("a@evil.ru", "a@ evil. ru"),
        ("@channel", "@ channel"), ("ул.Ленина, д.12", "ул. Ленина, д.12"),
        ("12.5 м³, 05.12.2026", "12.5 м³, 05.12.2026"),
        ("в 14:00", "в 14:00"), ("кв. 45.", "кв. 45."), ("Причина: авария", "Причина: авария"),
        ("(«и т.п.»)", "(«и т. п.»)"),
    ])
    func residentsTextMakesNoLinks(_ value: String, _ expected: String) {
        #expect(Unlinked.text(value).utf8.elementsEqual(expected.utf8), "\(Unlinked.text(value))")
    }

    @Test func hiddenDotStillCounts() {
        // The zero-width sign goes first: it must not shield a link from being seen.
        #expect(Unlinked.text(CleanText.text(of: "www.\u{200B}evil.ru")) == "www. evil. ru")
    }

    @Test func randomBytesStayHarmless() {
        var random = SplitMix(seed: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let value = String(decoding: bytes, as: UTF8.self)
            var text: [UInt8] = [], quoted: [UInt8] = [], line: [UInt8] = []
            _ = Place.htmlText.write(value, into: &text)
            _ = Place.attribute.write(value, into: &quoted)
            _ = Place.header.write(value, into: &line)
            #expect(!text.contains(UInt8(ascii: "<")) && !text.contains(UInt8(ascii: ">")))
            #expect(!quoted.contains(UInt8(ascii: "\"")) && !quoted.contains(UInt8(ascii: "'")))
            #expect(line.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            #expect(String(validating: text, as: UTF8.self) != nil)
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

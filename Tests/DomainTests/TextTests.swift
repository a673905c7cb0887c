import Domain
import Testing

struct TextTests {
    @Test(arguments: [
        ("и\u{306}", "й"), ("е\u{308}лка", "ёлка"), ("\u{212B}", "\u{C5}"), ("plain", "plain"), ("", ""),
        ("a\r\n", "a\r\n"), ("e\u{301}\u{323}", "\u{1EB9}\u{301}"), ("\u{1100}\u{1161}", "\u{AC00}"),
    ])
    func composition(text: String, want: String) {
        #expect(text.nfc.sameBytes(as: want))
        #expect(want.nfc.sameBytes(as: want))
    }

    @Test func equalIsNotTheSameBytes() {
        #expect("й" == "и\u{306}")
        #expect(!"й".sameBytes(as: "и\u{306}"))
    }

    private static let mistyped: [(String, [String], String?)] = [
        ("purpos", ["purpose", "template"], "purpose"), ("tempalte", ["purpose", "template"], "template"),
        ("status", ["purpose", "template", "to"], nil), ("varibles", ["variables", "channels"], "variables"),
        ("x", [], nil), ("", ["purpose"], nil), ("expires", ["expires_at", "send_at"], nil),
        ("expire_at", ["expires_at", "send_at"], "expires_at"), ("emial", ["email"], "email"),
        ("telegarm", ["telegram"], "telegram"), ("advertizement", ["advertising"], nil),
    ]
    /// One slip in four letters; in three the first letter is never exchanged for another.
    private static let short: [(String, [String], String?)] = [
        ("fax", ["sms", "max", "vk"], nil), ("sns", ["sms", "max"], "sms"), ("de", ["ru", "en"], nil),
        ("mx", ["max", "vk"], "max"),
        ("smss", ["sms"], "sms"), ("smpt", ["smtp", "sms"], "smtp"), ("bost", ["push"], nil),
    ]
    @Test(arguments: mistyped + short)
    func nearest(typed: String, known: [String], want: String?) {
        #expect(nearestName(to: typed, among: known) == want)
    }

    @Test(arguments: [
        ("ls:0045-12", true), ("квартира 45", true), ("house:lenina-12", true), ("", false), (" a", false),
        ("a ", false), ("a\r\nb", false), ("a\u{0}", false), ("a\u{202E}b", false), ("a\u{200B}", false),
        (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        (String(repeating: "ы", count: 65), false),
    ])
    func recipientNames(text: String, good: Bool) { #expect((RecipientID(text) != nil) == good) }

    @Test func recipientNamesAreNormalised() {
        #expect(RecipientID("и\u{306}").map { $0.text.sameBytes(as: "й") } == true)
    }

    @Test(arguments: [
        ("payment_reminder", true), ("a1", true), ("", false), ("Payment", false), ("a-b", false), ("a b", false),
        ("цель", false), ("a\r\n", false), ("a\u{301}", false), (String(repeating: "a", count: 65), false),
    ])
    func purposeNames(text: String, good: Bool) { #expect((PurposeID(text) != nil) == good) }

    @Test(arguments: [
        ("sms-a", true), ("smtp_main1", true), ("", false), ("SMS", false), ("a/b", false), ("a\n", false),
    ])
    func providerNames(text: String, good: Bool) { #expect((ProviderID(text) != nil) == good) }

    @Test func prioritiesHaveNames() {
        for priority in Priority.allCases { #expect(Priority(name: priority.name) == priority) }
        #expect(Priority(name: "urgent") == nil)
        #expect(Priority.allCases == Priority.allCases.sorted())
    }
}

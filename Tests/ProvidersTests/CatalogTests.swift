import Delivery
import Domain
import GatewayTesting
import Testing

@testable import Providers

@Suite("The catalogue") struct CatalogTests {
    static func telegram(_ secret: String?) -> ProviderSettings {
        .sample("telegram", base: "https://api.telegram.org", sender: nil, secret: secret)
    }
    static func smtp(
        _ sender: String?, base: String = "smtp://127.0.0.1:2525", user: String? = nil, secret: String? = nil
    ) -> ProviderSettings {
        .sample("smtp", base: base, sender: sender, secret: secret, user: user)
    }

    @Test func `makes every kind`() throws {
        let declared = try Shipped.all()
        let good: [(ProviderSettings, Set<Channel>, Int)] = [
            // Eight sessions, two mails on each.
            (Self.smtp("УК «Наш дом» <info@dom.example>"), [.email], 16),
            (Self.telegram("123:abcdef"), [.telegram], 8),
            (.sample("max", base: ""), [.max, .maxChat], 8),
            (.sample("smsc", base: ""), [.sms], 8),
            (.sample("smsru"), [.sms], 8),
            (.sample("kannel", base: "", user: "vestnik"), [.sms], 8),
        ]
        #expect(Set(good.map(\.0.kind)) == Set(Catalog.manifests(declared: declared).map(\.kind)))
        for (settings, channels, concurrency) in good {
            let provider = try Catalog.provider(for: settings, declared: declared, time: .noon)
            #expect(provider.profile.id == settings.id)
            #expect(provider.profile.channels == channels)
            #expect(provider.profile.concurrency == concurrency)
            #expect(!provider.profile.idempotent)
        }
    }

    @Test func `the provider's own limit of parallel requests holds`() async throws {
        var settings = ProviderSettings.sample("smsc")
        settings.account.concurrency = 64
        let provider = try Catalog.provider(for: settings, declared: try Shipped.all(), time: .noon)
        #expect(provider.profile.concurrency == 10)
        await provider.shutdown()
    }

    @Test func `an account is driven as it says, else as its kind says`() async throws {
        var settings = Self.telegram("123:abcdef")
        for (own, want) in [(nil, Pace(rate: 30, burst: 30, perChat: .seconds(1))), (Pace(weight: 0), Pace(weight: 0))]
            as [(Pace?, Pace)]
        {
            settings.pace = own
            let provider = try Catalog.provider(for: settings, declared: [:], time: .noon)
            #expect(provider.profile.pace == want)
            await provider.shutdown()
        }
    }

    static let bad: [(ProviderSettings, String, String)] = [
        (.sample("smcs"), "kind", "smsc?"),
        (.sample("pigeonpost"), "kind", "known"),
        (.sample("smsc", secret: nil), "secret", "without"),
        (.sample("smsc", secret: ""), "secret", "without"),
        (.sample("smsc", secret: "key\n"), "secret", "line end"),
        (.sample("kannel"), "user", "without"),
        (.sample("smsc", sender: "НАШДОМ"), "sender", "11"),
        (.sample("smsc", sender: "TWELVELETTER"), "sender", "11"),
        (.sample("smsc", sender: "A\r\nB"), "sender", "line end"),
        (.sample("smsc", base: "smsc.ru"), "base_url", "https://"),
        (.sample("smsc", base: "ftp://smsc.ru"), "base_url", "https://"),
        (.sample("smsc", base: "https://smsc.ru?x=1"), "base_url", "?"),
        (.sample("smsc", base: "https://user@smsc.ru"), "base_url", "user"),
        (.sample("smsc", base: "https://smsc.ru\r\nX: 1"), "base_url", "https://"),
        (.sample("smsc", values: ["sendr": "x"]), "sendr", "sender?"),
        (telegram(nil), "secret", "without"),
        (telegram("123"), "secret", "token"),
        (telegram("123:abc/../x"), "secret", "token"),
        (telegram("bot123:abcdef"), "secret", "token"),
        (smtp(nil), "sender", "without"),
        (smtp("Наш дом"), "sender", "From"),
        (smtp("x <x@localhost>"), "sender", "From"),
        (smtp("x <x@dom.example>", base: "https://mail.example"), "base_url", "smtp"),
        (smtp("x <x@dom.example>", base: ""), "base_url", "needed"),
        (smtp("x <x@dom.example>", user: "me"), "secret", "password"),
        (.sample("max", secret: nil), "secret", "without"),
    ]

    @Test(arguments: bad.indices) func `says what is missing, never a value`(index: Int) throws {
        let (settings, setting, word) = Self.bad[index]
        let declared = try Shipped.all()
        let error = #expect(throws: CatalogError.self) {
            try Catalog.provider(for: settings, declared: declared, time: .noon)
        }
        #expect(error?.setting == setting)
        #expect(error?.problem(.en).contains(word) == true, "\(error?.problem(.en) ?? "")")
        #expect(error?.problem(.ru) != error?.problem(.en))
        if let secret = settings.secret?.exposed, secret.utf8.count > 6 {
            #expect(!"\(String(describing: error))".contains(secret))
        }
    }

    @Test func `manifests name the secret settings`() throws {
        for manifest in Catalog.manifests(declared: try Shipped.all()) {
            #expect(manifest.settings.first { $0.name == "secret" }?.secret == true, "\(manifest.kind)")
        }
    }
}

@Suite("The size of an SMS") struct SMSSizeTests {
    @Test(arguments: [
        ("", false, 0, 0), ("a", false, 1, 1), (String(repeating: "a", count: 160), false, 160, 1),
        (String(repeating: "a", count: 161), false, 161, 2), (String(repeating: "a", count: 306), false, 306, 2),
        (String(repeating: "a", count: 307), false, 307, 3), (String(repeating: "€", count: 80), false, 160, 1),
        (String(repeating: "€", count: 81), false, 162, 2), (String(repeating: "€", count: 153), false, 306, 3),
        ("{}[]^~\\|€", false, 18, 1), ("№", true, 1, 1), ("ж", true, 1, 1),
        (String(repeating: "ж", count: 70), true, 70, 1),
        (String(repeating: "ж", count: 71), true, 71, 2), (String(repeating: "ж", count: 134), true, 134, 2),
        (String(repeating: "ж", count: 135), true, 135, 3), (String(repeating: "😀", count: 35), true, 70, 1),
        (String(repeating: "😀", count: 67), true, 134, 3), ("a\r\nb", false, 4, 1), ("e\u{301}", true, 2, 1),
        ("«дом»", true, 5, 1),
    ])
    func `counts as the operators bill`(text: String, ucs2: Bool, units: Int, parts: Int) {
        let size = SMSParts(text)
        #expect((size.encoding == .ucs2) == ucs2)
        #expect(size.units == units)
        #expect(size.parts == parts)
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Providers
@testable import Settings

@Suite("The grammar of descriptions") struct GrammarTests {
    static let good = """
        title: Pigeon
        channels: [sms]
        base: https://pigeon.example/api/
        settings:
          secret: required
          user: required
          branch: optional
          pin: optional secret
        auth: {kind: basic, user: "{user}", password: "{secret}"}
        send:
          path: /send
          body: json
          params:
            to: "{to|int}"
            text: "{text}"
            branch: "{branch}"
            ref: "{reference}-{attempt}"
            ttl: "{ttl|seconds}"
        reply:
          format: json
          code: [body.e.code, body.code]
          rules:
            - {if: "body.ok in true and body.ids.0 exists", then: accepted}
            - {if: "code in 7,'black list',100..103", then: unknown_address, after: 5m, why: bad}
            - {if: "body.words.* has 'stop'", then: opted_out}
            - {if: "header.x-state starts 'BUSY'", then: address_busy}
            - {if: "http in 400..499 and text has 'no money'", then: out_of_funds}
          http_5xx: unreachable
          id: body.ids.0
        """

    static func provider(_ text: String = good, values: [String: String] = [:]) throws -> DeclaredProvider {
        let description = try DeclaredFile.description(text, kind: "pigeon", file: "pigeon.yaml")
        let settings = ProviderSettings.sample("pigeon", base: description.base, user: "доме", values: values)
        return DeclaredProvider(description, settings: settings, time: .noon)
    }

    @Test func `JSON, basic auth and settings of one's own`() throws {
        let request = try Self.provider(values: ["branch": "7\""]).exchange(
            for: .sample(Content(text: "а\"\\\n\t"), number: 2)
        ).request
        #expect(request.url == "https://pigeon.example/api/send")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.header("Authorization") == "Basic 0LTQvtC80LU6czNjcmV0LWtleQ==")
        #expect(
            request.text
                == #"{"to":79001234567,"text":"а\"\\\n\u0009","branch":"7\"","ref":"\#(MessageID(raw: 1).text)-2","ttl":"86400"}"#
        )
        #expect(JSONReader.read(request.body)?["text"] == .text("а\"\\\n\t"))
    }

    @Test func `omit_empty decides what happens to a setting without a value`() throws {
        let sent = try Self.provider().exchange(for: .sample()).request
        #expect(sent.text.contains(#""branch":"""#))
        let omitting = Self.good.replacing("  body: json", with: "  body: json\n  omit_empty: true")
        let left = try Self.provider(omitting).exchange(for: .sample()).request
        #expect(!left.text.contains("branch"))
    }

    @Test func `a query, a bearer token and a header of one's own`() throws {
        let query = Self.good.replacing(
            "body: json", with: "body: query\n  method: GET\n  headers: {X-Pin: \"{secret}\"}"
        )
        .replacing(#"{kind: basic, user: "{user}", password: "{secret}"}"#, with: #"{kind: bearer, token: "{secret}"}"#)
        let request = try Self.provider(query).exchange(for: .sample(Content(text: "a&b"))).request
        #expect(request.method == "GET")
        #expect(request.url.hasPrefix("https://pigeon.example/api/send?to=79001234567&text=a%26b&branch=&ref="))
        #expect(request.headers == [.init("Authorization", "Bearer s3cret-key"), .init("X-Pin", "s3cret-key")])
        #expect(request.body.isEmpty)
    }

    @Test(arguments: [
        (200, #"{"ok":true,"ids":["a1"]}"#, nil as DeliveryFailure.Reason?),
        (200, #"{"ok":true,"ids":[]}"#, .unintelligible),
        (200, #"{"ok":"true","ids":["a1"]}"#, nil),
        (200, #"{"ok":false,"code":7}"#, .unknownAddress),
        (200, #"{"e":{"code":101},"code":5}"#, .unknownAddress),
        (200, #"{"code":"black list"}"#, .unknownAddress),
        (200, #"{"code":1e2}"#, .unintelligible),
        (200, #"{"code":104}"#, .unintelligible),
        (200, #"{"words":[null,"please STOP it"]}"#, .optedOut),
        (402, "No Money", .outOfFunds),
        (402, "", .outOfFunds),
        (500, "", .unreachable),
        (404, "", .unintelligible),
    ])
    func `rules, from the top`(status: Int, body: String, reason: DeliveryFailure.Reason?) throws {
        let ending = try Self.provider().exchange(for: .sample()).ending(HTTPResponse(status, body))
        #expect(ending.reason == reason, "\(ending)")
        if reason == nil { #expect(ending.receipt?.providerID == "a1") }
    }

    @Test func `a header of the reply`() throws {
        let exchange = try Self.provider().exchange(for: .sample())
        let ending = exchange.ending(HTTPResponse(200, "", headers: [.init("x-state", "BUSY 5")]))
        #expect(ending.reason == .addressBusy)
    }

    /// What is changed, what it becomes, the line of the complaint, and a word of it.
    static let mistakes: [(String, String, Int?, String)] = [
        ("title: Pigeon", "titel: Pigeon", 1, "title"),
        ("format: json", "formt: json", 19, "format"),
        ("format: json", "format: xml", 20, "json"),
        ("body: json", "body: xml", 12, "form"),
        ("{to|int}", "{too|int}", 14, "to?"),
        ("{to|int}", "{to|inte}", 14, "int?"),
        ("{to|int}", "{to|hhmm}", 14, "hhmm"),
        ("{to|int}", "{to|int|int}", 14, "one filter"),
        ("{to|int}", "{to", 14, "{"),
        ("{ttl|seconds}", "{ttl}", 18, "filter"),
        ("then: accepted", "then: accept", 23, "accepted?"),
        ("then: opted_out", "then: retry", 25, "known"),
        ("code in 7", "kode in 7", 24, "code?"),
        ("100..103", "103..100", 24, "range"),
        ("'black list'", "'black list", 24, "quote"),
        ("body.ok in true and", "body.ok in true or", 23, "and"),
        ("body.ids.0 exists", "body.ids.0 exist", 23, "exists?"),
        ("has 'stop'", "has stop", 25, "quotes"),
        ("after: 5m", "after: 5", 24, "unit"),
        ("  id: body.ids.0", "  id: body..0", 29, "length"),
        ("path: /send", "path: send", 11, "/"),
        ("path: /send", "path: /send?x=1", 11, "?"),
        ("base: https://pigeon.example/api/", "base: ftp://pigeon.example", 3, "http"),
        ("base: https://pigeon.example/api/", "base: https://me@pigeon.example", 3, "http"),
        ("channels: [sms]", "channels: [sns]", 2, "sms?"),
        ("secret: required", "secret: needed", 5, "required"),
        ("branch: optional", "text: optional", 7, "taken"),
        ("http_5xx: unreachable", "http_5xx: retry", 28, "known"),
        ("body: json", "body: text", nil, "params"),
        ("  body: json", "  body: json\n  headers: {X-Text: \"{text}\"}", 13, "header"),
        ("  body: json", "  body: json\n  headers: {\"X Text\": \"1\"}", 13, "name"),
        ("  body: json", "  body: json\n  headers: {X-Text: \"a\\nb\"}", 13, "control"),
        ("title: Pigeon", "title: Pigeon\ndlr: {}", 2, "unknown"),
        // "{reference}-{attempt}" is another name each time.
        ("title: Pigeon", "title: Pigeon\nidempotent: true", 2, "{reference}"),
        (
            "title: Pigeon", "title: Pigeon\nreplies: [{name: a, basis: sure, status: 200, body: '', then: accepted}]",
            2, "sourced"
        ),
    ]

    @Test(arguments: mistakes.indices) func `a mistake is named with its line`(index: Int) throws {
        let (old, new, line, word) = Self.mistakes[index]
        try #require(Self.good.contains(old))
        let range = try #require(Self.good.firstRange(of: old))
        let error = #expect(throws: ConfigurationError.self) {
            try DeclaredFile.description(
                Self.good.replacingCharacters(in: range, with: new), kind: "pigeon", file: "pigeon.yaml")
        }
        if let line { #expect(error?.line == line, "\(new): \(error?.text(.en) ?? "")") }
        #expect(error?.text(.en).contains(word) == true, "\(new): \(error?.text(.en) ?? "")")
        #expect(error?.text(.en) != error?.text(.ru), "\(new)")
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "'a'", "{a:1}", "nul", "tru", "\"\\x\"",
        "\"\\ud800\"",
        "\"\u{1}\"", "[1] 2", "\u{FEFF}1", "NaN", "--1", "\"a", "{\"é\":1,\"\\u0065\\u0301\":2",
    ])
    func `what is not JSON`(text: String) { #expect(JSONReader.read(Array(text.utf8)) == nil) }

    @Test func `JSON keeps digits and order, and keys differ as bytes`() {
        let value = JSONReader.read(
            Array(#" {"n":123456789012345678901.50e-7,"é":1,"e\#u{301}":[true,false,null,"\ud83d\ude00\/"]} "#.utf8))
        #expect(value?["n"] == .number("123456789012345678901.50e-7"))
        #expect(value?["e\u{301}"] == [true, false, .null, "😀/"])
        #expect(value?["é"] == .number("1"))
        #expect(JSONReader.read([0x22, 0xFF, 0x22]) == nil)
    }
}

import Domain
import Foundation
import Intake
import Testing

struct SendRequestTests {
    static func read(_ text: String) -> Result<SendRequest, Problem> {
        do throws(Problem) { return .success(try SendRequest(bytes: Array(text.utf8))) } catch {
            return .failure(error)
        }
    }

    static func body(_ more: String = "", to: String = #"{"recipient":"ls:0045-12"}"#) -> String {
        #"{"template":"payment-reminder","to":\#(to)\#(more.isEmpty ? "" : "," + more)}"#
    }

    @Test func everyFieldOfTheContractIsRead() throws {
        let request = try Self.read(
            #"""
            { "purpose": "payment_reminder", "template": "payment-reminder", "to": { "recipient": "ls:0045-12" },
              "variables": { "amount": "3250.50", "late": true, "charges": [{"name": "Вода", "sum": "1.00"}], "none": null },
              "channels": ["max", "email", "sms"], "locale": "ru", "send_at": "2026-11-25T10:00:00+03:00",
              "expires_at": "2026-12-15T21:00:00.250+03:00", "priority": "high", "thread": null, "fallback": null,
              "supersedes": "reminder:0045-12:2026-11", "condition": null, "reference": "1C-000123",
              "metadata": {"a": "b"}, "dry_run": true, "idempotency_key": "k1",
              "attachments": [{"name": "../счёт.pdf", "type": "application/pdf", "content": "JVBERi0="}] }
            """#
        ).get()
        #expect(request.purpose == PurposeID("payment_reminder"))
        #expect(request.template == "payment-reminder")
        #expect(request.target == .recipient(RecipientID("ls:0045-12")!))
        #expect(
            request.variables == [
                "amount": .text("3250.50"), "late": .flag(true),
                "charges": .list([["name": .text("Вода"), "sum": .text("1.00")]]),
            ])
        #expect(request.channels == [.max, .email, .sms])
        #expect(request.sendAt == Date(timeIntervalSince1970: 1_795_590_000))
        #expect(request.expiresAt == Date(timeIntervalSince1970: 1_797_357_600.25))
        #expect(request.priority == .high && request.locale == "ru" && request.thread == nil)
        #expect(request.supersedes == "reminder:0045-12:2026-11" && request.reference == "1C-000123")
        #expect(request.metadata == ["a": "b"] && request.dryRun && request.idempotencyKey == "k1")
        #expect(
            request.attachments == [Attachment(name: "счёт.pdf", type: "application/pdf", bytes: Array("%PDF-".utf8))])
    }

    @Test func littleIsEnough() throws {
        let request = try Self.read(Self.body(to: #"{"sms":"8 (912) 345-67-89","email":"a@почта.рф","max":123}"#)).get()
        #expect(
            try request.target
                == .addresses([
                    Destination(.sms, "+79123456789"), Destination(.email, "a@xn--80a1acny.xn--p1ai"),
                    Destination(.max, "123"),
                ]))
        #expect(request.purpose == nil && request.channels.isEmpty && request.variables.isEmpty && !request.dryRun)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let body: String, status: Int, pointer: String, code: ProblemCode
        var says = ""
        init(_ body: String, _ status: Int, _ pointer: String, _ code: ProblemCode, _ says: String = "") {
            (self.body, self.status, self.pointer, self.code, self.says) = (body, status, pointer, code, says)
        }
        var testDescription: String { body.unicodeScalars.map { $0.escaped(asASCII: false) }.joined().prefix(110) + "" }
    }

    static func fallback(_ after: String, more: String = #","if":"not_delivered""#) -> String {
        body(#""fallback":{"after":\#(after)\#(more)}"#)
    }

    @Test(arguments: [
        ("1m", 60), ("60s", 60), ("90s", 90), ("2h", 7200), ("7d", 604_800), ("168h", 604_800), ("002h", 7200),
    ])
    func fallbackIsADuration(text: String, seconds: Int) throws {
        let request = try Self.read(Self.fallback("\"\(text)\"")).get()
        #expect(request.fallback == Fallback(after: .seconds(seconds)))
    }

    @Test func fallbackBelongsToTheRequest() throws {
        let without = try Self.read(Self.body()).get()
        #expect(without.fallback == nil)
        #expect(try Self.read(Self.body(#""fallback":null"#)).get().fallback == nil)
        // The same idempotency key with another fallback is another request.
        let hashes = try [Self.fallback(#""2h""#), Self.fallback(#""3h""#)].map { try Self.read($0).get().hash }
        #expect(Set(hashes + [without.hash]).count == 3)
    }

    @Test func conditionBelongsToTheRequest() throws {
        let bodies = ["balance > 0", "balance>0.00", "balance >= 0"]
            .map { Self.body(#""condition":{"account":"ls:0045-12","if":"\#($0)"}"#) }
        let requests = try bodies.map { try Self.read($0).get() }
        let account = try #require(AccountID("0045-12"))
        #expect(
            requests.map(\.condition) == [
                Condition(account: account, comparison: .greater, bound: Kopecks(0)),
                Condition(account: account, comparison: .greater, bound: Kopecks(0)),
                Condition(account: account, comparison: .atLeast, bound: Kopecks(0)),
            ])
        let hashes = try requests.map(\.hash) + [Self.read(Self.body()).get().hash]
        #expect(Set(hashes).count == 4)
    }

    static let bad: [Bad] = [
        Bad(body(#""tempalte":"x""#), 400, "/tempalte", .unknownField, "template"),
        Bad(body(#""status":"sent""#), 400, "/status", .unknownField),
        Bad(body(#""consent_override":true"#), 400, "/consent_override", .unknownField),
        Bad(body(to: #"{"recipient":"a","smss":"1"}"#), 400, "/to/smss", .unknownField, "sms"),
        Bad(body(to: #"{"push":"x"}"#), 400, "/to/push", .unknownField),
        Bad(#"{"to":{"recipient":"a"}}"#, 422, "/template", .required),
        Bad(#"{"template":"a"}"#, 422, "/to", .required),
        Bad(#"{"template":null,"to":{"recipient":"a"}}"#, 422, "/template", .required),
        Bad(body(to: "{}"), 422, "/to", .required),
        Bad(body(to: #""+79123456789""#), 422, "/to", .invalidValue),
        Bad(body(to: #"{"recipient":"a","sms":"+79123456789"}"#), 422, "/to", .invalidValue),
        Bad(body(to: #"{"recipient":" a"}"#), 422, "/to/recipient", .invalidValue),
        Bad(body(to: #"{"recipient":5}"#), 422, "/to/recipient", .invalidValue),
        Bad(body(to: #"{"sms":"912345"}"#), 422, "/to/sms", .invalidPhone, "11"),
        Bad(body(to: #"{"sms":"+٧٩١٢٣٤٥٦٧٨٩"}"#), 422, "/to/sms", .invalidPhone),
        Bad(body(to: #"{"sms":"+88213456789"}"#), 422, "/to/sms", .invalidPhone),
        Bad(body(to: #"{"sms":true}"#), 422, "/to/sms", .invalidValue),
        Bad(body(to: #"{"email":"a@b.ru\r\nBcc: x"}"#), 422, "/to/email", .invalidEmail),
        Bad(body(to: #"{"email":"a@b.ru>\r\nRCPT TO:<x"}"#), 422, "/to/email", .invalidEmail),
        Bad(body(to: #"{"email":"a@localhost"}"#), 422, "/to/email", .invalidEmail),
        Bad(body(to: #"{"telegram":"@channel"}"#), 422, "/to/telegram", .invalidValue),
        Bad(body(to: #"{"telegram":-100}"#), 422, "/to/telegram", .invalidValue),
        Bad(body(to: #"{"max":1.5}"#), 422, "/to/max", .invalidValue),
        Bad(body(#""purpose":"Bills!""#), 422, "/purpose", .unknownPurpose),
        Bad(body(#""variables":{"amount":3250.5}"#), 422, "/variables/amount", .invalidValue, "текстом"),
        Bad(body(#""variables":{"a":{"b":"c"}}"#), 422, "/variables/a", .invalidValue),
        Bad(body(#""variables":{"a":["b"]}"#), 422, "/variables/a/0", .invalidValue),
        Bad(body(#""variables":{"a":[{"b":[{"c":"d"}]}]}"#), 422, "/variables/a/0/b", .invalidValue),
        Bad(body(#""variables":{"a":[{"b":1}]}"#), 422, "/variables/a/0/b", .invalidValue),
        Bad(body(#""variables":[]"#), 422, "/variables", .invalidValue),
        Bad(body(#""variables":{"a":"\u0000"}"#), 422, "/variables/a", .invalidValue),
        Bad(body(#""channels":[]"#), 422, "/channels", .invalidValue),
        Bad(body(#""channels":["sms","smss"]"#), 422, "/channels/1", .invalidValue, "sms"),
        Bad(body(#""channels":["sms","sms"]"#), 422, "/channels/1", .invalidValue),
        Bad(body(#""channels":"sms""#), 422, "/channels", .invalidValue),
        Bad(body(#""locale":"русский""#), 422, "/locale", .invalidValue),
        Bad(body(#""locale":"../ru""#), 422, "/locale", .invalidValue),
        Bad(body(#""send_at":"завтра""#), 422, "/send_at", .invalidValue),
        Bad(body(#""send_at":"2026-11-25T10:00:00""#), 422, "/send_at", .invalidValue),
        Bad(body(#""send_at":"2026-02-30T10:00:00Z""#), 422, "/send_at", .invalidValue),
        Bad(body(#""send_at":1795590000"#), 422, "/send_at", .invalidValue),
        Bad(body(#""expires_at":"2026-11-25 10:00:00Z""#), 422, "/expires_at", .invalidValue),
        Bad(body(#""priority":"urgent""#), 422, "/priority", .invalidValue, "emergency"),
        Bad(body(#""thread":"a\nb""#), 422, "/thread", .invalidValue),
        Bad(body(#""reference":"\u202E""#), 422, "/reference", .invalidValue),
        Bad(body(#""reference":"""#), 422, "/reference", .invalidValue),
        Bad(body(#""supersedes":5"#), 422, "/supersedes", .invalidValue),
        Bad(body(#""metadata":{"a":1}"#), 422, "/metadata/a", .invalidValue),
        Bad(body(#""metadata":"a""#), 422, "/metadata", .invalidValue),
        Bad(body(#""dry_run":"yes""#), 422, "/dry_run", .invalidValue),
        Bad(fallback(#""2h""#, more: ""), 422, "/fallback/if", .required),
        Bad(body(#""fallback":{"if":"not_delivered"}"#), 422, "/fallback/after", .required),
        Bad(body(#""fallback":{}"#), 422, "/fallback/after", .required),
        Bad(body(#""fallback":"2h""#), 422, "/fallback", .invalidValue),
        Bad(body(#""fallback":true"#), 422, "/fallback", .invalidValue),
        Bad(fallback("7200"), 422, "/fallback/after", .invalidValue, "1m до 7d"),
        Bad(fallback(#""7200""#), 422, "/fallback/after", .invalidValue, "единицей"),
        Bad(fallback(#""59s""#), 422, "/fallback/after", .invalidValue, "1m до 7d"),
        Bad(fallback(#""8d""#), 422, "/fallback/after", .invalidValue, "1m до 7d"),
        Bad(fallback(#""169h""#), 422, "/fallback/after", .invalidValue, "1m до 7d"),
        Bad(fallback(#""0h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""-2h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""+2h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""2 h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""1.5h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""2h\u0301""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""2\u0301h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""٢h""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""99999999999999999999d""#), 422, "/fallback/after", .invalidValue),
        Bad(fallback(#""2h""#, more: #","if":"not_read""#), 422, "/fallback/if", .invalidValue, "not_delivered"),
        Bad(fallback(#""2h""#, more: #","if":true"#), 422, "/fallback/if", .invalidValue),
        Bad(
            fallback(#""2h""#, more: #","if":"not_delivered","then":"sms""#), 400, "/fallback/then", .unknownField,
            "after"),
        Bad(body(#""fallbak":{"after":"2h","if":"not_delivered"}"#), 400, "/fallbak", .unknownField, "fallback"),
        Bad(
            body(#""channels":["max","pigeon"],"fallback":{"after":"2h","if":"not_delivered"}"#), 422, "/channels/1",
            .invalidValue),
        Bad(body(#""condition":{"if":"balance > 0"}"#), 422, "/condition/account", .required),
        Bad(body(#""condition":{"account":"0045-12"}"#), 422, "/condition/if", .required),
        Bad(
            body(#""condition":{"account":"0045-12","if":"balance => 0"}"#), 422, "/condition/if", .invalidValue,
            "balance >= 500.00"),
        Bad(body(#""condition":{"account":"0045-12","if":0}"#), 422, "/condition/if", .invalidValue),
        Bad(body(#""condition":{"account":45,"if":"balance > 0"}"#), 422, "/condition/account", .invalidValue),
        Bad(body(#""condition":{"account":"ls:","if":"balance > 0"}"#), 422, "/condition/account", .invalidValue),
        Bad(
            body(#""condition":{"account":"0045-12","if":"balance > 0","else":"x"}"#), 400, "/condition/else",
            .unknownField),
        Bad(body(#""condition":"balance > 0""#), 422, "/condition", .invalidValue),
        Bad(body(#""idempotency_key":"""#), 422, "/idempotency_key", .invalidValue),
        Bad(body(#""idempotency_key":"a\nb""#), 422, "/idempotency_key", .invalidValue),
        Bad(
            body(#""idempotency_key":"\#(String(repeating: "k", count: 256))""#), 422, "/idempotency_key", .invalidValue
        ),
        Bad(
            body(#""attachments":[{"name":"a.pdf","type":"application/zip","content":"AA=="}]"#), 422,
            "/attachments/0/type", .invalidValue),
        Bad(
            body(#""attachments":[{"name":"..","type":"application/pdf","content":"AA=="}]"#), 422,
            "/attachments/0/name", .invalidValue),
        Bad(
            body(#""attachments":[{"name":"a\r\nb.pdf","type":"application/pdf","content":"AA=="}]"#), 422,
            "/attachments/0/name", .invalidValue),
        Bad(
            body(#""attachments":[{"name":"fdp.\u202Eexe","type":"application/pdf","content":"AA=="}]"#), 422,
            "/attachments/0/name", .invalidValue),
        Bad(
            body(#""attachments":[{"name":"a.pdf","type":"application/pdf","content":"не base64"}]"#), 422,
            "/attachments/0/content", .invalidValue),
        Bad(
            body(#""attachments":[{"name":"a.pdf","type":"application/pdf"}]"#), 422, "/attachments/0/content",
            .required),
        Bad(
            body(#""attachments":[{"name":"a.pdf","type":"application/pdf","content":"AA==","url":"x"}]"#), 400,
            "/attachments/0/url", .unknownField),
    ]

    @Test(arguments: bad) func refusal(test: Bad) throws {
        guard case .failure(let problem) = Self.read(test.body) else {
            Issue.record("it was read")
            return
        }
        let item = try #require(problem.errors.first { $0.pointer == test.pointer }, "\(problem.errors.map(\.pointer))")
        #expect(item.code == test.code)
        #expect(problem.code.status == test.status)
        #expect(test.says.isEmpty || item.detail.ru.contains(test.says))
        #expect(!item.detail.en.isEmpty)
    }

    @Test(arguments: ["", "[]", "5", "{", "{\"a\":1,\"a\":2}", "\u{FEFF}{}", "{} x", "nonsense"])
    func notARequest(text: String) {
        guard case .failure(let problem) = Self.read(text) else {
            Issue.record("it was read")
            return
        }
        #expect(problem.code == .invalidJSON && problem.code.status == 400)
    }

    @Test func allErrorsAreToldAtOnce() {
        guard case .failure(let problem) = Self.read(#"{"to":{"sms":"1"},"priority":"x","send_at":"x","colour":"red"}"#)
        else {
            Issue.record("it was read")
            return
        }
        #expect(Set(problem.errors.map(\.pointer)) == ["/template", "/to/sms", "/priority", "/send_at", "/colour"])
        #expect(problem.code == .unknownField, "what cannot be understood at all leads")
    }

    @Test func refusalsDoNotRepeatTheAddress() {
        for text in [#"{"sms":"+7912345678"}"#, #"{"email":"anna.ivanova"}"#, #"{"telegram":"@anna_ivanova"}"#] {
            guard case .failure(let problem) = Self.read(Self.body(to: text)) else {
                Issue.record("it was read")
                continue
            }
            let json =
                String(decoding: problem.json(.ru), as: UTF8.self) + String(decoding: problem.json(.en), as: UTF8.self)
            #expect(!json.contains("912345678") && !json.contains("anna"))
        }
    }

    // MARK: the hash tells a repeat from a reused key

    @Test(arguments: [
        (
            #"{"template":"a","to":{"sms":"+79123456789"}}"#, #" {"to":{"sms":"+79123456789"} , "template":"\u0061"}"#,
            true
        ),
        (
            #"{"template":"a","to":{"sms":"+79123456789"},"idempotency_key":"1"}"#,
            #"{"template":"a","to":{"sms":"+79123456789"},"idempotency_key":"2"}"#, true
        ),
        (#"{"template":"a","to":{"sms":"+79123456789"}}"#, #"{"template":"b","to":{"sms":"+79123456789"}}"#, false),
        (#"{"template":"a","to":{"sms":"+79123456789"}}"#, #"{"template":"a","to":{"sms":"+79123456780"}}"#, false),
        (
            #"{"template":"a","to":{"sms":"+79123456789"},"variables":{"x":"1"}}"#,
            #"{"template":"a","to":{"sms":"+79123456789"},"variables":{"x":"2"}}"#, false
        ),
    ])
    func hash(one: String, other: String, same: Bool) throws {
        let (one, other) = (try Self.read(one).get(), try Self.read(other).get())
        #expect(one.hash.count == 32)
        #expect((one.hash == other.hash) == same)
    }

    @Test func keysAreBytesAndTextsAreNot() throws {
        let composed = try Self.read(Self.body(#""idempotency_key":"й","reference":"й""#)).get()
        let decomposed = try Self.read(Self.body("\"idempotency_key\":\"и\u{306}\",\"reference\":\"и\u{306}\"")).get()
        #expect(composed.idempotencyKey?.sameBytes(as: decomposed.idempotencyKey ?? "") == false)
        #expect(composed.reference?.sameBytes(as: decomposed.reference ?? "") == true)
    }
}

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("2026-11-24T09:00:00Z", 1_795_510_800),
        ("2026-11-24T12:00:00+03:00", 1_795_510_800),
        ("2026-11-24t12:00:00.5+03:00", 1_795_510_800.5), ("2024-02-29T23:59:59-00:30", 1_709_252_999),
        ("2100-03-01T00:00:00z", 4_107_542_400), ("2026-12-31T23:59:59.999999999Z", 1_798_761_599.999999999),
    ])
    func good(text: String, want: Double) throws {
        let date = try #require(RFC3339.date(text))
        #expect(abs(date.timeIntervalSince1970 - want) < 0.000_001)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T12:00:00", "2026-11-24 12:00:00Z", "2026-11-24T12:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-11-31T00:00:00Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:60:00Z", "2026-11-24T12:00:60Z", "2026-11-24T12:00:00+0300", "2026-11-24T12:00:00+03",
        "2026-11-24T12:00:00.Z",
        "2026-11-24T12:00:00Zx", "٢026-11-24T12:00:00Z", "2026-11-24T12:00:00Z\u{301}", "+026-11-24T12:00:00Z",
        "2026-11-24T12:00:00+24:00",
        "9999-01-01T00:00:00Z",
    ])
    func bad(text: String) { #expect(RFC3339.date(text) == nil) }
}

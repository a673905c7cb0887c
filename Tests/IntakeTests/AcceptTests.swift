import Domain
import Foundation
import GatewayTesting
import Intake
import Policy
import Queue
import Rendering
import Synchronization
import Testing

struct AcceptTests {
    final class Book: RecipientBook {
        let people: [RecipientID: Recipient]
        let asked = Mutex(0)
        init(_ people: [Recipient]) {
            self.people = Dictionary(people.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        }
        func take(_: ResidentImport, at _: Moment) async throws(StoreError) -> Int { 0 }
        func put(_: [Recipient], at _: Moment) async throws(StoreError) {}
        func recipients(_ ids: Set<RecipientID>) async throws(StoreError) -> [RecipientID: Recipient] {
            asked.withLock { $0 += 1 }
            return people.filter { ids.contains($0.key) }
        }
        func residents(of _: Premises) async throws(StoreError) -> [RecipientID] { [] }
    }

    static let shelf: SampleShelf = {
        let reminder = TemplateSource(
            id: "payment-reminder", purpose: "payment_reminder", smsParts: 2,
            variables: [
                VariableDeclaration("amount", .money), VariableDeclaration("due", .date),
                VariableDeclaration("note", .text, required: false),
                VariableDeclaration("late", .flag, required: false),
            ],
            parts: [
                "ru": [
                    "sms.txt":
                        "К оплате {{amount|money}} до {{due|date}}. {{#note}}{{note}} {{/note}}{{org.name}} {{org.phone|phone}}",
                    "messenger.html": "К оплате {{amount|money}}{{#late}}, уже поздно{{/late}}",
                ]
            ])
        let paper = TemplateSource(
            id: "paper-only", purpose: "news", parts: ["ru": ["paper.html": "<p>Новости</p>"]])
        var templates: [String: Template] = [:]
        for source in [reminder, paper] {
            templates[source.id] = try! Template(compiling: source, version: "sha256:" + source.id)
        }
        return SampleShelf(templates: templates)
    }()

    static let anna = Recipient(id: RecipientID("ls:1")!, locale: "tt", destinations: [.sms(), .max(), .email()])
    static let mute = Recipient(id: RecipientID("ls:2")!)
    static let mailOnly = Recipient(id: RecipientID("ls:3")!, destinations: [.email()])
    static let purposes: [PurposeID: Purpose] = [
        .paymentReminder: Purpose(
            id: .paymentReminder, basis: .contract, channels: [.max, .email, .sms], priority: .high,
            life: .seconds(86_400)),
        .news: Purpose(id: .news, basis: .consent, channels: [.email]),
    ]

    static func accept(_ bodies: [String], book: Book = Book([anna, mute, mailOnly])) async throws -> [Result<
        Accepted, Problem
    >] {
        let accept = Accept(
            purposes: purposes, shelf: shelf, organisation: .init(name: "УК «Наш дом»", phone: "+78001002030"),
            recipients: book, ids: IDSource())
        return try await accept(try bodies.map { try SendRequest(bytes: Array($0.utf8)) }, client: "billing", at: .noon)
    }

    static func body(
        _ more: String = "", to: String = #"{"recipient":"ls:1"}"#,
        variables: String = #"{"amount":"3250.50","due":"2026-12-15"}"#
    ) -> String {
        #"{"template":"payment-reminder","to":\#(to),"variables":\#(variables)\#(more.isEmpty ? "" : "," + more)}"#
    }

    static func one(_ body: String) async throws -> Accepted { try #require(try await accept([body]).first).get() }

    @Test func whatIsLeftOutIsDecidedNow() async throws {
        let accepted = try await Self.one(Self.body())
        let message = accepted.enqueue.message
        #expect(message.client == "billing")
        #expect(message.purpose == .paymentReminder)
        #expect(message.template == TemplateRef(id: "payment-reminder", version: "sha256:payment-reminder"))
        #expect(message.locale == "tt", "the recipient's own")
        #expect(message.recipient == RecipientID("ls:1") && message.destinations.isEmpty)
        #expect(message.channels == [.max, .sms], "without mail, which the template cannot say")
        #expect(message.priority == .high)
        #expect(message.expiresAt == .noon.addingTimeInterval(86_400), "the purpose's life")
        #expect(message.acceptedAt == .noon)
        #expect(accepted.enqueue.start == .queued(due: .noon, nil, .max))
        #expect(accepted.enqueue.requestHash.count == 32)
        #expect(accepted.plan == [.max(), .sms()])
    }

    @Test func whatIsSaidIsKept() async throws {
        let accepted = try await Self.one(
            Self.body(
                #""purpose":"payment_reminder","channels":["sms","max"],"locale":"ru","priority":"bulk","send_at":"2026-11-25T10:00:00+03:00","expires_at":"2026-12-15T21:00:00+03:00","thread":"t","supersedes":"s","reference":"r","metadata":{"a":"b"},"idempotency_key":"k""#
            ))
        let message = accepted.enqueue.message
        let due = Date(timeIntervalSince1970: 1_795_590_000)
        #expect(message.channels == [.sms, .max] && message.locale == "ru" && message.priority == .bulk)
        #expect(message.sendAt == due && message.expiresAt == Date(timeIntervalSince1970: 1_797_357_600))
        #expect(message.thread == "t" && message.supersedes == "s" && message.reference == "r")
        #expect(message.metadata == ["a": "b"] && message.idempotencyKey == "k")
        #expect(accepted.enqueue.start == .queued(due: due, .sendAt, .sms))
        #expect(accepted.plan == [.sms(), .max()])
    }

    @Test func lifeBeginsWhenItIsSent() async throws {
        let message = try await Self.one(Self.body(#""send_at":"2026-11-25T12:00:00+03:00""#)).enqueue.message
        #expect(message.expiresAt == .noon.addingTimeInterval(2 * 86_400))
    }

    @Test func aTimePastIsNow() async throws {
        let accepted = try await Self.one(Self.body(#""send_at":"2026-11-20T12:00:00+03:00""#))
        #expect(accepted.enqueue.start == .queued(due: .noon, nil, .max))
    }

    @Test func bareAddresses() async throws {
        let accepted = try await Self.one(Self.body(to: #"{"sms":"8 900 123-45-67"}"#))
        #expect(accepted.enqueue.message.destinations == [.sms()])
        #expect(accepted.enqueue.message.recipient == nil && accepted.enqueue.message.channels.isEmpty)
        #expect(accepted.plan == [.sms()])
    }

    @Test func nobodyToWriteToIsSuppressedNotRefused() async throws {
        #expect(try await Self.one(Self.body(to: #"{"recipient":"ls:2"}"#)).enqueue.start == .suppressed(.noAddress))
        #expect(
            try await Self.one(Self.body(to: #"{"recipient":"ls:3"}"#)).enqueue.start == .suppressed(.noAddress),
            "the only address is one the template has no text for")
    }

    @Test func flagsOfACommandLineAreFlags() async throws {
        let accepted = try await Self.one(
            Self.body(variables: #"{"amount":"1.00","due":"2026-12-15","late":"true"}"#))
        #expect(accepted.enqueue.message.variables["late"] == .flag(true))
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let name: String, body: String, code: ProblemCode, pointer: String, says: String
        init(_ name: String, _ body: String, _ code: ProblemCode, _ pointer: String, _ says: String = "") {
            (self.name, self.body, self.code, self.pointer, self.says) = (name, body, code, pointer, says)
        }
        var testDescription: String { name }
    }
    static let bad = [
        Bad(
            "unknown template", #"{"template":"payment-remind","to":{"recipient":"ls:1"}}"#, .unknownTemplate,
            "/template", "payment-reminder"),
        Bad("unknown purpose", body(#""purpose":"payment_remind""#), .unknownPurpose, "/purpose", "payment_reminder"),
        Bad(
            "another purpose than the template's", body(#""purpose":"news""#), .invalidValue, "/purpose",
            "payment_reminder"),
        Bad(
            "unknown recipient", body(to: #"{"recipient":"ls:nobody"}"#), .unknownRecipient, "/to/recipient",
            "recipient"),
        Bad("missing variable", body(variables: #"{"amount":"1.00"}"#), .missingVariable, "/variables/due"),
        Bad("null variable", body(variables: #"{"amount":"1.00","due":null}"#), .missingVariable, "/variables/due"),
        Bad(
            "wrongly typed variable", body(variables: #"{"amount":"12,3","due":"2026-12-15"}"#), .invalidValue,
            "/variables/amount"),
        Bad(
            "impossible date", body(variables: #"{"amount":"1.00","due":"2026-02-30"}"#), .invalidValue,
            "/variables/due"),
        Bad(
            "unknown variable", body(variables: #"{"amount":"1.00","due":"2026-12-15","amuont":"2"}"#), .unknownField,
            "/variables/amuont", "amount"),
        Bad(
            "huge value",
            body(
                variables: #"{"amount":"1.00","due":"2026-12-15","note":"\#(String(repeating: "ы", count: 200_000))"}"#),
            .textTooLong, "/variables/note"),
        Bad(
            "SMS of many parts",
            body(variables: #"{"amount":"1.00","due":"2026-12-15","note":"\#(String(repeating: "ы", count: 300))"}"#),
            .textTooLong, "", "SMS"),
        Bad(
            "expired already", body(#""expires_at":"2026-11-24T11:59:59+03:00""#), .expiredAlready, "/expires_at",
            "expires_at"),
        Bad(
            "expires at this moment", body(#""expires_at":"2026-11-24T12:00:00+03:00""#), .expiredAlready, "/expires_at"
        ),
        Bad("expires in ten years", body(#""expires_at":"2036-11-24T12:00:00+03:00""#), .invalidValue, "/expires_at"),
        Bad("sent in ten years", body(#""send_at":"2036-11-24T12:00:00+03:00""#), .invalidValue, "/send_at"),
        Bad(
            "sent after it expires", body(#""send_at":"2026-11-25T12:00:00Z","expires_at":"2026-11-25T11:00:00Z""#),
            .invalidValue, "/send_at"),
        Bad("channel without a text", body(#""channels":["sms","email"]"#), .invalidValue, "/channels/1", "email"),
        Bad("address without a text", body(to: #"{"email":"a@b.ru"}"#), .invalidValue, "/to/email", "email"),
        Bad("house chat for a personal template", body(to: #"{"max_chat":"-5"}"#), .invalidValue, "/to/max_chat"),
        Bad("no common channel", #"{"template":"paper-only","to":{"recipient":"ls:1"}}"#, .invalidValue, "/template"),
    ]

    @Test(arguments: bad) func refused(test: Bad) async throws {
        guard case .failure(let problem)? = try await Self.accept([test.body]).first else {
            Issue.record("it was accepted")
            return
        }
        #expect(problem.code == test.code)
        let item = try #require(problem.errors.first { $0.pointer == test.pointer }, "\(problem.errors.map(\.pointer))")
        #expect(item.code == test.code)
        #expect(test.says.isEmpty || item.detail.en.contains(test.says), "\(item.detail.en)")
    }

    @Test func oneBadItemDoesNotHarmTheOthers() async throws {
        let book = Book([Self.anna])
        let results = try await Self.accept(
            [Self.body(), Self.body(variables: "{}"), Self.body(#""reference":"r""#)], book: book)
        #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
        let ids = results.compactMap { try? $0.get().enqueue.message.id }
        #expect(Set(ids).count == 2)
        #expect(book.asked.withLock { $0 } == 1, "one look at the books for one recipient")
    }

    @Test func allErrorsOfARequestAreToldAtOnce() async throws {
        let result = try await Self.accept([
            Self.body(
                #""expires_at":"2020-01-01T00:00:00Z","channels":["email"]"#, to: #"{"recipient":"x"}"#, variables: "{}"
            )
        ])
        guard case .failure(let problem)? = result.first else {
            Issue.record("it was accepted")
            return
        }
        #expect(
            Set(problem.errors.map(\.pointer)) == [
                "/variables/amount", "/variables/due", "/expires_at", "/channels/0", "/to/recipient",
            ])
    }

    @Test func textsForADryRun() async throws {
        let accept = Accept(
            purposes: Self.purposes, shelf: Self.shelf, organisation: .init(name: "УК", phone: "+78001002030"),
            recipients: Book([Self.anna]), ids: IDSource())
        let request = try SendRequest(bytes: Array(Self.body().utf8))
        let accepted = try #require(try await accept([request], client: "c", at: .noon).first).get()
        let texts = accept.texts(of: accepted)
        #expect(texts.map(\.channel) == [.max, .sms])
        #expect(try texts[1].text.get().text.contains("3250,50"))
    }
}

import Domain
import FoundationEssentials
import Policy
import Rendering

/// The mail, the text message and the resident of `vestnik bench`, and a messenger's text beside them.
enum Samples {
    /// Tuesday, 24 November 2026, 12:00 in Moscow.
    static let noon = Date(timeIntervalSince1970: 1_795_510_800)

    static let context = RenderingContext(
        organisation: .init(
            name: "УК «Наш дом»", phone: "8 (800) 100-20-30", site: "https://dom.example",
            payURL: "https://dom.example/pay"),
        recipientName: "Соколова Елена Андреевна", account: "17")

    static let mailVariables: Variables = [
        "amount": .text("1017.27"), "due": .text("2026-12-15"), "period": .text("2026-11"),
        "address": .text("ул. Ленина, 18, кв. 18"), "pay_url": .text("https://pay.dom.example/17"),
    ]
    static let smsVariables: Variables = ["amount": .text("1017.27"), "due": .text("2026-12-15")]

    static func mail() throws -> Template {
        try template(
            "bench-mail", purpose: BenchWords.mail,
            variables: [
                VariableDeclaration("amount", .money, personal: true), VariableDeclaration("due", .date),
                VariableDeclaration("period", .month), VariableDeclaration("address", .text, personal: true),
                VariableDeclaration("pay_url", .url, personal: true),
            ],
            parts: ["subject.txt", "email.txt", "email.html"])
    }

    static func sms() throws -> Template {
        try template(
            "bench-sms", purpose: BenchWords.sms,
            variables: [VariableDeclaration("amount", .money, personal: true), VariableDeclaration("due", .date)],
            parts: ["sms.txt"])
    }

    static func messenger() throws -> Template {
        let text = """
            <b>{{org.name}}</b>
            {{#recipient.name}}{{recipient.name}}, за{{/recipient.name}}{{^recipient.name}}За{{/recipient.name}} \
            {{period|month}} начислено <b>{{amount|money}}</b>: {{address}}.
            <a href="{{pay_url}}">Оплатите до {{due|date}}</a>
            """
        return try Template(
            compiling: TemplateSource(
                id: "bench-messenger", purpose: "bench_messenger", variables: try mail().variables,
                buttons: [ButtonDeclaration(title: ["ru": "Оплатить"], urls: ["pay_url"])],
                parts: ["ru": ["messenger.html": text]]),
            version: "sha256:00")
    }

    private static func template(
        _ id: String, purpose: String, variables: [VariableDeclaration], parts: [String]
    ) throws -> Template {
        var texts: [String: String] = [:]
        for part in parts { texts[part] = BenchWords.templates.first { $0.path == "\(id)/ru/\(part)" }?.text }
        return try Template(
            compiling: TemplateSource(id: id, purpose: purpose, variables: variables, parts: ["ru": texts]),
            version: "sha256:00")
    }

    // MARK: who is asked about

    static func message(
        _ purpose: String, template: String, recipient: Int = 17, variables: Variables, number: Int64 = 1
    ) throws -> Message {
        Message(
            id: MessageID(raw: 1 << 40 + number), client: "bench", idempotencyKey: "\(template)-\(number)",
            purpose: try known(PurposeID(purpose)), template: TemplateRef(id: template, version: "sha256:00"),
            recipient: RecipientID("ls:\(recipient)"), variables: variables,
            expiresAt: noon.addingTimeInterval(86_400), acceptedAt: noon, reference: "1C-\(number)")
    }

    static func recipient(_ number: Int = 17) throws -> Recipient {
        Recipient(
            id: try known(RecipientID("ls:\(number)")), name: "Соколова Елена Андреевна",
            premises: Premises(house: "lenina-\(number / 144)", flat: "\(number)"),
            destinations: [
                try Destination(.email, "kv\(number)@zhiteli.example"), try Destination(.sms, "+79990000017"),
            ])
    }

    /// Given, taken back, given again; and a word about another channel.
    static func ledger(of number: Int = 17) throws -> [ConsentRecord] {
        let words: [(ConsentRecord.Action, Channel?, Double)] = [
            (.granted, nil, 700), (.withdrawn, .sms, 400), (.withdrawn, .email, 300), (.granted, .email, 100),
        ]
        let id = try known(RecipientID("ls:\(number)")), purpose = try known(PurposeID(BenchWords.mail))
        return words.enumerated().map { place, word in
            ConsentRecord(
                id: ConsentID(raw: Int64(number * 4 + place + 1)), recipient: id, purpose: purpose, channel: word.1,
                action: word.0, occurredAt: noon.addingTimeInterval(-word.2 * 86_400),
                recordedAt: noon.addingTimeInterval(-word.2 * 86_400))
        }
    }

    static func purpose(_ id: String, basis: Purpose.Basis, _ channels: [Channel], night: QuietHours? = nil) throws
        -> Purpose
    {
        Purpose(id: try known(PurposeID(id)), basis: basis, channels: channels, quietHours: night)
    }
}

struct Missing: Error {}

/// A value that a constant of ours must have.
func known<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

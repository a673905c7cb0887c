/// What is sent: a personalised mail of 1.6 KB on the wire, text and HTML, and a text message of one part, about as a housing company
/// writes them. The mail's purpose rests on a recorded consent, so that the ledgers are not only read but decide.
enum BenchWords {
    struct File {
        let path: String
        let text: String
    }

    static let mail = "bench_mail", sms = "bench_sms", emergency = "bench_emergency"

    static let purposes = """
        purposes:
          \(mail):
            title: {ru: Квитанция, en: Receipt}
            basis: consent
            channels: [email]
            quiet_hours: none
            priority: bulk
            life: 30d
          \(sms):
            title: {ru: Напоминание, en: Reminder}
            basis: contract
            channels: [sms]
            quiet_hours: none
            priority: normal
            life: 30d
          \(emergency):
            title: {ru: Авария, en: Emergency}
            basis: vital
            mandatory: true
            channels: [sms]
            quiet_hours: none
            on_unconfirmed: resend
            priority: emergency
            life: 6h

        """

    static let templates = [
        File(
            path: "bench-mail/template.yaml",
            text: """
                purpose: \(mail)
                variables:
                  amount: {type: money, personal: true}
                  due: {type: date}
                  period: {type: month}
                  address: {type: text, personal: true}
                  pay_url: {type: url, personal: true}
                samples:
                  typical:
                    amount: "3250.50"
                    due: "2026-12-15"
                    period: "2026-11"
                    address: ул. Ленина, 12, кв. 45
                    pay_url: https://pay.dom.example/0045-12

                """),
        File(path: "bench-mail/ru/subject.txt", text: "Квитанция за {{period|month}}: {{amount|money}}\n"),
        File(
            path: "bench-mail/ru/email.txt",
            text: """
                Здравствуйте{{#recipient.name}}, {{recipient.name}}{{/recipient.name}}!
                За {{period|month}} начислено {{amount|money}}: {{address}}{{#recipient.account}}, счёт {{recipient.account}}{{/recipient.account}}.
                Оплатите до {{due|date}}: {{pay_url}}
                {{org.name}}, {{org.phone|phone}}

                """),
        File(
            path: "bench-mail/ru/email.html",
            text: """
                <p>Здравствуйте{{#recipient.name}}, {{recipient.name}}{{/recipient.name}}!</p>
                <p>За {{period|month}} начислено <b>{{amount|money}}</b>: {{address}}{{#recipient.account}}, счёт {{recipient.account}}{{/recipient.account}}.</p>
                <p><a href="{{pay_url}}">Оплатите до {{due|date}}</a></p>
                <p>{{org.name}}, {{org.phone|phone}}</p>

                """),
        File(
            path: "bench-sms/template.yaml",
            text: """
                purpose: \(sms)
                variables:
                  amount: {type: money, personal: true}
                  due: {type: date}
                samples:
                  typical: {amount: "3250.50", due: "2026-12-15"}

                """),
        File(path: "bench-sms/ru/sms.txt", text: "К оплате {{amount|money}} до {{due|date}}. УК Наш дом\n"),
        File(
            path: "bench-emergency/template.yaml",
            text: """
                purpose: \(emergency)
                variables:
                  what: {type: text}
                samples:
                  typical: {what: нет холодной воды}

                """),
        File(path: "bench-emergency/ru/sms.txt", text: "Авария: {{what}}. Устраняем. УК Наш дом\n"),
    ]

    /// The body of `POST /v1/messages` for one message.
    static func request(_ what: BenchMessage, recipient: Int, key: String) -> String {
        let to = #""to":{"recipient":"ls:\#(recipient)"},"idempotency_key":"\#(key)""#
        let amount = "\(1000 + recipient % 4000).\(10 + recipient % 90)"
        switch what {
        case .mail:
            return #"{"template":"bench-mail",\#(to),"reference":"1C-\#(key)","variables":{"amount":"\#(amount)","#
                + #""due":"2026-12-15","period":"2026-11","address":"ул. Ленина, \#(recipient % 80 + 1), кв. "#
                + #"\#(recipient % 144 + 1)","pay_url":"https://pay.dom.example/\#(recipient)"}}"#
        case .sms:
            return #"{"template":"bench-sms",\#(to),"variables":{"amount":"\#(amount)","due":"2026-12-15"}}"#
        case .emergency:
            return #"{"template":"bench-emergency",\#(to),"variables":{"what":"нет холодной воды"}}"#
        }
    }
}

enum BenchMessage: String, Sendable { case mail, sms, emergency }

import Domain
import Foundation
import Intake
import Policy
import Sandbox
import Settings

/// A key for the newcomer, and the first request to try it with. The key is worth nothing elsewhere: all channels of a
/// demonstration lead into the sandbox.
struct DemoInvitation {
    let key: FreshKey
    let api: ListenAddress
    let sandbox: Sandbox
    /// Path of the configuration, which every command looks for in this variable.
    let config: String

    init(_ api: ListenAddress, _ sandbox: Sandbox, config: String) {
        key = FreshKey(.live, random: Clocks.secretBytes(40))
        self.api = api
        self.sandbox = sandbox
        self.config = config
    }

    func order(until: Date) -> Command {
        .createKey(
            KeyOrder(
                id: key.id, digest: key.digest, client: "newcomer", mode: KeyMode.live.rawValue,
                scopes: [Scope.admin.rawValue], templates: [], channels: [], dailyCap: nil,
                expires: until.ISO8601Format(), networks: [], note: "demo"))
    }

    func text(_ language: Language) -> String {
        Words(
            ru: """

                Попробуйте сами, в другом окне (ключ — на сутки, только для этой демонстрации):

                """,
            en: """

                Try it yourself, in another terminal (the key holds for a day, for this demonstration only):

                """)(language) + """

                  export VESTNIK_URL=http://\(api.text) VESTNIK_INBOX=\(sandbox.page.dropLast())
                  export VESTNIK_KEY=\(key.text)
                  export VESTNIK_CONFIG=\(config)
                  curl -X POST $VESTNIK_URL/v1/messages -H "Authorization: Bearer $VESTNIK_KEY" \\
                    -H "Content-Type: application/json" -H "Idempotency-Key: first-1" -d '{"template": "payment-reminder",
                    "to": {"sms": "+79161234567"}, "variables": {"amount": "3250.50", "due": "2026-12-15", "period": "2026-11"}}'

                """
            + Words(
                ru: "Все адреса: http://\(api.text)/docs/api   Шаг за шагом: docs/start/first-send.md",
                en: "All addresses: http://\(api.text)/docs/api   Step by step: docs/start/first-send.en.md")(language)
    }
}

package import Delivery
package import Domain

/// One entry of `providers:` in vestnik.yaml, read and checked; secrets are already resolved. `Catalog` makes the
/// provider of it. Printing it never shows a secret.
package struct ProviderSettings: Sendable, Hashable {
    package var id: ProviderID
    /// `smtp`, `max`, `telegram`, or the name of a file in Config/providers: `kannel`, `smsc`, `smsru`.
    package var kind: String
    package var account: AccountSettings
    /// SMS: the registered sender name. Mail: the From address, `УК «Наш дом» <info@dom.example>`.
    package var sender: String?
    package var secret: Secret?
    package var user: String?
    package var tls: SMTPSettings.TLS
    /// SMTP: the name we say in EHLO.
    package var heloName: String
    /// Other named values that a declared provider asks for (`dlr_url`, `login` …).
    package var values: [String: String]
    /// Nil leaves it to the kind.
    package var pace: Pace?
    package init(
        id: ProviderID, kind: String, account: AccountSettings, sender: String? = nil, secret: Secret? = nil,
        user: String? = nil, tls: SMTPSettings.TLS = .required, heloName: String = "localhost.localdomain",
        values: [String: String] = [:], pace: Pace? = nil
    ) {
        self.id = id
        self.kind = kind
        self.account = account
        self.sender = sender
        self.secret = secret
        self.user = user
        self.tls = tls
        self.heloName = heloName
        self.values = values
        self.pace = pace
    }
}

/// A password, key or token. `exposed` is the only way to its text.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let exposed: String
    package init(_ text: String) { exposed = text }
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

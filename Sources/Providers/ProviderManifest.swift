package import Delivery
package import Domain

/// What there is to know about a kind of provider before an account of it is made: for `config check`, `doctor` and the
/// reference pages.
package struct ProviderManifest: Sendable, Hashable {
    package struct Setting: Sendable, Hashable {
        /// As in vestnik.yaml: `secret`, `user`, `sender`, `base_url`, or a name of the provider's own.
        package var name: String
        package var required: Bool
        /// Never printed, comes from a file or the environment.
        package var secret: Bool
        package init(_ name: String, required: Bool = true, secret: Bool = false) {
            self.name = name
            self.required = required
            self.secret = secret
        }
    }
    package var kind: String
    package var title: String
    package var channels: Set<Channel>
    package var settings: [Setting]
    /// Used when an account names no `base_url`; nil where it must.
    package var base: String?
    package var schemes: [String]
    /// The longest text, in the units the provider counts in.
    package var longestText: Int?
    package var concurrency: Int?
    package var idempotent: Bool
    package var canBeAsked: Bool
    /// Requests that one submission may take, each within the account's `timeout`: files come before the message.
    package var requests: Int
    /// How long one submission may stand still besides.
    package var patience: Duration
    /// What the provider asks of everybody; an account may say otherwise.
    package var pace: Pace
    package init(
        kind: String, title: String, channels: Set<Channel>, settings: [Setting], base: String? = nil,
        schemes: [String] = ["https", "http"], longestText: Int? = nil, concurrency: Int? = nil,
        idempotent: Bool = false, canBeAsked: Bool = false, requests: Int = 1, patience: Duration = .zero,
        pace: Pace = Pace()
    ) {
        self.kind = kind
        self.title = title
        self.channels = channels
        self.settings = settings
        self.base = base
        self.schemes = schemes
        self.longestText = longestText
        self.concurrency = concurrency
        self.idempotent = idempotent
        self.requests = requests
        self.patience = patience
        self.pace = pace
        self.canBeAsked = canBeAsked
    }

    /// The longest one submission may take, all time-outs together.
    package func longest(timeout: Duration) -> Duration { timeout * requests + patience }
}

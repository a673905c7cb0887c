/// Every way a send can fail, in our words. Providers translate their codes into these and nothing else.
package struct DeliveryFailure: Error, Sendable, Hashable {
    /// docs/FAILURES.md lists them with what follows; FailuresTests reads the page.
    package enum Reason: String, Sendable, CaseIterable {
        case unknownAddress = "unknown_address"
        case optedOut = "opted_out"
        case addressBusy = "address_busy"
        case contentRejected = "content_rejected"
        case tooLong = "too_long"
        /// The template could not be rendered with what the message holds.
        case unrenderable
        /// It made the process die, or one account fail again and again while others passed: set aside for a person.
        case poison
        case throttled, unreachable
        /// A name or a certificate of the other side could not be trusted; nothing was said to it.
        case untrusted
        case badCredentials = "bad_credentials"
        case outOfFunds = "out_of_funds"
        /// Our own request or settings are wrong in the provider's eyes.
        case misconfigured
        /// No configured provider carries any of the message's channels.
        case noProvider = "no_provider"
        case unintelligible
        case noAnswer = "no_answer"
    }

    /// Whose fault it is decides who waits: one address, one message, or everybody who uses the provider.
    package enum Scope: String, Sendable, CaseIterable { case address, message, provider }
    package enum Outlook: String, Sendable, CaseIterable { case temporary, permanent, unknown }

    package let reason: Reason
    /// The provider's own code: `550 5.1.1`, `error_code 7`, `HTTP 429`. Printable ASCII, at most 64 bytes.
    package let code: String?
    /// The provider's own words, for people; already stripped of control bytes, at most 300 bytes.
    package let detail: String?
    /// Not before this long from now; the provider said so.
    package let retryAfter: Duration?

    package init(_ reason: Reason, code: String? = nil, detail: String? = nil, retryAfter: Duration? = nil) {
        self.reason = reason
        self.code = code.map { Self.plain($0, limit: 64, ascii: true) }
        self.detail = detail.map { Self.plain($0, limit: 300, ascii: false) }
        self.retryAfter = retryAfter
    }

    /// The other side said so. Where it never spoke, the code is that of the library: `curl 7`.
    package var isAnAnswer: Bool { code.map { !$0.utf8.starts(with: "curl ".utf8) } ?? false }

    package var scope: Scope {
        switch reason {
        case .unknownAddress, .optedOut, .addressBusy: .address
        case .contentRejected, .tooLong, .unrenderable, .poison, .noAnswer: .message
        case .throttled, .unreachable, .untrusted, .badCredentials, .outOfFunds, .misconfigured, .noProvider,
            .unintelligible:
            .provider
        }
    }

    package var outlook: Outlook {
        switch reason {
        case .addressBusy, .throttled, .unreachable, .untrusted: .temporary
        case .unknownAddress, .optedOut, .contentRejected, .tooLong, .unrenderable, .poison, .badCredentials,
            .outOfFunds, .misconfigured, .noProvider:
            .permanent
        // The request left us and the answer did not come, or made no sense: it may have been delivered.
        case .noAnswer, .unintelligible: .unknown
        }
    }

    /// How a `failed` message is explained to the caller.
    package enum Kind: String, Sendable, CaseIterable { case permanent, temporary, technical }
    package var kind: Kind {
        switch (scope, outlook) {
        case (.provider, _), (_, .unknown): .technical
        case (.message, .permanent) where reason == .unrenderable || reason == .poison: .technical
        case (_, .temporary): .temporary
        case (_, .permanent): .permanent
        }
    }

    /// Words of a stranger reach logs, pages and terminals: no control bytes, no escapes, bounded.
    private static func plain(_ text: String, limit: Int, ascii: Bool) -> String {
        var plain = ""
        for scalar in text.unicodeScalars where plain.utf8.count + UTF8.width(scalar) <= limit {
            let control =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.generalCategory == .format || (ascii && scalar.value > 0x7E)
            plain.unicodeScalars.append(control ? " " : scalar)
        }
        return plain
    }
}

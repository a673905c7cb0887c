package import Delivery

/// A reply of the provider and what it must be taken for: part of the description, run by the tests.
package struct CannedReply: Sendable, Hashable {
    /// Where the reply comes from.
    package enum Basis: String, Sendable, CaseIterable {
        /// The code and its meaning are documented, or found in public code; the words may differ.
        case sourced
        /// Seen from the real program.
        case tried
        /// To be confirmed with the provider.
        case verify
        /// Made up, to show that broken and unknown replies do no harm.
        case constructed
    }
    /// What the case is about.
    package var name: String
    package var basis: Basis
    package var status: Int
    package var headers: [HTTPRequest.Header]
    package var body: String
    /// The recipient, where the reply lists several.
    package var to: String?
    package var then: ReplyRule.Ending
    package var code: String?
    package var id: String?
    package var parts: Int?
    package var after: Duration?
    package init(
        name: String, basis: Basis, status: Int, headers: [HTTPRequest.Header] = [], body: String, to: String? = nil,
        then: ReplyRule.Ending, code: String? = nil, id: String? = nil, parts: Int? = nil, after: Duration? = nil
    ) {
        self.name = name
        self.basis = basis
        self.status = status
        self.headers = headers
        self.body = body
        self.to = to
        self.then = then
        self.code = code
        self.id = id
        self.parts = parts
        self.after = after
    }
}

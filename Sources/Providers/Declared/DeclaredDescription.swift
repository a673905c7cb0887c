// A declared provider: most SMS gateways differ only in the names of their parameters and the numbers of their errors,
// so one of them is a page of YAML in Config/providers and no code. This folder holds what such a page means: how a
// request is made of a submission (DeclaredRequest), and how a reply is read (DeclaredReply). Settings/DeclaredFile
// reads the page itself. On purpose there are no loops, no arithmetic and no scripts: a provider that needs several
// requests for one message, or another protocol, is a Swift file instead.

package import Domain

/// One file of Config/providers, checked.
package struct DeclaredDescription: Sendable, Hashable {
    /// The file's name without `.yaml`: what an account writes in `kind`.
    package var kind: String
    package var title: String
    package var channels: [Channel]
    /// Where the provider documents the interface.
    package var docs: String?
    /// The address an account has when it names no other.
    package var base: String
    package var settings: [ProviderManifest.Setting]
    package var auth: Auth
    package var send: Send
    package var reply: Reply
    package var limits: Limits
    /// The provider recognises a repeat of the same reference, which the request therefore bears.
    package var idempotent: Bool
    package var replies: [CannedReply]
    /// How to ask about a message by our own name for it; nil where that is not possible.
    package var ask: Ask?

    package init(
        kind: String, title: String, channels: [Channel], docs: String? = nil, base: String,
        settings: [ProviderManifest.Setting], auth: Auth = .none, send: Send, reply: Reply, limits: Limits = Limits(),
        idempotent: Bool = false, replies: [CannedReply] = [], ask: Ask? = nil
    ) {
        self.kind = kind
        self.title = title
        self.channels = channels
        self.docs = docs
        self.base = base
        self.settings = settings
        self.auth = auth
        self.send = send
        self.reply = reply
        self.limits = limits
        self.idempotent = idempotent
        self.replies = replies
        self.ask = ask
    }

    /// How the account proves who it is, where that is not one of the parameters.
    package enum Auth: Sendable, Hashable {
        case none
        case basic(user: FieldTemplate, password: FieldTemplate)
        case bearer(FieldTemplate)
        case header(name: String, FieldTemplate)
    }

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var value: FieldTemplate
        package init(_ name: String, _ value: FieldTemplate) {
            self.name = name
            self.value = value
        }
    }

    package struct Send: Sendable, Hashable {
        /// Where the parameters go. `text`: they stay empty and the body is one template.
        package enum Body: String, Sendable, CaseIterable { case query, form, json, text }
        package enum Method: String, Sendable, CaseIterable {
            case get = "GET"
            case post = "POST"
            case put = "PUT"
        }
        package var method: Method
        /// Begins with `/`.
        package var path: String
        package var body: Body
        package var contentType: String?
        package var parameters: [Parameter]
        package var text: FieldTemplate?
        package var headers: [Parameter]
        /// A parameter or header with a name that has no value is left out, otherwise it is sent empty.
        package var omitEmpty: Bool
        package init(
            method: Method = .post, path: String, body: Body, contentType: String? = nil, parameters: [Parameter] = [],
            text: FieldTemplate? = nil, headers: [Parameter] = [], omitEmpty: Bool = false
        ) {
            self.method = method
            self.path = path
            self.body = body
            self.contentType = contentType
            self.parameters = parameters
            self.text = text
            self.headers = headers
            self.omitEmpty = omitEmpty
        }
    }

    package struct Reply: Sendable, Hashable {
        package enum Format: String, Sendable, CaseIterable { case json, text }
        /// What a 5xx without a known code means. Some providers accept and then answer 500, so `no_answer` (it may
        /// have been taken) is the default; `unreachable` where the provider says that such a request was not. Not
        /// for purposes that promise one copy: behind a gateway nobody can say so.
        package enum ServerError: String, Sendable, CaseIterable {
            case noAnswer = "no_answer"
            case unreachable
        }
        package var format: Format
        package var each: Each?
        /// The first of these that exists is `code` in rules and in failures.
        package var code: [ReplyPath]
        /// The provider's own words, for the operator.
        package var detail: [ReplyPath]
        package var serverError: ServerError
        package var rules: [ReplyRule]
        /// Where the provider's name of the message stands. Declared but missing in a reply: nothing was accepted that
        /// we could ever ask about, and the reply is not understood.
        package var id: ReplyPath?
        package var parts: ReplyPath?
        package init(
            format: Format, each: Each? = nil, code: [ReplyPath] = [], detail: [ReplyPath] = [],
            serverError: ServerError = .noAnswer, rules: [ReplyRule], id: ReplyPath? = nil,
            parts: ReplyPath? = nil
        ) {
            self.format = format
            self.each = each
            self.code = code
            self.detail = detail
            self.serverError = serverError
            self.rules = rules
            self.id = id
            self.parts = parts
        }
    }

    /// A reply that lists recipients is judged by our recipient's item: the envelope's code alone says nothing.
    package struct Each: Sendable, Hashable {
        package enum Match: Sendable, Hashable {
            /// The key of the map is the number.
            case key
            /// This member of each item is the number.
            case field(String)
        }
        package var list: ReplyPath
        package var match: Match
        package init(list: ReplyPath, match: Match) {
            self.list = list
            self.match = match
        }
    }

    package struct Limits: Sendable, Hashable {
        /// Billed parts; longer texts are cut silently by some gateways, so they are never sent.
        package var segments: Int?
        /// The longest life the provider understands; longer ones are shortened to it.
        package var life: Duration?
        package var concurrency: Int?
        package var sender: SenderForm?
        package init(
            segments: Int? = nil, life: Duration? = nil, concurrency: Int? = nil, sender: SenderForm? = nil
        ) {
            self.segments = segments
            self.life = life
            self.concurrency = concurrency
            self.sender = sender
        }
    }

    /// How long a sender name may be: of Latin letters, digits, space and `._-`, or of digits alone.
    package struct SenderForm: Sendable, Hashable {
        package var letters: Int
        package var digits: Int
        package init(letters: Int, digits: Int) {
            self.letters = letters
            self.digits = digits
        }
        func allows(_ sender: String) -> Bool {
            let bytes = sender.utf8
            let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
            let isPlain: (UInt8) -> Bool = {
                isDigit($0) || (0x61...0x7A).contains($0.lowered) || [0x20, 0x2E, 0x5F, 0x2D].contains($0)
            }
            if bytes.isEmpty { return false }
            return bytes.allSatisfy(isDigit) && bytes.count <= digits
                || bytes.allSatisfy(isPlain) && bytes.count <= letters
        }
    }
}

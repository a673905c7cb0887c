/// How one account reaches its provider; from the `providers:` section of vestnik.yaml.
package struct AccountSettings: Sendable, Hashable {
    /// `https://…`, `http://…`, `smtp://host:587`, `smtps://host:465`.
    package var baseURL: String
    /// PEM file with the certificates we trust instead of the system's.
    package var caFile: String?
    /// `http://…` or `socks5h://…`; nil means none, whatever the environment says.
    package var proxy: String?
    /// HTTP: from the first byte of connecting to the last byte of the answer. SMTP: to the end of the login; the
    /// dialogue after it has the patience of `SMTPSettings`.
    package var timeout: Duration
    package var connectTimeout: Duration
    package var concurrency: Int
    /// The connection of each request is closed after it, for peers that reset idle connections.
    package var freshConnections: Bool
    /// Idle connections are not reused after this long: below the peer's own keep-alive.
    package var idleLimit: Duration
    /// A unix socket to connect to instead of the host in the URL.
    package var unixSocket: String?
    /// Longer replies are cut and make no sense; bytes.
    package var largestReply = 64 * 1024
    /// A reply that was cut is as good as a whole one: only its status is asked for.
    package var acceptsCutReplies = false
    /// For addresses that strangers name; nil: whatever our own configuration names is reached.
    package var guarded: AddressGuard?
    package init(
        baseURL: String, caFile: String? = nil, proxy: String? = nil, timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10), concurrency: Int = 8, freshConnections: Bool = false,
        idleLimit: Duration = .seconds(20), unixSocket: String? = nil
    ) {
        self.baseURL = baseURL
        self.caFile = caFile
        self.proxy = proxy
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.concurrency = concurrency
        self.freshConnections = freshConnections
        self.idleLimit = idleLimit
        self.unixSocket = unixSocket
    }
}

/// What an SMTP account needs besides. Never changes within an account's life: a changed configuration makes a new
/// account with its own thread (libcurl reuses connections across TLS requirements, CVE-2026-4873).
package struct SMTPSettings: Sendable, Hashable {
    package enum TLS: String, Sendable, CaseIterable {
        /// STARTTLS or smtps, certificate checked; nothing is sent when the server does not offer it.
        case required
        /// For a relay on the same host.
        case none
    }
    package var account: AccountSettings
    package var tls: TLS
    package var user: String?
    package var password: String?
    /// The name we say in EHLO; a host name.
    package var heloName: String
    /// Mails after which a session is closed and another one takes its place, so that balancers before the relay and
    /// changes of its name get their turn. A new session costs four round trips or more and, with TLS, a hundred times
    /// the CPU time of a mail: after a hundred mails that was a tenth of everything. Servers that allow fewer mails say
    /// 421, which costs nobody anything; the usual limit of those that have one is a thousand.
    package var mailsPerSession: Int
    /// Silence allowed after the final dot: long, because the relay may already have taken the mail.
    package var finalReplyTimeout: Duration
    package var patience: Patience
    package init(
        account: AccountSettings, tls: TLS = .required, user: String? = nil, password: String? = nil,
        heloName: String, mailsPerSession: Int = 1000, finalReplyTimeout: Duration = .seconds(600),
        patience: Patience = Patience()
    ) {
        self.account = account
        self.tls = tls
        self.user = user
        self.password = password
        self.heloName = heloName
        self.mailsPerSession = mailsPerSession
        self.finalReplyTimeout = finalReplyTimeout
        self.patience = patience
    }

    /// How long the stages of a dialogue may stand still, after RFC 5321 §4.5.3.2.
    package struct Patience: Sendable, Hashable {
        /// For the reply to MAIL, RCPT or RSET.
        package var envelope: Duration
        /// For the 354.
        package var data: Duration
        /// Without a byte of the content leaving us.
        package var writing: Duration
        /// For the reply to QUIT; nobody waits for it.
        package var quit: Duration
        /// For a session that takes the mail up; a mail that found none is handed back, untouched.
        package var place: Duration
        /// After a refused connection: how long we do with the sessions we have.
        package var growth: Duration
        package init(
            envelope: Duration = .seconds(60), data: Duration = .seconds(120), writing: Duration = .seconds(180),
            quit: Duration = .seconds(2), place: Duration = .seconds(180), growth: Duration = .seconds(10)
        ) {
            self.envelope = envelope
            self.data = data
            self.writing = writing
            self.quit = quit
            self.place = place
            self.growth = growth
        }
    }
}

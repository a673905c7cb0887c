package import Domain

/// How connecting, securing and logging in ended, as a value. Nothing of any mail was said.
package struct SMTPSetUpEnd: Sendable, Hashable {
    package var code: Int
    package var words: String
    /// The last reply that was heard; none if the server never spoke.
    package var reply: SMTPReply?
    package var distrust: Bool
    package var misuse: Bool
    package init(
        code: Int, words: String = "", reply: SMTPReply? = nil, distrust: Bool = false, misuse: Bool = false
    ) {
        self.code = code
        self.words = words
        self.reply = reply
        self.distrust = distrust
        self.misuse = misuse
    }

    private static let loginDenied = 67

    /// Nil when the session stands.
    package var failure: DeliveryFailure? {
        if code == 0 { return nil }
        if distrust { return fail(.untrusted) }
        if misuse { return fail(.misconfigured) }
        let refusal = reply.flatMap { $0.isRefusal ? $0.code : nil }
        // A server whose user table is away says 454; it will know us again.
        if code == Self.loginDenied { return fail(refusal.map { $0 < 500 } == true ? .unreachable : .badCredentials) }
        if let refusal, [530, 534, 535, 538].contains(refusal) { return fail(.badCredentials) }
        return fail(.unreachable)
    }

    private func fail(_ reason: DeliveryFailure.Reason) -> DeliveryFailure {
        guard let reply, reply.isRefusal else { return DeliveryFailure(reason, code: "curl \(code)", detail: words) }
        return DeliveryFailure(reason, code: reply.codes, detail: reply.words, retryAfter: reply.pause(for: reason))
    }
}

extension SMTPSettings {
    /// `smtp://host:587/our.name`: libcurl says the path in EHLO. Both parts come from settings and are checked here on
    /// bytes, because libcurl writes what it is given.
    func url() throws(DeliveryFailure) -> String {
        guard Self.isHostName(heloName) else {
            throw DeliveryFailure(.misconfigured, detail: "the name for EHLO is not a host name")
        }
        var base = account.baseURL
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        for scheme in ["smtp://", "smtps://"] where base.utf8.starts(with: scheme.utf8) {
            let host = base.utf8.dropFirst(scheme.utf8.count)
            guard !host.isEmpty, host.allSatisfy(Self.hostAndPort.contains) else { break }
            return base + "/" + heloName
        }
        throw DeliveryFailure(.misconfigured, detail: "the address of the relay is not smtp://host:port")
    }

    private static let hostName = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-".utf8)
    /// Square brackets and colons for IPv6; no `@`, no path, no query.
    private static let hostAndPort = hostName.union("[]:_".utf8)

    private static func isHostName(_ name: String) -> Bool {
        (1...253).contains(name.utf8.count) && name.utf8.allSatisfy(hostName.contains)
    }
}

package import Delivery
package import Domain

/// What the house allows webhooks; the section `webhooks` of vestnik.yaml.
package struct WebhookRules: Sendable, Hashable {
    /// Networks of ours that webhooks may reach although they are not public; also without TLS.
    package var allowed: [Subnet]
    /// Beside 443 and 8443.
    package var ports: Set<Int>
    /// From the first byte of connecting to the last byte of the answer.
    package var timeout: Duration
    package init(allowed: [Subnet] = [], ports: Set<Int> = [], timeout: Duration = .seconds(15)) {
        self.allowed = allowed
        self.ports = ports
        self.timeout = timeout
    }

    package static let largestURL = 2048
    static let publicPorts: Set<Int> = [443, 8443]

    /// Nil for a URL that may be kept. Where its name leads is found out when it is used: it may lead elsewhere by then.
    package func objection(to url: String) -> Words? {
        guard url.utf8.count <= Self.largestURL, let address = WebAddress(url), !address.host.isEmpty else {
            return address(in: url) == nil ? Self.noURL : Self.noHost
        }
        // As it is written, not as libcurl understands it: the sender asks for the plain form, too.
        let opening = (address.scheme + "://").utf8
        guard url.utf8.starts(with: opening) else { return Self.noURL }
        // libcurl forgives a third slash and takes the path for the host.
        guard url.utf8.dropFirst(opening.count).first != UInt8(ascii: "/") else { return Self.noHost }
        guard address.scheme == "https" || address.scheme == "http" && !allowed.isEmpty else {
            return address.scheme == "http" ? Self.plainNotAllowed : Self.notHTTPS
        }
        if address.hasUser {
            return Words(
                ru: "имя или пароль в адресе не отправляются: проверяйте подпись вместо них",
                en: "a user or password in the address is not sent: check the signature instead")
        }
        if address.hasFragment {
            return Words(ru: "часть после # никуда не отправляется", en: "what follows # is sent nowhere")
        }
        guard let port = address.port, Self.publicPorts.union(ports).contains(port) else { return portNotAllowed }
        return nil
    }

    private func address(in url: String) -> WebAddress? { url.utf8.count <= Self.largestURL ? WebAddress(url) : nil }

    private static let noURL = Words(
        ru: "нужен адрес вида https://узел/путь, до \(largestURL) байт, латиницей без пробелов",
        en: "an address like https://host/path of up to \(largestURL) ASCII bytes without spaces is needed")
    private static let noHost = Words(ru: "в адресе нет узла", en: "the address names no host")
    private static let notHTTPS = Words(ru: "нужен https", en: "https is needed")
    private static let plainNotAllowed = Words(
        ru: "нужен https; без него — только в сети из webhooks.allow",
        en: "https is needed; without it only networks in webhooks.allow are reached")

    private var portNotAllowed: Words {
        let known = Self.publicPorts.union(ports).sorted().map(String.init).joined(separator: ", ")
        return Words(
            ru: "порт закрыт для вебхуков; открыты \(known), другие — в webhooks.ports",
            en: "the port is closed to webhooks; open are \(known), others in webhooks.ports")
    }

    /// How one webhook is reached.
    package func account() -> AccountSettings {
        var account = AccountSettings(
            baseURL: "", timeout: timeout, connectTimeout: min(timeout, .seconds(10)),
            concurrency: WebhookLane.concurrency)
        account.guarded = AddressGuard(allowed: allowed)
        account.acceptsCutReplies = true
        return account
    }
}

package import Delivery
package import Domain

/// A provider that is a description and an account, and nothing else.
package struct DeclaredProvider: HTTPProvider {
    let description: DeclaredDescription
    let settings: ProviderSettings
    let time: TimeSource

    package init(_ description: DeclaredDescription, settings: ProviderSettings, time: TimeSource) {
        self.description = description
        self.settings = settings
        self.time = time
    }

    package func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
        try checkText(submission.content.text)
        let fields = Fields(
            submission, settings: settings, now: time.now().wall, longestLife: description.limits.life)
        let reply = DeclaredReply(description: description.reply, to: submission.to.address)
        let redaction = Redaction(secrets: settings.secrets(in: description.settings), address: submission.to.address)
        let request = try DeclaredRequest(description.send, auth: description.auth, fields).request()
        return HTTPExchange(request) { [time] response throws(DeliveryFailure) in
            do throws(DeliveryFailure) {
                return .done(try reply.receipt(from: response, at: time.now().wall))
            } catch {
                throw redaction(error)
            }
        }
    }

    package func question(about inquiry: Inquiry) throws(DeliveryFailure) -> HTTPQuestion? {
        guard let ask = description.ask else { return nil }
        let fields = Fields(inquiry, settings: settings, now: time.now().wall)
        let request = try DeclaredRequest(ask.send, auth: description.auth, fields).request()
        let answer = DeclaredAnswer(description: ask, inquiry: inquiry)
        return HTTPQuestion(request) { [time] response in answer.finding(in: response, at: time.now().wall) }
    }

    private func checkText(_ text: String) throws(DeliveryFailure) {
        guard !text.utf8.isEmpty else { throw DeliveryFailure(.contentRejected, detail: "the text is empty") }
        guard !text.utf8.contains(0) else { throw DeliveryFailure(.contentRejected, detail: "the text holds a NUL") }
        let parts = SMSParts(text).parts
        if let limit = description.limits.segments, parts > limit {
            throw DeliveryFailure(.tooLong, detail: "\(parts) parts, the provider takes \(limit)")
        }
    }
}

extension ProviderSettings {
    /// All that must not come back in a provider's words.
    func secrets(in settings: [ProviderManifest.Setting]) -> [String] {
        let names = Set(settings.filter(\.secret).map(\.name)).union(["secret", "user"])
        return names.compactMap { named($0) }
    }
}

extension DeclaredDescription {
    package var manifest: ProviderManifest {
        ProviderManifest(
            kind: kind, title: title, channels: Set(channels), settings: settings, base: base,
            concurrency: limits.concurrency, idempotent: idempotent, canBeAsked: ask != nil)
    }

    var entry: Catalog.Entry {
        Catalog.Entry(manifest: manifest) { settings, profile, time throws(CatalogError) in
            if let form = self.limits.sender, let sender = settings.sender, !form.allows(sender) {
                throw CatalogError(
                    "sender",
                    ru: "имя отправителя: до \(form.letters) латинских букв и цифр или до \(form.digits) цифр",
                    en:
                        "a sender name has up to \(form.letters) letters and digits, or up to \(form.digits) digits"
                )
            }
            let provider = DeclaredProvider(self, settings: settings, time: time)
            return HTTPAccount(profile: profile, settings: settings.account, provider: provider)
        }
    }
}

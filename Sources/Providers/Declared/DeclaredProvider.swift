package import Delivery
package import Domain

/// A provider that is a description and an account, and nothing else. What can be prepared before the first message is:
/// carrying one appends bytes and compares bytes.
package struct DeclaredProvider: HTTPProvider {
    private let program: DeclaredProgram

    package init(_ description: DeclaredDescription, settings: ProviderSettings, time: TimeSource) {
        program = DeclaredProgram(description, settings, time)
    }

    package func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
        try program.checkText(submission.content.text)
        let fields = Fields(
            submission, now: program.time.now().wall, longestLife: program.description.limits.life)
        let to = submission.to.address
        return HTTPExchange(try program.send.request(fields)) { [program] response throws(DeliveryFailure) in
            .done(try program.receipt(from: response, to: to))
        }
    }

    package func question(about inquiry: Inquiry) throws(DeliveryFailure) -> HTTPQuestion? {
        guard let ask = program.description.ask, let question = program.question else { return nil }
        let request = try question.request(Fields(inquiry, now: program.time.now().wall))
        let answer = DeclaredAnswer(description: ask, inquiry: inquiry)
        return HTTPQuestion(request) { [time = program.time] response in
            answer.finding(in: response, at: time.now().wall)
        }
    }
}

/// What all exchanges of one account share. A class, so that they share it and nothing prints the secrets written in it.
private final class DeclaredProgram: Sendable {
    let description: DeclaredDescription
    let time: TimeSource
    let send: DeclaredRequest
    let question: DeclaredRequest?
    private let reply: DeclaredReply
    private let secrets: [String]

    init(_ description: DeclaredDescription, _ settings: ProviderSettings, _ time: TimeSource) {
        self.description = description
        self.time = time
        send = DeclaredRequest(description.send, auth: description.auth, settings)
        question = description.ask.map { DeclaredRequest($0.send, auth: description.auth, settings) }
        reply = DeclaredReply(description: description.reply)
        secrets = settings.secrets(in: description.settings)
    }

    func receipt(from response: HTTPResponse, to: Address) throws(DeliveryFailure) -> Receipt {
        do throws(DeliveryFailure) {
            return try reply.receipt(from: response, to: to, at: time)
        } catch {
            throw Redaction(secrets: secrets, address: to)(error)
        }
    }

    func checkText(_ text: String) throws(DeliveryFailure) {
        let bytes = text.utf8
        guard !bytes.isEmpty else { throw DeliveryFailure(.contentRejected, detail: "the text is empty") }
        guard !bytes.contains(0) else { throw DeliveryFailure(.contentRejected, detail: "the text holds a NUL") }
        // A part holds 66 bytes at the least: what cannot be too long is not counted.
        guard let limit = description.limits.segments, bytes.count > limit * 66 else { return }
        let parts = SMSParts(text).parts
        if parts > limit {
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

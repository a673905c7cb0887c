package import Delivery
package import Domain

/// The Bot API of Telegram. https://core.telegram.org/bots/api
///
/// Accepted is final: Telegram reports no delivery and recognises no repeats. The token stands in the URL, so a URL of
/// this provider never goes into a log or a failure.
package struct TelegramProvider: HTTPProvider {
    static let manifest = ProviderManifest(
        kind: "telegram", title: "Telegram", channels: [.telegram], settings: [.init("secret", secret: true)],
        base: "https://api.telegram.org", longestText: 4096,
        // About 30 messages a second in all, one a second into one chat.
        pace: Pace(rate: 30, burst: 30, perChat: .seconds(1)))
    private static let longestCaption = 1024
    private static let largestFiles = 50 << 20

    let base: BaseURL
    let token: Secret
    let time: TimeSource

    init(base: BaseURL, token: Secret, time: TimeSource) {
        self.base = base
        self.token = token
        self.time = time
    }

    /// One request whatever there is to send, so that no part of a message can arrive twice.
    package func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
        let redaction = Redaction(secrets: [token.exposed], address: submission.to.address)
        return HTTPExchange(try request(for: submission)) { response throws(DeliveryFailure) in
            do throws(DeliveryFailure) {
                return .done(try TelegramReply.receipt(from: response, at: time.now().wall))
            } catch {
                throw redaction(error)
            }
        }
    }

    private func request(for submission: Submission) throws(DeliveryFailure) -> HTTPRequest {
        let content = submission.content
        // A group of files carries no buttons.
        let text = try MessengerText(content, for: .telegram, buttonsAllowed: content.attachments.count < 2)
        let limit = content.attachments.isEmpty ? 4096 : Self.longestCaption
        guard text.visibleUnits <= limit else {
            throw DeliveryFailure(.tooLong, detail: "\(text.visibleUnits) characters, Telegram takes \(limit) here")
        }
        guard content.attachments.count <= 10, content.attachments.map(\.bytes.count).reduce(0, +) <= Self.largestFiles
        else {
            throw DeliveryFailure(.tooLong, detail: "Telegram takes 10 files and 50 MB")
        }
        return switch content.attachments.count {
        case 0: message(text, submission)
        case 1: document(text, submission, content.attachments[0])
        default: group(text, submission, content.attachments)
        }
    }

    private func url(_ method: String) -> String { "\(base.text)/bot\(token.exposed)/\(method)" }

    private func message(_ text: MessengerText, _ submission: Submission) -> HTTPRequest {
        var members: [JSONValue.Member] = [
            .init(key: "chat_id", value: .number(submission.to.address.exposed)),
            .init(key: "text", value: .text(text.text)),
            .init(key: "link_preview_options", value: ["is_disabled": true]),
        ]
        if text.isHTML { members.append(.init(key: "parse_mode", value: "HTML")) }
        if let keyboard = keyboard(text) { members.append(.init(key: "reply_markup", value: keyboard)) }
        return HTTPRequest(
            "POST", url("sendMessage"), headers: [.init("Content-Type", "application/json")],
            body: JSONValue.object(members).bytes)
    }

    private func document(_ text: MessengerText, _ submission: Submission, _ file: Attachment) -> HTTPRequest {
        var form = Multipart(for: submission.reference, files: [file])
        form.add("chat_id", submission.to.address.exposed)
        form.add("caption", text.text)
        if text.isHTML { form.add("parse_mode", "HTML") }
        if let keyboard = keyboard(text) { form.add("reply_markup", String(decoding: keyboard.bytes, as: UTF8.self)) }
        form.add("document", file)
        return post("sendDocument", form)
    }

    private func group(_ text: MessengerText, _ submission: Submission, _ files: [Attachment]) -> HTTPRequest {
        var form = Multipart(for: submission.reference, files: files)
        form.add("chat_id", submission.to.address.exposed)
        // Telegram shows the caption of the last document under the whole group.
        let media = files.indices.map { index -> JSONValue in
            var members: [JSONValue.Member] = [
                .init(key: "type", value: "document"), .init(key: "media", value: .text("attach://file\(index)")),
            ]
            if index == files.indices.last {
                members.append(.init(key: "caption", value: .text(text.text)))
                if text.isHTML { members.append(.init(key: "parse_mode", value: "HTML")) }
            }
            return .object(members)
        }
        form.add("media", String(decoding: JSONValue.list(media).bytes, as: UTF8.self))
        for (index, file) in files.enumerated() { form.add("file\(index)", file) }
        return post("sendMediaGroup", form)
    }

    private func post(_ method: String, _ form: Multipart) -> HTTPRequest {
        var form = form
        form.close()
        return HTTPRequest("POST", url(method), headers: [.init("Content-Type", form.contentType)], body: form.body)
    }

    private func keyboard(_ text: MessengerText) -> JSONValue? {
        if text.buttons.isEmpty { return nil }
        return ["inline_keyboard": text.keyboard { ["text": .text($0.title), "url": .text($0.url)] }]
    }

    /// Digits, a colon and the key: anything else would change the path of the URL.
    static func isToken(_ text: String) -> Bool {
        let halves = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return halves.count == 2 && !halves[0].isEmpty && halves[1].count >= 4
            && halves[0].allSatisfy { (0x30...0x39).contains($0) }
            && halves[1].allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0.lowered) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
    }
}

extension TelegramProvider {
    static func account(
        _ settings: ProviderSettings, _ profile: ProviderProfile, _ time: TimeSource
    ) throws(CatalogError) -> any Provider {
        guard let token = settings.secret, isToken(token.exposed) else {
            throw CatalogError(
                "secret", ru: "это не токен бота: нужно 123456:AbC…",
                en: "this is no token of a bot: 123456:AbC… is needed")
        }
        let provider = TelegramProvider(base: try settings.base(), token: token, time: time)
        return HTTPAccount(profile: profile, settings: settings.account, provider: provider)
    }
}

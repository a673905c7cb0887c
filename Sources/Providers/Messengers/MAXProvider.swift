package import Delivery
package import Domain

/// The bot interface of the MAX messenger. https://dev.max.ru/docs-api
///
/// Accepted is final: MAX reports neither delivery nor reading, recognises no repeats, and a bot can write only to
/// people who started it and to chats it was added to.
package struct MAXProvider: HTTPProvider {
    static let manifest = ProviderManifest(
        kind: "max", title: "MAX", channels: [.max, .maxChat],
        settings: [.init("secret", secret: true), .init("upload_hosts", required: false)],
        base: "https://platform-api2.max.ru", longestText: 4000,
        // Two files take two requests each before the message.
        requests: 5,
        // 30 requests a second for all bots of one owner.
        pace: Pace(rate: 30, burst: 30))

    let base: BaseURL
    let token: Secret
    /// Besides MAX's own: hosts that files may be uploaded to, where the interface stands behind another name.
    let uploadHosts: [String]
    let time: TimeSource

    init(base: BaseURL, token: Secret, uploadHosts: [String] = [], time: TimeSource) {
        self.base = base
        self.token = token
        self.uploadHosts = uploadHosts
        self.time = time
    }

    /// With files: for each of them a place to upload to, then the upload, then the message that names their tokens.
    package func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
        let text = try MessengerText(submission.content, for: .max)
        // The field is counted with its tags.
        guard text.text.utf16.count <= 4000 else {
            throw DeliveryFailure(.tooLong, detail: "\(text.text.utf16.count) characters, MAX takes 4000")
        }
        return try step(
            MAXMessage(submission: submission, text: text, tokens: []), files: submission.content.attachments[...])
    }

    func step(_ message: MAXMessage, files: ArraySlice<Attachment>) throws(DeliveryFailure) -> HTTPExchange {
        guard let file = files.first else { return send(message) }
        return upload(file, of: message.submission) { token throws(DeliveryFailure) in
            var message = message
            message.tokens.append(token)
            return try step(message, files: files.dropFirst())
        }
    }

    private func send(_ message: MAXMessage) -> HTTPExchange {
        let request = HTTPRequest(
            "POST", "\(base.text)/messages?\(message.recipient)&disable_link_preview=true",
            headers: [.init("Authorization", token.exposed), .init("Content-Type", "application/json")],
            body: message.body.bytes)
        let redaction = Redaction(secrets: [token.exposed], address: message.submission.to.address)
        return HTTPExchange(request) { response throws(DeliveryFailure) in
            do throws(DeliveryFailure) {
                return .done(try MAXReply.receipt(from: response, at: time.now().wall))
            } catch {
                throw redaction(error)
            }
        }
    }
}

extension MAXProvider {
    static func account(
        _ settings: ProviderSettings, _ profile: ProviderProfile, _ time: TimeSource
    ) throws(CatalogError) -> any Provider {
        let hosts = (settings.values["upload_hosts"] ?? "").utf8.split { $0 == UInt8(ascii: ",") || $0 == 0x20 }
        let provider = MAXProvider(
            base: try settings.base(), token: settings.secret ?? Secret(""),
            uploadHosts: hosts.compactMap { String($0) }, time: time)
        return HTTPAccount(profile: profile, settings: settings.account, provider: provider)
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Synchronization
import Testing

/// Collects answers and lets a test wait for them.
final class Answered: Sendable {
    private let answers = Shared<[Answer]>([])
    var add: @Sendable ([Answer]) -> Void {
        { [answers] batch in answers.change { $0 += batch } }
    }
    var all: [Answer] { answers.value }

    /// Fails the test when they do not come.
    func wait(_ count: Int, within time: Duration = .seconds(30)) async -> [Answer] {
        await until(within: time) { self.all.count >= count }
        #expect(all.count == count)
        return all
    }
}

/// Looks again and again until it is so, or the time is over.
@discardableResult
func until(within time: Duration = .seconds(30), _ isSo: @Sendable () -> Bool) async -> Bool {
    let end = ContinuousClock.now + time
    while !isSo() {
        guard ContinuousClock.now < end else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

extension Provider {
    func carry(_ batch: [Submission]) async -> [Answer] {
        let answered = Answered()
        submit(batch, answer: answered.add)
        return await answered.wait(batch.count)
    }

    func carry(_ submission: Submission) async -> Result<Receipt, DeliveryFailure> {
        await carry([submission]).first?.outcome ?? .failure(DeliveryFailure(.noProvider))
    }
}

extension Result where Failure == DeliveryFailure {
    /// `accepted` or the reason, for tables.
    var word: String {
        switch self {
        case .success: "accepted"
        case .failure(let failure): failure.reason.rawValue
        }
    }
    var failure: DeliveryFailure? { if case .failure(let failure) = self { failure } else { nil } }
}

/// The content's text is the mail, byte by byte.
struct PlainComposer: MailComposer {
    func mail(for submission: Submission) throws(DeliveryFailure) -> Mail {
        if submission.content.text == "broken" { throw DeliveryFailure(.unrenderable) }
        return Mail(
            from: Destination.email("bounce@uk.example").address, to: submission.to.address,
            bytes: Array(submission.content.text.utf8))
    }
}

extension Submission {
    static func mail(_ text: String = "Subject: x\r\n\r\nhello\r\n", id: Int64 = 1, to: String = "anna@example.ru")
        -> Submission
    {
        .sample(Content(text: text), id: id, to: .email(to))
    }
}

extension SMTPAccount {
    static func test(
        _ peer: SMTPPeer, name: String = "mail", concurrency: Int = 1, mailsPerSession: Int = 100,
        timeout: Duration = .seconds(20),
        finalReply: Duration = .seconds(20), idle: Duration = .seconds(20),
        patience: SMTPSettings.Patience = .long, secured: Bool = false
    ) -> SMTPAccount {
        let port = secured ? TLSFront.shared.port(.starttls, before: peer.port) : peer.port
        let account = AccountSettings(
            baseURL: "smtp://127.0.0.1:\(port)", caFile: secured ? Certificates.shared.authority : nil,
            timeout: timeout, connectTimeout: .seconds(10), concurrency: concurrency, idleLimit: idle)
        return SMTPAccount(
            profile: ProviderProfile(id: ProviderID(name)!, channels: [.email], concurrency: concurrency),
            settings: SMTPSettings(
                account: account, tls: secured ? .required : .none, heloName: "gw.example",
                mailsPerSession: mailsPerSession,
                finalReplyTimeout: finalReply, patience: patience),
            composer: PlainComposer())
    }
}

extension SMTPSettings.Patience {
    static let quick = SMTPSettings.Patience(
        envelope: .milliseconds(400), data: .milliseconds(400), writing: .milliseconds(400), quit: .milliseconds(300),
        place: .seconds(20), growth: .milliseconds(200))
    /// For tests in which nobody falls silent: the machine may be busy with others.
    static let long = SMTPSettings.Patience(
        envelope: .seconds(20), data: .seconds(20), writing: .seconds(20), quit: .seconds(20),
        growth: .milliseconds(200))
}

/// POSTs the text; 200 with `id=…` is an acceptance, `err=…` a code of its own, everything else is common.
struct PlainHTTP: HTTPProvider {
    var url: String
    var method = "POST"
    var headers: [HTTPRequest.Header] = []
    var serverErrorsMeanRetry = false
    var delivers = true

    func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
        let body = method == "GET" ? [] : Array(submission.content.text.utf8)
        let path = method == "GET" ? "/send?id=\(submission.reference.text)" : "/send"
        let retry = serverErrorsMeanRetry
        return HTTPExchange(HTTPRequest(method, url + path, headers: headers, body: body), delivers: delivers) {
            response throws(DeliveryFailure) in
            let text = String(decoding: response.body, as: UTF8.self)
            if response.status == 200, text.hasPrefix("id=") {
                return .done(Receipt(providerID: String(text.dropFirst(3))))
            }
            throw HTTPAnswer.common(response, serverErrorsMeanRetry: retry, at: .noon)
        }
    }
}

extension HTTPAccount {
    static func test(
        _ provider: some HTTPProvider, concurrency: Int = 4, timeout: Duration = .seconds(20),
        fresh: Bool = false, idle: Duration = .seconds(20), caFile: String? = nil
    ) -> HTTPAccount {
        let settings = AccountSettings(
            baseURL: "http://127.0.0.1", caFile: caFile, timeout: timeout, connectTimeout: .seconds(10),
            concurrency: concurrency, freshConnections: fresh, idleLimit: idle)
        return HTTPAccount(
            profile: ProviderProfile(id: ProviderID("http")!, channels: [.sms], concurrency: concurrency),
            settings: settings, provider: provider)
    }
}

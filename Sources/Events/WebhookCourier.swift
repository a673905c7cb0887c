package import Delivery
package import Domain
import FoundationEssentials
import Journal

/// How a request leaves: libcurl, or what a test puts in its place.
package protocol WebhookWire: Sendable {
    /// - Throws: where no complete reply came.
    func post(_ request: HTTPRequest) async throws(DeliveryFailure) -> HTTPResponse
    func close() async
}

extension HTTPClient: WebhookWire {
    package func post(_ request: HTTPRequest) async throws(DeliveryFailure) -> HTTPResponse {
        try await exchange(request)
    }
    package func close() async { await shutdown() }
}

/// What came of one request to a receiver.
package struct WebhookAnswer: Sendable, Hashable {
    package enum Verdict: Sendable, Hashable {
        case taken
        /// It will never take anything again.
        case gone
        case notTaken
    }
    package var verdict: Verdict
    /// Nil where no reply came.
    package var code: Int?
    /// Why it was not taken: words of ours, or of libcurl about the connection; never the reply.
    package var error: String?
}

/// Carries one event to one webhook, once.
struct WebhookCourier: Sendable {
    let wire: any WebhookWire

    func carry(_ event: Event, to webhook: Webhook, at now: Date) async -> WebhookAnswer {
        await carry(event.json, named: event.id.text, to: webhook, at: now)
    }

    /// - Parameter name: the same for every attempt, so that the receiver knows a repeat.
    func carry(_ body: [UInt8], named name: String, to webhook: Webhook, at now: Date) async -> WebhookAnswer {
        do throws(DeliveryFailure) {
            return Self.read(try await wire.post(Self.request(body, named: name, to: webhook, at: now)))
        } catch {
            let words = [error.reason.rawValue, error.code, error.detail].compactMap { $0 }.joined(separator: ": ")
            return WebhookAnswer(verdict: .notTaken, error: JournalEntry.Fact("error", words)?.value)
        }
    }

    static func request(_ body: [UInt8], named name: String, to webhook: Webhook, at now: Date) -> HTTPRequest {
        let timestamp = Int(now.timeIntervalSince1970)
        let signature = WebhookSignature.header(
            id: name, timestamp: timestamp, body: body, secrets: webhook.secrets(at: now))
        return HTTPRequest(
            "POST", webhook.url,
            headers: [
                .init("Content-Type", "application/json"), .init(WebhookSignature.idHeader, name),
                .init(WebhookSignature.timestampHeader, "\(timestamp)"),
                .init(WebhookSignature.signatureHeader, signature),
            ], body: body)
    }

    static func read(_ response: HTTPResponse) -> WebhookAnswer {
        switch response.status {
        case 200..<300: WebhookAnswer(verdict: .taken, code: response.status)
        case 410: WebhookAnswer(verdict: .gone, code: 410, error: "HTTP 410: gone")
        case 300..<400:
            WebhookAnswer(
                verdict: .notTaken, code: response.status, error: "HTTP \(response.status): redirects are not followed")
        default: WebhookAnswer(verdict: .notTaken, code: response.status, error: "HTTP \(response.status)")
        }
    }
}

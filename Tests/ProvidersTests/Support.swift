import Delivery
import Domain
import Foundation
import GatewayTesting
import Synchronization
import Testing

@testable import Providers
@testable import Settings

/// What an exchange came to: a receipt, or our word for what went wrong.
enum Ending: Equatable, CustomStringConvertible {
    case receipt(Receipt)
    case failure(DeliveryFailure)
    case next(HTTPRequest)

    var failure: DeliveryFailure? { if case .failure(let failure) = self { failure } else { nil } }
    var receipt: Receipt? { if case .receipt(let receipt) = self { receipt } else { nil } }
    var reason: DeliveryFailure.Reason? { failure?.reason }
    var description: String {
        switch self {
        case .receipt(let receipt): "receipt \(receipt)"
        case .failure(let failure): "\(failure.reason) \(failure.code ?? "-") \(failure.detail ?? "-")"
        case .next(let request): "next \(request.method)"
        }
    }
}

extension HTTPExchange {
    func ending(_ response: HTTPResponse) -> Ending {
        do throws(DeliveryFailure) {
            switch try read(response) {
            case .done(let receipt): return .receipt(receipt)
            case .next(let exchange): return .next(exchange.request)
            }
        } catch {
            return .failure(error)
        }
    }

    /// The link after this one.
    func following(_ response: HTTPResponse) throws -> HTTPExchange {
        guard case .next(let exchange) = try read(response) else {
            Issue.record("the chain ended")
            return self
        }
        return exchange
    }
}

extension HTTPResponse {
    init(_ status: Int, _ body: String, headers: [HTTPRequest.Header] = []) {
        self.init(status, headers: headers, body: Array(body.utf8))
    }
}

extension HTTPRequest {
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension TimeSource {
    static let noon = TimeSource { .noon }
}

extension ProviderSettings {
    static func sample(
        _ kind: String, base: String = "https://sms.example", sender: String? = "UKDOM", secret: String? = "s3cret-key",
        user: String? = nil, values: [String: String] = [:]
    ) -> ProviderSettings {
        ProviderSettings(
            id: ProviderID("sms-a")!, kind: kind, account: AccountSettings(baseURL: base), sender: sender,
            secret: secret.map { Secret($0) }, user: user, values: values)
    }
}

enum Shipped {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Config/providers")
        .path
    static func all() throws -> [String: DeclaredDescription] { try DeclaredFile.all(in: folder) }
    static func provider(_ kind: String) throws -> DeclaredProvider {
        let description = try #require(try all()[kind])
        return DeclaredProvider(description, settings: .sample(kind, user: "vestnik"), time: .noon)
    }
}

extension Destination {
    static func telegram(_ text: String = "42424242") -> Destination { try! Destination(.telegram, text) }
    static func maxChat(_ text: String = "-700800900") -> Destination { try! Destination(.maxChat, text) }
}

extension Provider {
    /// Over the wire: one submission and how it ended.
    func carry(_ submission: Submission) async -> Ending {
        let answers = await withCheckedContinuation { done in submit([submission]) { done.resume(returning: $0) } }
        switch answers.first?.outcome {
        case .success(let receipt): return .receipt(receipt)
        case .failure(let failure): return .failure(failure)
        case nil: return .failure(DeliveryFailure(.noProvider))
        }
    }
}

/// A value that a test changes while others read it.
final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Providers

private let kannel = ProcessInfo.processInfo.environment["VESTNIK_KANNEL"]

/// Against programs we did not write, where the machine has one running:
/// `VESTNIK_KANNEL=http://127.0.0.1:13013 swift test --filter RealPeers` (user foo, password bar).
@Suite("RealPeers", .enabled(if: kannel != nil)) struct RealPeersTests {
    @Test(arguments: [
        ("bar", "Отключение воды 25.11 с 10:00 до 15:00, ул. Ленина, д. 5. Диспетчер: +7 495 123-45-67", nil),
        ("bar", "Payment {due} 15.12: 3250.50 €", nil),
        ("bar", "a&to=1\r\nX-Kannel-To: 2 %0a +", nil),
        ("wrong", "text", DeliveryFailure.Reason.badCredentials),
    ])
    func `Kannel takes what we send`(password: String, text: String, reason: DeliveryFailure.Reason?) async throws {
        let settings = ProviderSettings.sample("kannel", base: try #require(kannel), secret: password, user: "foo")
        let provider = try Catalog.provider(for: settings, declared: try Shipped.all(), time: .noon)
        let answers = await withCheckedContinuation { done in
            provider.submit([.sample(Content(text: text))]) { done.resume(returning: $0) }
        }
        await provider.shutdown()
        #expect(answers.count == 1)
        switch try #require(answers.first).outcome {
        case .success(let receipt): #expect(reason == nil && receipt == Receipt())
        case .failure(let failure): #expect(failure.reason == reason)
        }
    }
}

package import Domain
import Synchronization

/// HTTP for our own use, outside the path of a message: connection checks, look-ups. The same loop, options and
/// classification as for accounts.
package final class HTTPClient: Sendable {
    private let loop: CurlLoop<HTTPTransfers>
    private let lastID = Atomic<UInt64>(0)

    package init(_ settings: AccountSettings) {
        loop = CurlLoop(named: "http-client") { HTTPTransfers(settings, $0.sockets) }
    }

    /// - Parameter delivers: false when a lost answer is safe to repeat: it is `unreachable` then, not `noAnswer`.
    /// - Returns: a complete reply of any status.
    /// - Throws: what became of the request; a cancelled task gets `noAnswer` if the request had begun.
    package func exchange(
        _ request: HTTPRequest, delivers: Bool = true
    ) async throws(DeliveryFailure) -> HTTPResponse {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !loop.post(.begin(call(id, request, delivers, continuation))) {
                    continuation.resume(returning: .failure(.stopped))
                }
                // The handler may have run before the call was in the inbox.
                if Task.isCancelled { _ = loop.post(.cancel(id)) }
            }
        } onCancel: {
            _ = loop.post(.cancel(id))
        }
        return try result.get()
    }

    package func shutdown() async { await loop.stop() }

    private typealias Outcome = Result<HTTPResponse, DeliveryFailure>

    private func call(
        _ id: UInt64, _ request: HTTPRequest, _ delivers: Bool, _ continuation: CheckedContinuation<Outcome, Never>
    ) -> HTTPCall {
        let reply = Reply()
        let exchange = HTTPExchange(request, delivers: delivers) { response in
            reply.response.withLock { $0 = response }
            return .done(Receipt())
        }
        return HTTPCall(id: id, first: { exchange }) { outcome, _ in
            let response = reply.response.withLock { $0 }
            continuation.resume(returning: outcome.flatMap { _ in response.map { .success($0) } ?? .failure(.stopped) })
        }
    }

    private final class Reply: Sendable {
        let response = Mutex<HTTPResponse?>(nil)
    }
}

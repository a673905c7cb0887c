import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Queue
import Settings
import StoreSQLite
import Synchronization

/// What a supervisor asks: is the process alive, can it do its work, which version is it.
enum SystemPages {
    static func server(
        at address: ListenAddress, house: House, started: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let router = Router()
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            do {
                _ = try await house.store.stats(at: Clocks.now())
                return text(.ok, "ok\n")
            } catch {
                return text(.serviceUnavailable, "the database does not answer\n")
            }
        }
        router.get("version") { _, _ in JSONText.line(VersionLine()) + "\n" }
        var quiet = house.logger
        quiet.logLevel = .warning
        return Application(
            router: router,
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: "vestnik"),
            onServerRunning: { channel in started(channel.localAddress?.port ?? address.port) }, logger: quiet)
    }

    private static func text(_ status: HTTPResponse.Status, _ body: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Calls `ready` once, when every listener listens.
final class Readiness: Sendable {
    private let state: Mutex<(left: Int, port: Int)>
    private let ready: @Sendable (Int) -> Void
    init(expected: Int, ready: @escaping @Sendable (Int) -> Void) {
        state = Mutex((expected, 0))
        self.ready = ready
    }
    func one(port: Int?) {
        let port = state.withLock { state -> Int? in
            state.left -= 1
            if let port { state.port = port }
            return state.left == 0 ? state.port : nil
        }
        if let port { ready(port) }
    }
}

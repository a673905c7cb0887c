import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Queue
import Settings
import StoreSQLite
import Synchronization
import Wording

/// What a supervisor asks: is the process alive, can it do its work, which version is it.
enum SystemPages {
    static func server(
        at address: ListenAddress, house: House, started: @escaping @Sendable (ListenAddress) -> Void
    ) -> some ApplicationProtocol {
        let router = Router()
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            if let trouble = house.store.health {
                return text(
                    .serviceUnavailable, "nothing can be recorded: \(trouble.kind.words.en): \(trouble.detail)\n")
            }
            do {
                _ = try await house.store.stats(at: Clocks.now())
                // Held is ready: it accepts, and a restart would change nothing. A person reads the second line.
                let hold = try await house.store.hold()
                return text(
                    .ok,
                    hold.map { "ok\nheld: \($0.reason.rawValue) since \($0.since.ISO8601Format()), nothing is sent\n" }
                        ?? "ok\n")
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
            onServerRunning: { channel in started(bound(channel.localAddress, otherwise: address)) }, logger: quiet)
    }

    /// What the kernel gave us: a free port for 0, the number behind a name.
    private static func bound(_ local: SocketAddress?, otherwise asked: ListenAddress) -> ListenAddress {
        guard let host = local?.ipAddress, let port = local?.port else { return asked }
        return ListenAddress(host: host, port: port)
    }

    private static func text(_ status: HTTPResponse.Status, _ body: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Calls `ready` once, when every listener listens.
final class Readiness: Sendable {
    private let state: Mutex<(left: Int, pages: ListenAddress?)>
    private let ready: @Sendable (ListenAddress?) -> Void
    init(expected: Int, ready: @escaping @Sendable (ListenAddress?) -> Void) {
        state = Mutex((expected, nil))
        self.ready = ready
    }
    /// - Parameter pages: where they listen, from the listener that carries them.
    func one(_ pages: ListenAddress?) {
        let (isLast, address) = state.withLock { state in
            state.left -= 1
            if let pages { state.pages = pages }
            return (state.left == 0, state.pages)
        }
        if isLast { ready(address) }
    }
}

import Domain
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Where the owner of the database listens for the command line: a unix socket (`listen.control`), readable and writable
/// by the owner of the process alone. `curl --unix-socket vestnik.sock http://vestnik/control` reaches it too.
enum ControlSocket {
    /// A socket file outlives a killed process. Only a socket is removed, never a file that somebody named by mistake.
    static func remove(_ path: String) {
        // Not `lstat`: which module owns its struct depends on what the compiler happened to load first.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeSocket else { return }
        unlink(path)
    }

    static func server(
        at path: String, office: Office, logger: Logger, started: @escaping @Sendable () -> Void
    ) -> some ApplicationProtocol {
        let router = Router()
        router.post("control") { request, _ -> Response in
            let body = try await request.body.collect(upTo: 64 << 20)
            guard let command = try? JSONDecoder().decode(Command.self, from: Data(body.readableBytesView)) else {
                return Response(status: .badRequest)
            }
            let language = request.headers[.acceptLanguage].flatMap { Language(rawValue: $0) }
            let reply = await office.speaking(language).handle(command)
            let data = try JSONEncoder().encode(reply)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(bytes: data)))
        }
        remove(path)
        var quiet = logger
        quiet.logLevel = .warning
        return Application(
            router: router, configuration: .init(address: .unixDomainSocket(path: path), serverName: "vestnik"),
            onServerRunning: { _ in started() }, logger: quiet)
    }
}

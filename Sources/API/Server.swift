// The way in for programs: one listener for the house (`listen.api`), one for the world (`listen.public`). A listener is a
// table of routes; each names who may come in, how large its body may be and what happens. Handlers turn a request into a
// call of the stages (Intake, Queue, Policy, Journal) and their answer into JSON, and do nothing else.

import Domain
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// One listener.
package enum Server {
    /// - Parameters:
    ///   - host: a name or an address.
    ///   - port: 0 takes a free one.
    ///   - limits: how long a connection may take; tests cannot wait that long.
    ///   - started: told the host and port that the kernel gave us.
    package static func listener(
        host: String, port: Int, _ table: RouteTable, _ reception: Reception, pace: Pace, connections: Int = 10_000,
        limits: ConnectionLimits = ConnectionLimits(), logger: Logger,
        started: @escaping @Sendable (_ host: String, _ port: Int) -> Void
    ) -> some ApplicationProtocol {
        var quiet = logger
        quiet.logLevel = .warning
        let farewell = Farewell(reception: reception)
        // Asked for every request, and nearly all of them are not among these few.
        let long = RouteTable(table.routes.filter(\.readsAsItComes))
        return Application(
            responder: Responder(table: table, reception: reception, pace: pace),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionClock(limits, farewell) { long.leads($0) }],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))),
            configuration: .init(
                address: .hostname(host, port: port), serverName: "vestnik", backlog: 1024,
                availableConnectionsDelegate: .maximum(connections, logger: quiet)),
            onServerRunning: { channel in
                let local = channel.localAddress
                started(local?.ipAddress ?? host, local?.port ?? port)
            }, logger: quiet)
    }
}

extension RouteTable {
    func leads(_ head: HTTPRequest) -> Bool {
        let path = (head.path ?? "/").utf8.prefix { $0 != UInt8(ascii: "?") }
        return if case .route = find(Method(asking: head.method), path) { true } else { false }
    }
}

import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The listening socket and its connections. The talking is in SMTPDialogue.
final class SMTPServer: Sendable {
    let port: Int
    private let listener: any Channel
    private let connections: Connections

    private init(listener: any Channel, connections: Connections) {
        self.listener = listener
        self.connections = connections
        port = listener.localAddress?.port ?? 0
    }

    static func start(
        _ settings: SandboxSettings, inbox: Inbox, dice: ChaosDice, tls: NIOSSLContext
    ) async throws(SandboxError) -> SMTPServer {
        let surroundings = SMTPSurroundings(settings, inbox: inbox, dice: dice)
        let connections = Connections(limit: settings.maxConnections)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let room = connections.enter(channel)
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .minutes(5)))
                    try channel.pipeline.syncOperations.addHandler(
                        SMTPConnection(surroundings, tls: tls, hasRoom: room))
                }
            }
        do {
            let listener = try await bootstrap.bind(host: settings.host, port: settings.smtpPort).get()
            return SMTPServer(listener: listener, connections: connections)
        } catch {
            throw .portTaken(port: settings.smtpPort, detail: "\(error)")
        }
    }

    func stop() async {
        try? await listener.close()
        await connections.closeAll()
    }

    /// Who is connected: for the cap and for a prompt stop.
    private final class Connections: Sendable {
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
        private let limit: Int

        init(limit: Int) { self.limit = limit }

        /// Whether there is room; the connection is remembered either way until it closes.
        func enter(_ channel: any Channel) -> Bool {
            let key = ObjectIdentifier(channel)
            channel.closeFuture.whenComplete { _ in
                self.open.withLock { _ = $0.removeValue(forKey: key) }
            }
            return open.withLock { open in
                open[key] = channel
                return open.count <= limit
            }
        }

        func closeAll() async {
            for channel in open.withLock({ Array($0.values) }) { try? await channel.close() }
        }
    }
}

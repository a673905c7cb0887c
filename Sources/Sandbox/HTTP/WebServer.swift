import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The HTTP server: counters, REST and page on one port.
final class WebServer: Sendable {
    let port: Int
    private let work: Task<Void, any Error>

    private init(port: Int, work: Task<Void, any Error>) {
        self.port = port
        self.work = work
    }

    static func start(_ settings: SandboxSettings, counters: Counters) async throws(SandboxError) -> WebServer {
        let (ready, announce) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router(counters),
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: .init(
                address: .hostname(settings.host, port: settings.httpPort), serverName: "vestnik-sandbox", backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.maxConnections)),
            onServerRunning: { announce.yield($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .singleton,
            logger: Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() }))
        // Awaited by stop().
        let work = Task {
            defer { announce.finish() }
            try await application.run()
        }
        for await port in ready { return WebServer(port: port, work: work) }
        var detail = "closed"
        if case .failure(let error) = await work.result { detail = "\(error)" }
        throw .portTaken(port: settings.httpPort, detail: detail)
    }

    /// Cancels instead of draining: an answer that is being withheld on purpose would hold up a polite shutdown.
    func stop() async {
        work.cancel()
        _ = await work.result
    }

    private static func router(_ counters: Counters) -> Router<WireContext> {
        let router = Router(context: WireContext.self)
        let settings = counters.settings
        let kannel = KannelCounter(login: settings.login)
        router.get("/cgi-bin/sendsms") { try await counters.serve($0, $1, at: kannel) }
        router.post("/cgi-bin/sendsms") { try await counters.serve($0, $1, at: kannel) }
        let smsc = SMSCCounter(settings, inbox: counters.inbox)
        router.get("/sys/send.php") { try await counters.serve($0, $1, at: smsc) }
        router.post("/sys/send.php") { try await counters.serve($0, $1, at: smsc) }
        router.get("/sys/status.php") { try await counters.serve($0, $1, at: smsc) }
        router.post("/sys/status.php") { try await counters.serve($0, $1, at: smsc) }
        let smsru = SMSRUCounter(settings, inbox: counters.inbox)
        router.get("/sms/send") { try await counters.serve($0, $1, at: smsru) }
        router.post("/sms/send") { try await counters.serve($0, $1, at: smsru) }
        let uploads = Uploads()
        let bots = MaxCounter(uploads: uploads, inbox: counters.inbox)
        router.post("/messages") { try await counters.serve($0, $1, at: bots) }
        let desk = MaxUploadCounter(uploads: uploads)
        router.post("/uploads") { try await counters.serve($0, $1, at: desk) }
        router.post("/uploads/{ticket}") { try await counters.serve($0, $1, at: desk) }
        let telegram = TelegramCounter(inbox: counters.inbox)
        router.post("/bot{token}/sendMessage") { try await counters.serve($0, $1, at: telegram) }
        router.post("/bot{token}/sendDocument") { try await counters.serve($0, $1, at: telegram) }
        InboxResource(counters: counters).addRoutes(to: router)
        Pages(counters: counters).addRoutes(to: router)
        return router
    }
}

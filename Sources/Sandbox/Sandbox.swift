import Foundation
import Hummingbird
import Logging
import NIOPosix
import Synchronization

// The far side of the wire. In production a message leaves for a mail server, an SMS aggregator or a messenger; here
// all of them live on loopback, in one process, and keep what they were given so that a person or a test can look at it.
//
// One SMTP server and one HTTP server. The HTTP server carries the SMS counters (Kannel, SMSC, SMS.ru), MAX and
// Telegram at the paths their originals use, the REST of the inbox under /sandbox, and the page at /.
//
// What arrives goes one way: a counter reads it → the chaos switches may spoil it → the inbox keeps it (and the
// witness file has the line) → only then the answer leaves. It shares no delivery code with the gateway: a mistake
// made on one side is seen on the other. It listens on loopback only and never sends anything elsewhere.

/// The sandbox, running. Made by `start`, ended by `stop`.
package final class Sandbox: Sendable {
    /// Where the SMTP server really listens, on 127.0.0.1.
    package let smtpPort: Int
    /// Where the HTTP server (SMS, messengers, REST, page) really listens, on 127.0.0.1.
    package let httpPort: Int
    /// The certificate that a client must trust for STARTTLS; nil when `certificateFolder` was not given.
    package let caFile: String?

    private let inbox: Inbox
    private let dice: ChaosDice
    private let smtp: SMTPServer
    private let web: WebServer
    private let courier: ReportCourier
    private let stopped = Mutex(false)

    /// The page for people: `http://127.0.0.1:PORT/`.
    package var page: String { "http://127.0.0.1:\(httpPort)/" }

    private init(
        inbox: Inbox, dice: ChaosDice, smtp: SMTPServer, web: WebServer, courier: ReportCourier, caFile: String?
    ) {
        self.inbox = inbox
        self.dice = dice
        self.smtp = smtp
        self.web = web
        self.courier = courier
        self.caFile = caFile
        smtpPort = smtp.port
        httpPort = web.port
    }

    /// Opens both ports; when it returns, clients may connect.
    package static func start(_ settings: SandboxSettings = SandboxSettings()) async throws(SandboxError) -> Sandbox {
        try settings.check()
        let inbox = Inbox(
            capacity: settings.capacity,
            witness: try settings.witnessFile.map { path throws(SandboxError) in
                try Witness(path: path)
            })
        let dice = ChaosDice(chaos: settings.chaos, seed: settings.seed)
        let credentials = try TLSCredentials.make(at: settings.now())
        let caFile = try settings.certificateFolder.map { folder throws(SandboxError) in
            try credentials.writeAuthority(into: folder)
        }
        let courier = ReportCourier(delay: settings.reportDelay)
        let smtp = try await SMTPServer.start(
            settings, inbox: inbox, dice: dice, tls: try credentials.serverContext())
        do {
            let web = try await WebServer.start(
                settings,
                counters: Counters(
                    inbox: inbox, dice: dice, courier: courier, settings: settings, smtpPort: smtp.port))
            courier.start()
            return Sandbox(inbox: inbox, dice: dice, smtp: smtp, web: web, courier: courier, caFile: caFile)
        } catch {
            await smtp.stop()
            throw error
        }
    }

    /// Closes both ports and every connection, at once and without waiting for clients.
    package func stop() async {
        guard
            stopped.withLock({ done in
                defer { done = true }
                return !done
            })
        else { return }
        inbox.close()
        await courier.stop()
        await web.stop()
        await smtp.stop()
    }

    /// Waits until the task that calls it is cancelled, then stops.
    package func runUntilCancelled() async {
        let (never, end) = AsyncStream<Never>.makeStream()
        await withTaskCancellationHandler {
            for await _ in never {}
        } onCancel: {
            end.finish()
        }
        await stop()
    }

    /// The switches as they stand; setting them changes what the next message meets.
    package var chaos: Chaos {
        get { dice.chaos }
        set { dice.chaos = newValue }
    }

    /// What has arrived so far, newest first.
    package func messages(_ filter: InboxFilter = InboxFilter(limit: Int.max)) -> [CapturedMessage] {
        inbox.list(filter)
    }

    /// How many messages were captured since the start, also those that the ring has dropped since.
    package var capturedTotal: Int { inbox.capturedTotal }
}

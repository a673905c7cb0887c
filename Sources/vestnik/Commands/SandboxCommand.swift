import ArgumentParser
import Domain
import Foundation
import Logging
import Sandbox
import ServiceLifecycle
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Песочница: почта, СМС, MAX и Telegram на этой машине · loopback inbox for every channel",
        discussion: "Ничего не уходит в сеть. Входящие видны на странице и по REST; переключатели хаоса — там же.")
    @OptionGroup var options: HouseOptions
    @Option(help: "Порт SMTP; 0 — любой свободный · SMTP port") var smtpPort = 2525
    @Option(help: "Порт HTTP: страница, REST, СМС, MAX, Telegram · HTTP port") var httpPort = 8025
    @Option(help: "Писать каждое пришедшее сообщение строкой JSON в файл · one JSON line per arrival") var witness:
        String?
    @Option(help: "Папка для сертификата STARTTLS · folder for the STARTTLS certificate") var certificates: String?
    @Option(help: "Зерно случайности хаоса · seed of the chaos") var seed: UInt64 = 1
    @Option(help: "Хаос, проценты: email.cut=5, sms.silence=10, delay=200 (мс) · chaos switches, per cent") var chaos:
        [String] = []

    func run() async throws {
        try await report(in: options.language) {
            let settings = SandboxSettings(
                smtpPort: smtpPort, httpPort: httpPort, witnessFile: witness, certificateFolder: certificates,
                chaos: try ChaosFlags.parse(chaos), seed: seed)
            let sandbox: Sandbox
            do throws(SandboxError) { sandbox = try await Sandbox.start(settings) } catch {
                throw Failure(.unavailable, error.words)
            }
            let line = SandboxLine(
                smtp: sandbox.smtpPort, http: sandbox.httpPort, page: sandbox.page, ca: sandbox.caFile)
            Console.print(options.json ? JSONText.line(line) : line.text(options.language))
            try await untilStopped { await sandbox.runUntilCancelled() }
            await sandbox.stop()
        }
    }
}

struct SandboxLine: Encodable {
    var smtp: Int
    var http: Int
    var page: String
    var ca: String?

    func text(_ language: Language) -> String {
        Words(
            ru:
                "Входящие: \(page)\nSMTP 127.0.0.1:\(smtp) · СМС, MAX, Telegram http://127.0.0.1:\(http)\nCtrl-C — остановить",
            en: "Inbox: \(page)\nSMTP 127.0.0.1:\(smtp) · SMS, MAX, Telegram http://127.0.0.1:\(http)\nCtrl-C stops it")(
                language)
    }
}

/// Runs `body` until it ends or until SIGTERM or SIGINT comes.
func untilStopped(_ body: @escaping @Sendable () async throws -> Void) async throws {
    struct One: Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await cancelWhenGracefulShutdown { try await body() } }
    }
    var logger = LoadedSettings.quietLogger
    logger.logLevel = .error
    let group = ServiceGroup(
        configuration: .init(
            services: [.init(service: One(body: body), successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
}

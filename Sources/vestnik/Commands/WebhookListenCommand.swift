import ArgumentParser
import Domain
import Events
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Logging
import NIOCore
import ServiceLifecycle

extension WebhookCommand {
    /// A receiver for developers: checks signatures as a receiver should, and prints what it was told.
    struct Listen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Приёмник на этой машине: проверяет подпись и печатает · a local receiver that checks and prints",
            discussion: """
                Шлюз отправит сюда, если в настройках webhooks.allow: ["127.0.0.1"] и webhooks.ports: [8090].
                The gateway sends here where webhooks.allow has 127.0.0.1 and webhooks.ports has 8090.
                """)
        @OptionGroup var options: HouseOptions
        @Option(help: "whsec_…; или переменная VESTNIK_WEBHOOK_SECRET · or that variable") var secret: String?
        @Option(help: "0: любой свободный · 0 takes a free one") var port = 8090
        @Option(help: "Чем отвечать · the status to answer with") var answer = 204

        func run() async throws {
            try await report(in: options.language) {
                let text = secret ?? ProcessInfo.processInfo.environment["VESTNIK_WEBHOOK_SECRET"] ?? ""
                guard let secret = WebhookSecret(text), (200...599).contains(answer) else {
                    throw Failure(
                        .usage, ru: "нужен --secret whsec_… из vestnik webhook add, и --answer от 200 до 599",
                        en: "--secret whsec_… of vestnik webhook add is needed, and an --answer of 200 to 599")
                }
                let stop = await StopSignals()
                let logger = LoadedSettings.quietLogger
                let server = Self.server(port, answer, secret, options, logger)
                let group = ServiceGroup(
                    configuration: .init(
                        services: [stop, server].map {
                            .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                        }, logger: logger))
                do { try await group.run() } catch {
                    throw Failure(
                        .unavailable, ru: "порт \(port) не открыть: \(error)",
                        en: "port \(port) cannot be opened: \(error)")
                }
            }
        }

        private static func server(
            _ port: Int, _ answer: Int, _ secret: WebhookSecret, _ options: HouseOptions, _ logger: Logger
        ) -> any Service {
            let router = Router()
            router.post("**") { request, _ -> Response in
                let body = try await request.body.collect(upTo: 1 << 20)
                let line = ReceivedLine(request.headers, Array(body.readableBytesView), secret)
                Console.print(options.json ? JSONText.line(line) : line.text(options.language))
                return Response(status: line.verified ? .init(code: answer) : .unauthorized)
            }
            return Application(
                router: router,
                configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "vestnik"),
                onServerRunning: { channel in
                    Console.error("ready http://127.0.0.1:\(channel.localAddress?.port ?? port)/")
                }, logger: logger)
        }
    }
}

private struct ReceivedLine: Encodable {
    var id: String?
    var verified: Bool
    var fault: String?
    var body: String

    init(_ headers: HTTPFields, _ body: [UInt8], _ secret: WebhookSecret) {
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        id = header(WebhookSignature.idHeader)
        self.body = String(decoding: body, as: UTF8.self)
        do throws(WebhookSignature.Fault) {
            try WebhookSignature.check(
                id: id, timestamp: header(WebhookSignature.timestampHeader),
                signature: header(WebhookSignature.signatureHeader), body: body, secret: secret,
                now: Int(Clocks.now().wall.timeIntervalSince1970))
            verified = true
        } catch {
            verified = false
            fault = error.rawValue
        }
    }

    func text(_ language: Language) -> String {
        let mark = verified ? "✓" : "✗ \(fault ?? "")"
        // Words of whoever calls reach a terminal: no control bytes.
        return "\(mark) \(Plain.text(body, limit: 4096))"
    }
}

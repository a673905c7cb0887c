import ArgumentParser
import Bench
import Domain
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Измерить скорость на этой машине рядом с другими · measure the speed beside others",
        discussion: """
            Готовит базу во временной папке, запускает vestnik serve и приёмник на 127.0.0.1 и считает, что дошло.
            Рядом идут Postfix, Kannel, Python (если установлены) и голые циклы. Ничего не уходит в сеть.
            Прогресс — в stderr, таблица или JSON — в stdout. Метод: docs/BENCHMARKS.md
            """,
        subcommands: [BenchSinkCommand.self, BenchThinCommand.self, BenchEmptyCommand.self])
    @OptionGroup var options: HouseOptions
    @Flag(help: "За минуту и без длинных частей · within a minute, without the long parts") var quick = false
    @Flag(help: "Только приём по HTTP · only the way in over HTTP") var intake = false
    @Flag(help: "Ещё и очередь в 10 млн · a queue of 10 M as well") var tenMillion = false
    @Flag(help: "Без Postfix, Kannel и Python · without strangers") var alone = false
    @Option(help: "Сколько кругов · rounds") var rounds: Int?
    @Option(help: "Сообщений в круге · messages per round") var messages: Int?
    @Option(help: "Соединений на провайдера · connections per account") var connections: Int?
    @Option(help: "Сообщений в глубокой очереди · messages in the deep queue") var deep: Int?
    @Option(help: "Где работать: папка на диске · a folder on a disk to work in") var folder: String?
    @Option(help: "Куда измерять: только эта машина · this machine only") var host = "127.0.0.1"
    @Option(help: "Записать диаграмму SVG · write a chart") var chart: String?
    @Flag(help: "Не удалять временную папку · keep the temporary folder") var keep = false

    func run() async throws {
        try await report(in: options.language) {
            do {
                _ = try OnlyLoopback.check(host)
                try await measure()
            } catch let failure as BenchFailure {
                throw Failure(failure)
            }
        }
    }

    private func measure() async throws {
        let resources = try Resources.find(beside: options.config)
        let folder = try BenchFolder(in: folder, providerFiles: resources.path("Config/providers"))
        defer { if !keep { folder.remove() } }
        let scripts = resources.path("Benchmarks/peers")
        let bench = Bench(
            program: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(), folder: folder,
            options: amounts, time: Clocks.time, progress: BenchLines.progress(options.language),
            peerScripts: FileManager.default.fileExists(atPath: scripts) ? scripts : nil)
        let result = try await bench.run()
        if let chart {
            try Data(Chart.svg(result, machine: BenchLines.machine).utf8).write(to: URL(filePath: chart))
        }
        if options.json {
            Console.print(JSONText.line(BenchJSON(figures, result)))
        } else {
            Console.print(BenchLines.text(result, options.language))
        }
    }

    private var figures: [Figure] { intake ? Figure.intake : quick ? Figure.quick : Figure.allCases }

    private var amounts: BenchOptions {
        var amounts = quick ? BenchOptions.quick : BenchOptions()
        if let rounds { amounts.rounds = max(1, rounds) }
        if let messages { amounts.messages = max(1000, messages) }
        if let connections { amounts.connections = min(256, max(1, connections)) }
        if let deep { amounts.deep = max(10_000, deep) }
        amounts.deeper = tenMillion
        amounts.intakeOnly = intake
        amounts.peers = !alone
        return amounts
    }
}

extension Failure {
    init(_ failure: BenchFailure) {
        let code: Code =
            switch failure.kind {
            case .usage: .usage
            case .unavailable: .unavailable
            case .noPermission: .noPermission
            }
        self.init(code, failure.words)
    }
}

/// The far side of the wire, in a process of its own.
struct BenchSinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sink", abstract: "Приёмник, который всё берёт и считает · a sink that takes and counts all",
        shouldDisplay: false)
    @Option(help: "Порт SMTP; 0 — любой свободный") var smtpPort = 0
    @Option(help: "Порт HTTP; 0 — любой свободный") var httpPort = 0
    @Option(help: "Только эта машина") var listen = "127.0.0.1"
    @Option(help: "Задержка ответа, мс") var latency = 0
    @Option(help: "Файл счётчиков") var board: String?

    func run() async throws {
        try await report(in: .en) {
            do {
                let path = board ?? FileManager.default.temporaryDirectory.appending(path: "sink-\(getpid())").path()
                let board = try SinkBoard(path)
                defer { if self.board == nil { unlink(path) } }
                let sink = try Sink(
                    SinkSettings(host: listen, smtpPort: smtpPort, httpPort: httpPort, latency: max(0, latency)), board)
                Console.print("ready smtp=127.0.0.1:\(board[.smtpPort]) http=127.0.0.1:\(board[.httpPort])")
                sink.run(until: [STDIN_FILENO, SinkSignals.descriptor()])
                Console.print(
                    "mails=\(board[.mails]) requests=\(board[.requests]) malformed=\(board[.malformed]) connections=\(board[.connections]) bytes=\(board[.bytes])"
                )
            } catch let failure as BenchFailure {
                throw Failure(failure)
            }
        }
    }
}

/// A bare loop, in a process of its own.
struct BenchThinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thin", abstract: "Голый цикл для сравнения · a bare loop to compare with", shouldDisplay: false)
    @Argument var kind: Thin
    @Option var port: Int
    @Option var count: Int
    // Not `--connections` and `--folder`: the command above would take them for its own.
    @Option var sessions = 32
    @Option var place: String

    func run() async throws {
        try await report(in: .en) {
            do throws(BenchFailure) {
                try kind.run(port: port, count: count, connections: sessions, folder: place)
            } catch {
                throw Failure(error)
            }
        }
    }
}

/// A server that does nothing: what Hummingbird by itself takes.
struct BenchEmptyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "empty", abstract: "Пустой обработчик Hummingbird · an empty Hummingbird handler",
        shouldDisplay: false)

    func run() async throws {
        let router = Router()
        router.post("v1/messages") { _, _ in HTTPResponse.Status.accepted }
        var quiet = Logger(label: "empty")
        quiet.logLevel = .error
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                print("ready \(channel.localAddress?.port ?? 0)")
                fflush(nil)
                // Ends with whoever started it. Not begun before: who reads a line holds what a flush of everything wants.
                Thread.detachNewThread {
                    while readLine() != nil {}
                    Glibc.exit(0)
                }
            }, logger: quiet)
        try await server.run()
    }
}

extension Thin: ExpressibleByArgument {}

// The main event: ourselves and everybody else, in turns, draining durable queues into one sink. In turns, because the
// machine changes from minute to minute and only neighbours can be compared.

import Domain
import Foundation

struct Race {
    let bench: Bench
    let sink: SinkProcess
    private var options: BenchOptions { bench.options }

    func run(into result: inout BenchResult) async throws(BenchFailure) {
        let began = ContinuousClock.now
        let mail = try await prepare("smtp", .mail)
        let sms = try await prepare("http", .sms)
        for round in 1...options.rounds where round == 1 || ContinuousClock.now - began < options.lastRound {
            bench.progress.say(ru: "круг \(round) из \(options.rounds)", en: "round \(round) of \(options.rounds)")
            try await ourselves(.vestnikSMTP, mail, into: &result)
            try await thin(.smtp, .thinSMTP, into: &result)
            try await ourselves(.vestnikHTTP, sms, into: &result)
            try await thin(.http, .libcurl, into: &result)
            guard options.peers, round <= options.strangerRounds else { continue }
            try await stranger(.postfix, options.postfixMails, drainsAtOnce: true, into: &result)
            try await stranger(.kannel, options.kannelMessages, drainsAtOnce: true, into: &result)
            if options.quick { continue }
            try await stranger(.pythonSMTP, options.pythonMessages, drainsAtOnce: false, into: &result)
            try await stranger(.pythonHTTP, options.pythonMessages, drainsAtOnce: false, into: &result)
            try await stranger(.apprise, options.appriseMessages, drainsAtOnce: false, into: &result)
        }
    }

    /// A filled house, and how many of its messages are one round.
    private struct Prepared {
        let house: BenchHouse
        let round: Int
    }

    private func prepare(_ name: String, _ what: BenchMessage) async throws(BenchFailure) -> Prepared {
        let house = try bench.folder.house(name)
        try house.write(settings)
        let fill = try await bench.fill(house)
        defer { fill.close() }
        try await fill.residents(options.residents)
        // A window more, so that the last round does not end in an empty queue, and those that are suppressed.
        let count = options.rounds * (options.messages + options.messages / 20) + options.window
        let queued = try await fill.messages(what, count, among: options.residents, within: options.filling)
        let round = (queued.messages - options.window) / options.rounds
        return Prepared(house: house, round: min(options.messages, max(1000, round - round / 20)))
    }

    private var settings: HouseSettings {
        HouseSettings(
            smtpPort: sink.smtpPort, httpPort: sink.httpPort, connections: options.connections, window: options.window)
    }

    private func ourselves(
        _ who: Contestant, _ ready: Prepared, into result: inout BenchResult
    ) async throws(BenchFailure) {
        bench.progress.say(who.words)
        let rate = try await bench.drain(
            ready.house, into: sink, who.line, ready.round, within: .seconds(options.slice))
        if let rate { result.series[who, default: Series()].rates.append(rate) }
    }

    private func thin(_ kind: Thin, _ who: Contestant, into result: inout BenchResult) async throws(BenchFailure) {
        let folder = bench.folder.root.appending(path: "thin-\(Stopwatch.now())")
        try BenchFolder.make(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let count = options.thinMessages
        let port = kind == .smtp ? sink.smtpPort : sink.httpPort
        let peer = Peer(
            program: bench.program,
            arguments: [
                "bench", "thin", kind.rawValue, "--port", "\(port)", "--count", "\(count)", "--sessions",
                "\(options.connections)", "--place", folder.path(),
            ], drainsAtOnce: false)
        try await run(peer, who, count, into: &result)
    }

    private func stranger(
        _ who: Contestant, _ count: Int, drainsAtOnce: Bool, into result: inout BenchResult
    ) async throws(BenchFailure) {
        guard let script = bench.peerScript(who) else {
            result.series[who, default: Series()].missing = "no Benchmarks/peers here"
            return
        }
        guard result.series[who]?.missing == nil else { return }
        let port = who.line == .mails ? sink.smtpPort : sink.httpPort
        let peer = Peer(
            program: "/usr/bin/env",
            arguments: ["python3"] + script + ["--port", "\(port)", "--count", "\(count)"], drainsAtOnce: drainsAtOnce)
        try await run(peer, who, count, into: &result)
    }

    private func run(
        _ peer: Peer, _ who: Contestant, _ count: Int, into result: inout BenchResult
    ) async throws(BenchFailure) {
        bench.progress.say(who.words)
        let log = bench.folder.root.appending(path: who.rawValue + ".log").path()
        let outcome = try await peer.run(
            sink, who.line, count, log: log, within: .seconds(max(10, options.slice)))
        switch outcome {
        case .rate(let rate): result.series[who, default: Series()].rates.append(rate)
        case .missing(let why): result.series[who, default: Series()].missing = why
        }
    }
}

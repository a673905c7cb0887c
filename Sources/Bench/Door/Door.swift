import Domain
import Foundation
import Glibc

/// The way in over HTTP: one by one and in batches, beside an empty Hummingbird handler and a bare loop of inserts. The
/// queue is held, so that what is measured is accepting.
struct Door {
    let bench: Bench
    private static let residents = 20_000
    private var quick: Bool { bench.options.quick }

    func run(into result: inout BenchResult) async throws(BenchFailure) {
        let house = try bench.folder.house("door")
        // Nobody is sent to: the ports need not answer.
        try house.write(HouseSettings(smtpPort: 9, httpPort: 9))
        let fill = try await bench.fill(house), key: String
        do {
            defer { fill.close() }
            try await fill.residents(Self.residents)
            key = try await fill.key()
        }
        try await Child.run(bench.program, ["queue", "pause", "--config", house.configuration], log: house.log)
        let gateway = try GatewayProcess(bench.program, house)
        let port = try gateway.apiPort()
        try await singly(port, key, &result)
        try slowly(port, key, &result)
        try batches(port, key, gateway.meter, &result)
        try await gateway.stop()
        try insertLoop(&result)
    }

    // MARK: One by one

    private func singly(_ port: Int, _ key: String, _ result: inout BenchResult) async throws(BenchFailure) {
        bench.progress.say(Figure.doorPerSecond.words)
        let count = quick ? 4000 : 20_000
        let empty = try Child(bench.program, ["bench", "empty"], log: bench.folder.root.path() + "/empty.log")
        guard let line = empty.line(within: .seconds(10)), let emptyPort = Int(line.dropFirst("ready ".count)) else {
            throw BenchFailure(.unavailable, ru: "пустой сервер не запустился", en: "the empty server did not start")
        }
        var ours: [Double] = [], theirs: [Double] = []
        // By turns: only what was measured side by side can be compared.
        for round in 0..<(quick ? 1 : 3) {
            let peer = try HTTPLoad(port: emptyPort, connections: 64)
            theirs.append(peer.flood(count) { Self.post($0, key, "e\(round)") }.perSecond)
            let load = try HTTPLoad(port: port, connections: 64)
            let outcome = load.flood(count) { Self.post($0, key, "f\(round)") }
            try Self.check(outcome, count)
            ours.append(outcome.perSecond)
        }
        await empty.end(within: .seconds(5))
        result[.doorPerSecond] = Statistics.median(ours)
        result[.emptyPerSecond] = Statistics.median(theirs)
        result[.doorVsEmpty] = Statistics.median(zip(ours, theirs).map { $0 / $1 })
    }

    private func slowly(_ port: Int, _ key: String, _ result: inout BenchResult) throws(BenchFailure) {
        bench.progress.say(Figure.doorP99.words)
        let count = quick ? 600 : 3000
        func measure(_ name: String) throws(BenchFailure) -> HTTPLoad.Outcome {
            let load = try HTTPLoad(port: port, connections: 64)
            _ = load.steady(200, perSecond: 200) { Self.post($0, key, name + "w") }
            let outcome = load.steady(count, perSecond: 200) { Self.post($0, key, name) }
            try Self.check(outcome, count)
            return outcome
        }
        let alone = try measure("a").latencies
        result[.doorP50] = Statistics.percentile(alone, 0.5)
        result[.doorP99] = Statistics.percentile(alone, 0.99)
        let crowd = SlowClients(1000, port: port, key: key)
        defer { crowd.stop() }
        guard crowd.count == 1000 else {
            throw BenchFailure(
                .unavailable, ru: "1000 соединений не открыть: ulimit -n",
                en: "1,000 connections cannot be opened: ulimit -n")
        }
        let among = try measure("s").latencies
        if let with = Statistics.percentile(among, 0.99), let without = Statistics.percentile(alone, 0.99) {
            result[.slowClients] = with / without
        }
    }

    // MARK: In batches

    private func batches(
        _ port: Int, _ key: String, _ meter: ProcessMeter, _ result: inout BenchResult
    ) throws(BenchFailure) {
        let size = 10_000, rated = quick ? 3 : 10, all = quick ? 5 : 100
        let bar = bench.progress.begin(Figure.batchPerSecond.words, all * size)
        let stream = try BatchStream(port: port, key: key)
        // Made before: what a client spends on its own lines is not the gateway's.
        let bodies = (0..<rated).map { BatchStream.body(size, from: $0 * size, among: Self.residents) }
        var seconds = 0.0, early = 0.0
        for number in 0..<all {
            let body =
                number < rated ? bodies[number] : BatchStream.body(size, from: number * size, among: Self.residents)
            let began = Stopwatch.now()
            let answer = stream.post(body)
            guard answer.status == 202, answer.lines >= size else {
                throw BenchFailure(
                    .unavailable, ru: "пакет не принят: \(answer.status), строк \(answer.lines)",
                    en: "a batch was not taken: \(answer.status), \(answer.lines) lines")
            }
            if number < rated { seconds += Stopwatch.seconds(began, Stopwatch.now()) }
            if number == rated - 1 { early = meter.read().peakMB }
            bar.show((number + 1) * size)
        }
        bar.finish()
        result[.batchPerSecond] = Double(rated * size) / seconds
        result[.batchGrowthMB] = meter.read().peakMB - early
    }

    /// Rows of about the size of a message and its place in the queue, a thousand in a commit.
    private func insertLoop(_ result: inout BenchResult) throws(BenchFailure) {
        let count = quick ? 30_000 : 100_000
        let database = try ThinDatabase(bench.folder.root.appending(path: "insert.db").path())
        let address = Array("+79990000000".utf8), payload = [UInt8](repeating: 0x61, count: 400)
        let began = Stopwatch.now()
        database.fill(count, { _ in address }, payload)
        let rate = Double(count) / Stopwatch.seconds(began, Stopwatch.now())
        result[.insertPerSecond] = rate
        if let ours = result[.batchPerSecond] { result[.batchVsInsert] = ours / rate }
    }

    private static func post(_ number: Int, _ key: String, _ name: String) -> [UInt8] {
        let body = BenchWords.request(.sms, recipient: number % residents, key: "\(name)-\(number)")
        return Array(
            ("POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }

    private static func check(_ outcome: HTTPLoad.Outcome, _ count: Int) throws(BenchFailure) {
        guard outcome.latencies.count == count else {
            throw BenchFailure(
                .unavailable, ru: "отказов: \(outcome.refused) из \(count)",
                en: "\(outcome.refused) of \(count) refused")
        }
    }
}

import Domain

/// A server 50 ms away: what counts is how many conversations are kept going at once. The bound is connections ÷ round
/// trip; a mail takes one round trip because the next envelope travels with the content before it.
struct Far {
    let bench: Bench
    private static let latency = 50
    private static let seconds = 10

    func run(into result: inout BenchResult) async throws(BenchFailure) {
        let sink = try await SinkProcess(bench.program, bench.folder, latency: Self.latency)
        try await measure(.mail, .mails, [(64, .farSMTP64), (256, .farSMTP256)], sink, into: &result)
        try await measure(.sms, .requests, [(64, .farHTTP64), (256, .farHTTP256)], sink, into: &result)
        await sink.stop()
    }

    private func measure(
        _ what: BenchMessage, _ line: Watch.Line, _ cases: [(connections: Int, figure: Figure)], _ sink: SinkProcess,
        into result: inout BenchResult
    ) async throws(BenchFailure) {
        let house = try bench.folder.house("far-\(what.rawValue)")
        for (connections, figure) in cases {
            try house.write(
                HouseSettings(
                    smtpPort: sink.smtpPort, httpPort: sink.httpPort, connections: connections,
                    window: bench.options.window))
            let bound = Double(connections) * 1000 / Double(Self.latency)
            let count = Int(bound) * Self.seconds
            let fill = try await bench.fill(house)
            do {
                defer { fill.close() }
                try await fill.residents(1000)
                _ = try await fill.messages(
                    what, count + count / 20 + bench.options.window, among: 1000, from: connections * 1_000_000)
            }
            bench.progress.say(figure.words)
            // A fifth to open the connections, one after the other as the answers come.
            let rate = try await bench.drain(
                house, into: sink, line, count, warmUp: 0.2, within: .seconds(Self.seconds * 2))
            result[figure] = rate.map { $0.perSecond / bound }
        }
    }
}

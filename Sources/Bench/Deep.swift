import Domain
import Foundation

/// A queue of a million mails: does the rate hold, does the memory, how large is the file, and does an emergency get
/// through.
struct Deep {
    let bench: Bench
    let sink: SinkProcess

    func run(into result: inout BenchResult) async throws(BenchFailure) {
        try await bytes(into: &result)
        try await queue(bench.options.deep, .deepRate, .deepPeakMB, into: &result, withEmergency: true)
        if bench.options.deeper {
            try await queue(10_000_000, .deeperRate, .deeperPeakMB, into: &result, withEmergency: false)
        }
    }

    private func house(_ name: String) throws(BenchFailure) -> BenchHouse {
        let house = try bench.folder.house(name)
        try house.write(
            HouseSettings(
                smtpPort: sink.smtpPort, httpPort: sink.httpPort, connections: bench.options.connections,
                window: bench.options.window))
        return house
    }

    /// What a delivered message leaves in the file: itself, its attempt, its outcome, its journal lines.
    private func bytes(into result: inout BenchResult) async throws(BenchFailure) {
        let house = try house("bytes")
        let fill = try await bench.fill(house)
        try await fill.residents(2000)
        fill.close()
        let before = size(house)
        let again = try await bench.fill(house)
        let queued = try await again.messages(.mail, 30_000, among: 2000)
        again.close()
        bench.progress.say(Figure.bytesPerMessage.words)
        let count = queued.messages - queued.suppressed
        guard
            let rate = try await bench.drain(
                house, into: sink, .mails, count, warmUp: 0.01, within: .seconds(300)),
            rate.messages >= count * 98 / 100
        else { return }
        result[.bytesPerMessage] = Double(size(house) - before) / Double(queued.messages)
    }

    private func size(_ house: BenchHouse) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: house.database)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    private func queue(
        _ count: Int, _ rateFigure: Figure, _ memoryFigure: Figure, into result: inout BenchResult, withEmergency: Bool
    ) async throws(BenchFailure) {
        let house = try house("deep-\(count)")
        let fill = try await bench.fill(house)
        do {
            defer { fill.close() }
            try await fill.residents(bench.options.residents)
            let queued = try await fill.messages(.mail, count, among: bench.options.residents)
            result[.enqueuePerSecond] = queued.perSecond
        }
        bench.progress.say(memoryFigure.words)
        let rate = try await bench.drain(
            house, into: sink, .mails, min(count / 2, 100_000), within: .seconds(60))
        result[memoryFigure] = rate?.peakMB
        if let rate, let shallow = result[.smtpPerSecond] { result[rateFigure] = rate.perSecond / shallow }
        if withEmergency { try await emergency(house, into: &result) }
    }

    // MARK: An emergency among bulk

    private static let emergencies = 1000

    private func emergency(_ house: BenchHouse, into result: inout BenchResult) async throws(BenchFailure) {
        bench.progress.say(Figure.emergencyAll.words)
        let gateway = try GatewayProcess(bench.program, house)
        let client = try await ControlClient(house.control)
        let board = sink.board
        await until(.seconds(20)) { [start = board[.mails]] in board[.mails] > start + 5000 }
        let (bulk, at) = (board[.mails], Stopwatch.now())
        try? await Task.sleep(for: .seconds(3))
        let before = Double(board[.mails] - bulk) / Stopwatch.seconds(at, Stopwatch.now())

        let (start, mails) = (board[.requests], board[.mails])
        let order = ControlClient.order(
            (0..<Self.emergencies).map { BenchWords.request(.emergency, recipient: $0, key: "emergency-\($0)") })
        let began = client.give(order)
        await until(.seconds(60)) { board[.requests] > start }
        let first = Stopwatch.seconds(began, board[.lastRequest])
        await until(.seconds(60)) { board[.requests] >= start + Self.emergencies }
        let all = Stopwatch.seconds(began, board[.lastRequest])
        let meanwhile = Double(board[.mails] - mails) / max(all, 0.001)
        try await gateway.stop()
        guard board[.requests] >= start + Self.emergencies else { return }
        result[.emergencyFirst] = first
        result[.emergencyAll] = all
        if before > 0 { result[.emergencyBulk] = meanwhile / before }
    }

    private func until(_ patience: Duration, _ isSo: () -> Bool) async {
        let deadline = ContinuousClock.now + patience
        while !isSo(), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
    }
}

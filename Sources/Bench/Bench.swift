// `vestnik bench`: how fast the gateway as it runs in production empties a durable queue. It fills a database of its own,
// starts `vestnik serve` over it, counts what arrives at a sink in a third process, and sets others beside it. Nothing of
// the gateway is switched off or faked; only the far side of the wire is ours.

package import Domain
import Foundation

package struct Bench: Sendable {
    /// The binary that is measured: ourselves.
    let program: String
    let folder: BenchFolder
    let options: BenchOptions
    let time: TimeSource
    let progress: BenchProgress
    /// The scripts that start strangers; nil where they are not installed.
    let peerScripts: String?

    package init(
        program: String, folder: BenchFolder, options: BenchOptions, time: TimeSource, progress: BenchProgress,
        peerScripts: String?
    ) {
        self.program = program
        self.folder = folder
        self.options = options
        self.time = time
        self.progress = progress
        self.peerScripts = peerScripts
    }

    package func run() async throws(BenchFailure) -> BenchResult {
        var result = BenchResult()
        if options.intakeOnly {
            try await Door(bench: self).run(into: &result)
            return result
        }
        let sink = try await SinkProcess(program, folder)
        try await Race(bench: self, sink: sink).run(into: &result)
        if !options.quick {
            try await Idle(bench: self, sink: sink).run(into: &result)
            try await Deep(bench: self, sink: sink).run(into: &result)
            await sink.stop()
            try await Far(bench: self).run(into: &result)
            try await Door(bench: self).run(into: &result)
        } else {
            await sink.stop()
        }
        return result
    }

    // MARK: For the parts

    func fill(_ house: BenchHouse) async throws(BenchFailure) -> Fill {
        try await Fill(house, time: time, progress: progress)
    }

    /// Starts the gateway, measures, stops it.
    func drain(
        _ house: BenchHouse, into sink: SinkProcess, _ what: Watch.Line, _ count: Int,
        warmUp: Double = Watch.warmUp, within patience: Duration
    ) async throws(BenchFailure) -> Rate? {
        let gateway = try GatewayProcess(program, house)
        let watch = Watch(board: sink.board, what: what, meter: gateway.meter)
        let rate = await watch.run(count, warmUp: warmUp, within: patience)
        try await gateway.stop()
        return rate
    }

    /// Script and first arguments of a stranger.
    func peerScript(_ who: Contestant) -> [String]? {
        guard let peerScripts else { return nil }
        let words: [String]
        switch who {
        case .postfix: words = ["postfix.py"]
        case .kannel: words = ["kannel.py"]
        case .pythonSMTP: words = ["worker.py", "smtp"]
        case .pythonHTTP: words = ["worker.py", "http"]
        case .apprise: words = ["notifier.py"]
        case .vestnikSMTP, .vestnikHTTP, .thinSMTP, .libcurl: return nil
        }
        let file = peerScripts + "/" + words[0]
        return FileManager.default.fileExists(atPath: file) ? [file] + words.dropFirst() : nil
    }
}

import Domain
import Foundation

/// The sink in a process of its own, and its board.
final class SinkProcess {
    let board: SinkBoard
    private let child: Child
    var smtpPort: Int { board[.smtpPort] }
    var httpPort: Int { board[.httpPort] }

    init(_ program: String, _ folder: BenchFolder, latency: Int = 0) async throws(BenchFailure) {
        let path = folder.board + "-\(latency)-\(Stopwatch.now())"
        board = try SinkBoard(path)
        child = try Child(
            program, ["bench", "sink", "--latency", "\(latency)", "--board", path], log: path + ".log")
        guard child.line(within: .seconds(10)) != nil, board[.httpPort] > 0 else {
            throw BenchFailure(
                .unavailable, ru: "приёмник не запустился, см. \(path).log",
                en: "the sink did not start, see \(path).log")
        }
    }

    func stop() async { await child.end(within: .seconds(5)) }
}

import Domain
import Foundation

/// The bare loops as a peer: prepared, they print `ready PID`, wait for a line, send, and stay until their input ends, so
/// that what they used can still be read.
package enum Thin: String, Sendable, CaseIterable {
    case smtp, http

    package func run(port: Int, count: Int, connections: Int, folder: String) throws(BenchFailure) {
        switch self {
        case .smtp: try smtp(port, count, connections, folder)
        case .http:
            let loop = try ThinHTTP(port: port, connections: connections)
            ready()
            loop.run(count)
        }
        while readLine() != nil {}
    }

    private func smtp(_ port: Int, _ count: Int, _ connections: Int, _ folder: String) throws(BenchFailure) {
        let payload = Array(String(repeating: String(repeating: "y", count: 78) + "\r\n", count: 5).utf8)
        let database = try ThinDatabase(folder + "/thin.db")
        database.fill(count, { Array("kv\($0)@zhiteli.example".utf8) }, payload)
        ready()
        let queue = ThinQueue(holding: count, window: 4096)
        let loop = try ThinSMTP(port: port, sessions: connections, queue: queue)
        // The database belongs to that thread from here on; it is waited for below.
        nonisolated(unsafe) let owned = database
        let ended = Signal()
        let thread = Thread {
            queue.serve(owned)
            ended.call()
        }
        thread.start()
        loop.run(count)
        ended.wait()
    }

    private func ready() {
        print("ready \(getpid())")
        fflush(nil)
        _ = readLine()
    }
}

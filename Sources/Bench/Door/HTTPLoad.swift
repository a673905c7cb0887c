import Domain
import Foundation
import Glibc

/// Requests to a server on this machine over kept-alive connections, from one thread and without a library that would
/// spend time of its own.
final class HTTPLoad {
    struct Outcome {
        /// Milliseconds, of those that were answered with a 2xx.
        var latencies: [Double] = []
        var refused = 0
        var seconds = 0.0
        var perSecond: Double { seconds > 0 ? Double(latencies.count) / seconds : 0 }
    }

    private struct Line {
        let socket: Int32
        /// When its request was due, in nanoseconds; 0: it is free.
        var since = 0
        var heard: [UInt8] = []
    }

    private var lines: [Line]
    private var polls: [pollfd]
    private let port: Int
    private var chunk = [UInt8](repeating: 0, count: 16_384)
    /// Nanoseconds without a single answer after which the rest counts as refused.
    private static let patience = 30_000_000_000

    init(port: Int, connections: Int) throws(BenchFailure) {
        self.port = port
        lines = try (0..<connections).map { _ throws(BenchFailure) in
            guard let socket = LoopbackSocket.connect("127.0.0.1", port) else {
                throw BenchFailure(.unavailable, ru: "шлюз не отвечает", en: "the gateway does not answer")
            }
            return Line(socket: socket)
        }
        polls = lines.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
    }

    deinit { for line in lines { close(line.socket) } }

    /// Each connection asks again as soon as it was answered: how much goes through.
    func flood(_ count: Int, _ request: (Int) -> [UInt8]) -> Outcome {
        run(count, due: { _ in 0 }, request)
    }

    /// Requests come at their times, whether the server keeps up or not; a latency counts from that time, so that a
    /// server that stands still is not asked less.
    func steady(_ count: Int, perSecond: Int, _ request: (Int) -> [UInt8]) -> Outcome {
        let began = Stopwatch.now()
        return run(count, due: { began + $0 * 1_000_000_000 / perSecond }, request)
    }

    private func run(_ count: Int, due: (Int) -> Int, _ request: (Int) -> [UInt8]) -> Outcome {
        var outcome = Outcome(), sent = 0, ended = 0
        let began = Stopwatch.now()
        var free = Array(lines.indices), last = began
        while ended < count {
            while sent < count, !free.isEmpty, due(sent) <= Stopwatch.now() {
                // The one that rested longest: all connections are in use, and none is idle until the server ends it.
                let place = free.removeFirst()
                lines[place].since = max(due(sent), due(sent) == 0 ? Stopwatch.now() : 0)
                Self.send(request(sent), lines[place].socket)
                sent += 1
            }
            guard Stopwatch.now() - last < Self.patience else {
                outcome.refused += count - ended
                break
            }
            wait(until: sent < count && !free.isEmpty ? due(sent) : nil)
            for place in lines.indices where polls[place].revents != 0 {
                guard let status = hear(place) else { continue }
                if (200..<300).contains(status) {
                    outcome.latencies.append(Double(Stopwatch.now() - lines[place].since) / 1e6)
                } else {
                    outcome.refused += 1
                }
                lines[place].since = 0
                ended += 1
                last = Stopwatch.now()
                free.append(place)
            }
        }
        outcome.seconds = Stopwatch.seconds(began, Stopwatch.now())
        return outcome
    }

    private func wait(until due: Int?) {
        let nanoseconds = due.map { max(0, $0 - Stopwatch.now()) } ?? 1_000_000_000
        // Milliseconds are too coarse for what is due within one; a tenth of it costs nobody a processor.
        if (1..<1_000_000).contains(nanoseconds) { usleep(100) }
        _ = poll(&polls, nfds_t(polls.count), Int32(nanoseconds / 1_000_000))
    }

    /// The status of a whole answer; nil: there is more to come, or nothing had been asked. 0: the connection ended before
    /// it answered.
    private func hear(_ place: Int) -> Int? {
        let count = read(lines[place].socket, &chunk, chunk.count)
        let isAsked = lines[place].since != 0
        guard count > 0 else {
            renew(place)
            return isAsked ? 0 : nil
        }
        lines[place].heard += chunk[..<count]
        guard let status = HTTPAnswerScan.whole(lines[place].heard) else { return nil }
        lines[place].heard.removeAll(keepingCapacity: true)
        // To an idle connection a server says 408 before it ends it.
        return isAsked ? status : nil
    }

    /// A connection that ended makes room for a new one: a request on a dead one would never be answered.
    private func renew(_ place: Int) {
        guard let socket = LoopbackSocket.connect("127.0.0.1", port) else {
            polls[place].fd = -1
            return
        }
        close(lines[place].socket)
        lines[place] = Line(socket: socket)
        polls[place] = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    }

    static func send(_ bytes: [UInt8], _ socket: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// As much of an answer as a measurement needs to know.
package enum HTTPAnswerScan {
    private static let end = Array("\r\n\r\n".utf8), last = Array("\r\n0\r\n\r\n".utf8)

    /// The status, once all of it is there; nil before.
    package static func whole(_ bytes: [UInt8]) -> Int? {
        guard let gap = bytes.firstRange(of: end), bytes.count > 12 else { return nil }
        let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        if let length = number("content-length", bytes) {
            return bytes.count - gap.upperBound >= length ? status : nil
        }
        return bytes.suffix(last.count).elementsEqual(last) ? status : nil
    }

    /// - Parameter name: of a header, in small letters.
    /// - Returns: its value where it is a whole number; nil where the head is not there yet or does not have it.
    package static func number(_ name: String, _ bytes: [UInt8]) -> Int? {
        guard let gap = bytes.firstRange(of: end) else { return nil }
        let head = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self).lowercased()
        for line in head.utf8.split(separator: 0x0A) where line.starts(with: "\(name):".utf8) {
            let value = line.dropFirst(name.utf8.count + 1).filter { $0 != 0x20 && $0 != 0x0D }
            return Int(String(decoding: value, as: UTF8.self))
        }
        return nil
    }
}

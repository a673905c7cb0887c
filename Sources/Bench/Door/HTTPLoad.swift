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
    private var chunk = [UInt8](repeating: 0, count: 16_384)

    init(port: Int, connections: Int) throws(BenchFailure) {
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
        var free = Array(lines.indices)
        while ended < count {
            while sent < count, !free.isEmpty, due(sent) <= Stopwatch.now() {
                let place = free.removeLast()
                lines[place].since = max(due(sent), due(sent) == 0 ? Stopwatch.now() : 0)
                Self.send(request(sent), lines[place].socket)
                sent += 1
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

    /// The status of a whole answer; nil: there is more to come. 0: the connection ended.
    private func hear(_ place: Int) -> Int? {
        let count = read(lines[place].socket, &chunk, chunk.count)
        guard count > 0 else {
            polls[place].fd = -1
            return lines[place].since == 0 ? nil : 0
        }
        lines[place].heard += chunk[..<count]
        guard let status = HTTPAnswerScan.whole(lines[place].heard) else { return nil }
        lines[place].heard.removeAll(keepingCapacity: true)
        return status
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
enum HTTPAnswerScan {
    private static let end = Array("\r\n\r\n".utf8), last = Array("\r\n0\r\n\r\n".utf8)

    /// The status, once all of it is there; nil before.
    static func whole(_ bytes: [UInt8]) -> Int? {
        guard let gap = bytes.firstRange(of: end), bytes.count > 12 else { return nil }
        let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        let head = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self).lowercased()
        for line in head.utf8.split(separator: 0x0A) where line.starts(with: "content-length:".utf8) {
            let length = line.drop { !(0x30...0x39).contains($0) }.prefix { (0x30...0x39).contains($0) }
                .reduce(0) { $0 * 10 + Int($1) - 0x30 }
            return bytes.count - gap.upperBound >= length ? status : nil
        }
        return bytes.suffix(last.count).elementsEqual(last) ? status : nil
    }
}

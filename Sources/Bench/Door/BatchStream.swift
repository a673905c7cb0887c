import Domain
import Foundation
import Glibc

/// Batches as lines of JSON over one kept-alive connection, written and read at the same time: the gateway answers items
/// while later ones are still on their way.
final class BatchStream {
    private let socket: Int32
    private let key: String

    init(port: Int, key: String) throws(BenchFailure) {
        guard let socket = LoopbackSocket.connect("127.0.0.1", port) else {
            throw BenchFailure(.unavailable, ru: "шлюз не отвечает", en: "the gateway does not answer")
        }
        self.socket = socket
        self.key = key
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit { close(socket) }

    /// - Parameters:
    ///   - first: number of the first message; the same number twice is one message.
    ///   - residents: how many there are.
    static func body(_ count: Int, from first: Int, among residents: Int) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(count * 200)
        for number in first..<(first + count) {
            body += BenchWords.request(.sms, recipient: number % residents, key: "batch-\(number)").utf8
            body.append(0x0A)
        }
        return body
    }

    /// - Returns: the status, and the lines of the answer.
    func post(_ body: [UInt8]) -> (status: Int, lines: Int) {
        let head =
            "POST /v1/messages/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\n"
            + "Content-Type: application/x-ndjson\r\nContent-Length: \(body.count)\r\n\r\n"
        let request = Array(head.utf8) + body
        var sent = 0, heard: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 262_144)
        let deadline = Stopwatch.now() + 120_000_000_000
        while Stopwatch.now() < deadline {
            var waiting = pollfd(
                fd: socket, events: Int16(POLLIN) | (sent < request.count ? Int16(POLLOUT) : 0), revents: 0)
            guard poll(&waiting, 1, 1000) > 0 else { continue }
            if waiting.revents & Int16(POLLOUT) != 0 {
                let count = request[sent...].withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, min($0.count, 262_144), Int32(MSG_NOSIGNAL))
                }
                if count > 0 { sent += count }
            }
            guard waiting.revents & Int16(POLLIN) != 0 else { continue }
            let count = read(socket, &chunk, chunk.count)
            guard count > 0 else { break }
            heard += chunk[..<count]
            // Looked for at the end only: an answer of a megabyte is not searched again with each piece.
            if sent == request.count, let status = HTTPAnswerScan.whole(heard) {
                return (status, heard.count { $0 == UInt8(ascii: "}") })
            }
        }
        return (0, 0)
    }
}

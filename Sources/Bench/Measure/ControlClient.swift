import Domain
import Foundation
import Glibc

/// Gives messages to a running gateway over its control socket, one keep-alive connection, without a library that would
/// spend time of its own.
final class ControlClient {
    private let descriptor: Int32

    /// Waits until the gateway listens.
    init(_ path: String, within patience: Duration = .seconds(20)) async throws(BenchFailure) {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if let connected = Self.connect(path) {
                descriptor = connected
                return
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw BenchFailure(.unavailable, ru: "шлюз не отвечает", en: "the gateway does not answer")
    }

    deinit { close(descriptor) }

    private static func connect(_ path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if connected { return descriptor }
        close(descriptor)
        return nil
    }

    private struct Order: Encodable {
        struct Send: Encodable {
            let requests: [String]
            let client = "bench"
            let dryRun = false
        }
        let send: Send
    }

    static func order(_ requests: [String]) -> [UInt8] {
        let body = (try? JSONEncoder().encode(Order(send: .init(requests: requests)))) ?? Data()
        let head =
            "POST /control HTTP/1.1\r\nHost: vestnik\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// - Returns: when the first byte left.
    func give(_ order: [UInt8]) -> Int {
        let at = Stopwatch.now()
        var rest = order[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return at
    }

    /// Reads the answer to its end; whether it was 200.
    func hear(within patience: Duration = .seconds(60)) -> Bool {
        let deadline = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while ContinuousClock.now < deadline {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 1000) > 0 else { continue }
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return false }
            bytes += chunk[..<count]
            if Self.isWhole(bytes) { return bytes.starts(with: "HTTP/1.1 200".utf8) }
        }
        return false
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        return bytes.count - end.upperBound >= length ?? 0
    }
}

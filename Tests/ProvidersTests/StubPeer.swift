import Foundation
import Glibc

/// Answers each connection with the same bytes once it has read a request, and closes it: a gateway in front of a
/// provider, of which nobody knows what lies behind it.
final class StubPeer: Sendable {
    let url: String
    private let socket: Int32

    init(_ status: Int, _ body: String) {
        let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 16) == 0
                    && getsockname(listening, $0, &length) == 0
            }
        }
        precondition(bound, "no socket on loopback")
        socket = listening
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        let reply = Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        Thread.detachNewThread {
            while case let connection = accept(listening, nil, nil), connection >= 0 {
                Self.serve(connection, reply)
                Glibc.close(connection)
            }
            Glibc.close(listening)
        }
    }

    deinit { Glibc.shutdown(socket, Int32(SHUT_RDWR)) }

    /// The whole request is read first, as far as its Content-Length says: a close over unread bytes is a reset.
    private static func serve(_ connection: Int32, _ reply: [UInt8]) {
        var request: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65_536)
        while !isWhole(String(decoding: request, as: UTF8.self)) {
            let count = recv(connection, &room, room.count, 0)
            guard count > 0 else { return }
            request += room[..<count]
        }
        _ = Glibc.send(connection, reply, reply.count, Int32(MSG_NOSIGNAL))
    }

    private static func isWhole(_ request: String) -> Bool {
        let halves = request.components(separatedBy: "\r\n\r\n")
        guard halves.count > 1 else { return false }
        let length = halves[0].lowercased().components(separatedBy: "content-length:").dropFirst().first
        let size = length.flatMap { Int($0.prefix { $0 != "\r\n" }.trimmingCharacters(in: .whitespaces)) } ?? 0
        return halves.dropFirst().joined(separator: "\r\n\r\n").utf8.count >= size
    }
}

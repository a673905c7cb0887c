import Foundation
import Glibc

/// A client that writes exactly the bytes it is given: what no decent library would send can be sent with it.
struct Wire {
    struct Reply {
        var status: Int
        /// Lower-case names.
        var headers: [String: String]
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:] }
        var code: String? { json["code"] as? String }
    }

    let port: Int

    /// One request on a connection of its own.
    func ask(
        _ method: String, _ target: String, key: String? = "vk_live_billing", headers: [String: String] = [:],
        json body: String? = nil
    ) async -> Reply {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: x", "Connection: close"]
        if let key { lines.append("Authorization: Bearer \(key)") }
        for (name, value) in headers { lines.append("\(name): \(value)") }
        if let body {
            if !headers.keys.contains(where: { $0.lowercased() == "content-type" }) {
                lines.append("Content-Type: application/json")
            }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return await send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).utf8))
    }

    /// On a thread of its own: the few threads of the pool, Dispatch's among them, are the server's, too.
    /// - Returns: status 0 where the connection ended without an answer.
    func send(_ bytes: [UInt8], patience seconds: Int = 20) async -> Reply {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let socket = open(patience: seconds)
                defer { close(socket) }
                Self.write(bytes, to: socket)
                continuation.resume(returning: Self.parse(Self.readAll(socket)))
            }
        }
    }

    func open(patience seconds: Int = 20) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return socket
    }

    static func write(_ bytes: [UInt8], to socket: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    static func readAll(_ socket: Int32) -> [UInt8] {
        var all: [UInt8] = [], room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &room, room.count, 0)
            if count <= 0 { return all }
            all += room[..<count]
        }
    }

    static func parse(_ bytes: [UInt8]) -> Reply {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let split = text.range(of: "\r\n\r\n") else { return Reply(status: 0, headers: [:], body: []) }
        let head = text[..<split.lowerBound].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let status = head.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
        let length = text[..<split.upperBound].utf8.count
        return Reply(status: status, headers: headers, body: Array(bytes[length...]))
    }
}

import Foundation
import Subprocess
import Testing

@testable import Sandbox

/// Blocking work on a thread of its own: the sandbox under test needs the cooperative threads for itself.
func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
    }
}

/// A plain TCP connection to a port of this machine: the bytes that a test says and hears are the bytes on the wire.
final class Wire {
    struct Lost: Error {}
    private let descriptor: Int32
    private var heard: [UInt8] = []
    private(set) var isClosed = false

    init(_ port: Int, patience seconds: Int = 20) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        waitsAtMost(seconds)
        var address = Wire.loopback(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw Lost() }
    }

    deinit { close(descriptor) }

    /// For what is expected not to come: a short patience from the start would also give up on a busy machine.
    func waitsAtMost(_ seconds: Int) {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    func say(_ text: String) throws { try say(Array(text.utf8)) }

    func say(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Lost() }
            rest = rest.dropFirst(count)
        }
    }

    /// More bytes; false at the end of the connection or of the patience.
    private func hear() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { heard += buffer[..<count] }
        // A time-out is not an end.
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) { isClosed = true }
        return count > 0
    }

    /// nil when none came.
    func line() -> String? {
        while true {
            if let end = heard.firstIndex(of: 10) {
                let line = String(decoding: heard[..<end], as: UTF8.self)
                heard.removeFirst(end + 1)
                return line.hasSuffix("\r") ? String(line.unicodeScalars.dropLast()) : line.replacing("\r", with: "")
            }
            guard hear() else { return nil }
        }
    }

    /// A whole SMTP reply, lines joined by `|`; empty when none came.
    func reply() -> String {
        var lines: [String] = []
        while let line = line() {
            lines.append(line)
            if line.utf8.count < 4 || Array(line.utf8)[3] != UInt8(ascii: "-") { break }
        }
        return lines.joined(separator: "|")
    }

    func everything() -> [UInt8] {
        while hear() {}
        defer { heard = [] }
        return heard
    }
}

struct HTTPAnswer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: String
    /// The connection was closed without a single byte.
    var isNothing: Bool { status == 0 }

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let halves = text.components(separatedBy: "\r\n\r\n")
        let lines = halves[0].components(separatedBy: "\r\n")
        status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = lines.dropFirst().reduce(into: [:]) { headers, line in
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
        body = halves.dropFirst().joined(separator: "\r\n\r\n")
    }

    var json: JSONValue? { JSONValue(bytes: Array(body.utf8)) }
}

extension Sandbox {
    @discardableResult
    func http(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = "", patience: Int = 20
    ) async throws -> HTTPAnswer {
        try await http(method, path, headers, bytes: Array(body.utf8), patience: patience)
    }

    @discardableResult
    func http(
        _ method: String, _ path: String, _ headers: [String: String] = [:], bytes: [UInt8], patience: Int = 20
    ) async throws -> HTTPAnswer {
        let port = httpPort
        return try await offPool {
            let wire = try Wire(port, patience: patience)
            var head = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
            if headers["Host"] == nil { head += "Host: 127.0.0.1:\(port)\r\n" }
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            if !bytes.isEmpty { head += "Content-Length: \(bytes.count)\r\n" }
            try wire.say(Array((head + "\r\n").utf8) + bytes)
            return HTTPAnswer(wire.everything())
        }
    }

    func form(_ path: String, _ body: String) async throws -> HTTPAnswer {
        try await http("POST", path, ["Content-Type": "application/x-www-form-urlencoded"], body: body)
    }

    /// The replies to these lines, said one after another.
    func smtp(_ lines: [String]) async throws -> [String] {
        let port = smtpPort
        return try await offPool {
            let wire = try Wire(port)
            var replies = [wire.reply()]
            for line in lines {
                try wire.say(line + "\r\n")
                replies.append(wire.reply())
            }
            return replies
        }
    }

    /// The reply after the dot to a small mail.
    func mail(to: String = "anna@example.ru", _ content: String = "Subject: hi\r\n\r\ntext") async throws -> String {
        try await smtp([
            "EHLO test", "MAIL FROM:<uk@example.ru>", "RCPT TO:<\(to)>", "DATA", content + "\r\n.",
        ]).last ?? ""
    }
}

/// A sandbox for the time of a test.
func withSandbox<Result>(
    _ settings: SandboxSettings = SandboxSettings(), _ body: (Sandbox) async throws -> Result
) async throws -> Result {
    let sandbox = try await Sandbox.start(settings)
    do {
        let result = try await body(sandbox)
        await sandbox.stop()
        return result
    } catch {
        await sandbox.stop()
        throw error
    }
}

func settings(_ change: (inout SandboxSettings) -> Void) -> SandboxSettings {
    var settings = SandboxSettings()
    change(&settings)
    return settings
}

/// Asks again until it is so, for at most ten seconds.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<1_000 {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}

func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// The strangers are optional: a machine may have Swift and nothing else.
let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/python3")
}

/// A program by somebody else, as far from our own code as a client can be.
func python(_ script: String, _ arguments: [String]) async throws -> (output: String, isFine: Bool) {
    let result = try await run(
        .name("python3"), arguments: Arguments(["-c", script] + arguments), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
    return (result.standardOutput + result.standardError, result.terminationStatus.isSuccess)
}

/// Listens where delivery reports go, and keeps what it was asked.
final class Receiver: Sendable {
    let port: Int
    private let listener: Int32

    init() throws {
        let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = opened
        var address = Wire.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(opened, pointer, size) == 0 && listen(opened, 64) == 0 && getsockname(opened, pointer, &size) == 0
            }
        }
        guard bound else { throw Wire.Lost() }
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    /// The next request, head and body; nil when none comes in this many milliseconds.
    func next(within milliseconds: Int32 = 5_000) async throws -> String? {
        let listener = listener
        return try await offPool { () -> String? in
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, milliseconds) == 1 else { return nil }
            let connection = accept(listener, nil, nil)
            defer { close(connection) }
            var heard: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = recv(connection, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                heard += buffer[..<count]
                let text = String(decoding: heard, as: UTF8.self)
                guard let end = text.range(of: "\r\n\r\n") else { continue }
                let length = HTTPAnswer(heard).headers["content-length"].flatMap { Int($0) } ?? 0
                if text[end.upperBound...].utf8.count >= length { break }
            }
            let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
            send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            return String(decoding: heard, as: UTF8.self)
        }
    }
}

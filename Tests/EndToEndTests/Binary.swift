import Foundation
import Synchronization
import Testing

/// The built `vestnik`, run as users run it.
enum Binary {
    /// Beside the test bundle, where the build put both.
    static let url: URL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "vestnik")

    struct Output: Sendable {
        let code: Int32
        let out: String
        let err: String

        /// Standard output as one JSON object a line.
        var lines: [[String: Any]] {
            out.split(separator: "\n").compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
        }
    }

    /// Runs to its end, at most `seconds`; after that it is killed and the test fails.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], within seconds: Double = 60
    ) async throws -> Output {
        try await run(arguments, environment: environment, within: seconds)
    }

    static func run(
        _ arguments: [String], environment: [String: String] = [:], within seconds: Double = 60
    ) async throws -> Output {
        let running = try Running(arguments, environment: environment)
        let code = try await running.end(within: seconds)
        return Output(code: code, out: running.out.text, err: running.err.text)
    }
}

/// A process of ours that goes on while the test looks at it. Killed when the test lets go of it.
final class Running: Sendable {
    let process: Process
    let out = Pouring()
    let err = Pouring()

    init(_ arguments: [String], program: URL = Binary.url, environment: [String: String] = [:]) throws {
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        var all = ProcessInfo.processInfo.environment
        // Everything here is on this machine. A proxy that is set, or that another test sets for itself, is not for us.
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            all[name] = nil
        }
        all["VESTNIK_LANG"] = "en"
        all["NO_COLOR"] = "1"
        all.merge(environment) { $1 }
        process.environment = all
        process.standardOutput = out.pipe
        process.standardError = err.pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The first line on either stream that holds `text`.
    func line(with text: String, within seconds: Double = 30) async throws -> String {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline, process.isRunning {
            if let line = found(text) { return line }
            try await Task.sleep(for: .milliseconds(20))
        }
        // What was written last may still be on its way to us.
        if !process.isRunning {
            await out.finish()
            await err.finish()
        }
        if let line = found(text) { return line }
        throw HarnessError("no line with «\(text)»; stderr: \(err.text) stdout: \(out.text.suffix(2000))")
    }

    private func found(_ text: String) -> String? {
        [err, out].lazy.compactMap { stream in
            stream.text.split(separator: "\n").first { $0.contains(text) }.map(String.init)
        }.first
    }

    func end(within seconds: Double) async throws -> Int32 {
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning {
            if Date() > deadline {
                kill(process.processIdentifier, SIGKILL)
                throw HarnessError("still running after \(seconds) s; stderr: \(err.text.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        await out.finish()
        await err.finish()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }
}

struct HarnessError: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
}

/// What a process has written so far.
final class Pouring: Sendable {
    let pipe = Pipe()
    private let state = Mutex((data: Data(), ended: false))

    init() {
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let chunk = handle.availableData
            guard let self else { return }
            if chunk.isEmpty {
                handle.readabilityHandler = nil
                state.withLock { $0.ended = true }
            } else {
                state.withLock { $0.data.append(chunk) }
            }
        }
    }

    var text: String { state.withLock { String(decoding: $0.data, as: UTF8.self) } }

    /// For a process that has ended: what it wrote is in the pipe by now. The end of the pipe is sometimes never reported, and
    /// a grandchild may hold it open; so what is left is taken after a moment, and nobody waits for more.
    func finish() async {
        for _ in 0..<20 where !state.withLock({ $0.ended }) { try? await Task.sleep(for: .milliseconds(10)) }
        if state.withLock({ $0.ended }) { return }
        let handle = pipe.fileHandleForReading
        handle.readabilityHandler = nil
        _ = fcntl(handle.fileDescriptor, F_SETFL, O_NONBLOCK)
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(handle.fileDescriptor, &room, room.count)
            if count <= 0 { break }
            state.withLock { $0.data.append(contentsOf: room[..<count]) }
        }
    }
}

/// A folder that goes with the test.
final class Folder: Sendable {
    let url: URL
    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "vestnik-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }
    subscript(_ name: String) -> String { url.appending(path: name).path() }
    func write(_ text: String, to name: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self[name])
    }
    func read(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }
}

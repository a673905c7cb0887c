import Domain
import Foundation
import Glibc

/// Another process of ours: the sink, the gateway under measurement, a peer. It hears from us over its standard input and
/// ends at its end, so that nothing is left behind when we die.
final class Child {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var heard: [UInt8] = []

    /// - Parameter log: where its standard error goes.
    init(_ program: String, _ arguments: [String], log: String, in folder: URL? = nil) throws(BenchFailure) {
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("VESTNIK_") }
        process.standardInput = input
        process.standardOutput = output
        if let folder { process.currentDirectoryURL = folder }
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log) ?? FileHandle.nullDevice
        do { try process.run() } catch {
            throw BenchFailure(
                .unavailable, ru: "\(program) не запустить: \(error.localizedDescription)",
                en: "\(program) cannot be started: \(error.localizedDescription)")
        }
    }

    /// Runs a command to its end.
    static func run(_ program: String, _ arguments: [String], log: String) async throws(BenchFailure) {
        let child = try Child(program, arguments, log: log)
        guard await child.end(within: .seconds(30)) == 0 else {
            throw BenchFailure(
                .unavailable, ru: "\(arguments.joined(separator: " ")): см. \(log)",
                en: "\(arguments.joined(separator: " ")): see \(log)")
        }
    }

    deinit { if process.isRunning { kill(pid, SIGKILL) } }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func say(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }
    func signal(_ number: Int32) { kill(pid, number) }

    /// The next line it prints; nil when it ends or says nothing for so long.
    func line(within patience: Duration) -> String? {
        let deadline = ContinuousClock.now + patience
        let descriptor = output.fileHandleForReading.fileDescriptor
        while true {
            if let end = heard.firstIndex(of: 0x0A) {
                defer { heard.removeFirst(end + 1) }
                return String(decoding: heard[..<end], as: UTF8.self)
            }
            let left = (deadline - .now).milliseconds
            guard left > 0 else { return nil }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Int32(clamping: left)) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            heard += bytes[..<count]
        }
    }

    /// Ends it politely, and after a while not politely.
    /// - Returns: its exit status; nil when it had to be killed.
    @discardableResult
    func end(_ number: Int32? = nil, within patience: Duration = .seconds(40)) async -> Int32? {
        if let number { signal(number) }
        try? input.fileHandleForWriting.close()
        let deadline = ContinuousClock.now + patience
        while process.isRunning, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
        guard process.isRunning else { return process.terminationStatus }
        signal(SIGKILL)
        return nil
    }
}

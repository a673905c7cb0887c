import Foundation
import Testing

/// A disk that takes no more bytes: refused in words, nothing half done, and well again by itself.
struct FullDiskTests {
    /// Mounting is for root outside of most containers; elsewhere StoreSQLiteTests/WriterTests plays it with page limits.
    static let canMount: Bool = {
        guard let folder = try? Folder(), (try? Disk(at: folder.url.path())) != nil else {
            print("FullDiskTests: skipped, a tmpfs cannot be mounted here")
            return false
        }
        return true
    }()

    /// A small file system of its own, gone with the test. Below 64 MiB of free space the API takes nothing.
    final class Disk: Sendable {
        let path: String
        init(at path: String) throws {
            self.path = path
            try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=96m,mode=0700", "none", path)
        }
        deinit { try? Self.run("/bin/umount", "-l", path) }

        private static func run(_ program: String, _ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw HarnessError("\(program) \(arguments)") }
        }

        /// Until not one more byte fits.
        func fill() throws {
            try Data().write(to: URL(filePath: path + "/filler"))
            let handle = try #require(FileHandle(forWritingAtPath: path + "/filler"))
            for size in [65_536, 4096, 1] {
                while (try? handle.write(contentsOf: Data(count: size))) != nil {}
            }
            try? handle.close()
        }
        func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
    }

    @Test(.enabled(if: canMount, "needs a mount of its own"), .timeLimit(.minutes(3)))
    func aFullDiskIsSaidAndSurvived() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        let mounted = try Folder()
        let disk = try Disk(at: mounted.url.path())
        let config = try site.folder.read("vestnik.yaml")
        try site.folder.write(
            config.replacingOccurrences(of: "database: vestnik.db", with: "database: \(disk.path)/vestnik.db"),
            to: "vestnik.yaml")
        let house = try await site.open(), serve = house.serve, api = house.api
        let billing = Caller(house, try await site.key())
        try await site.queue(sms: 3)
        _ = try await site.drained()
        #expect(try await visit(api + "/readyz").hasPrefix("200 ok"))

        try disk.fill()
        var refused: Binary.Output?
        for round in 0..<20 where refused == nil {
            let before = try await site.messages().count
            do { try await site.queue(sms: 20, from: 1000 + round * 20) } catch {
                refused = try await site.vestnik("send", "--file", site.folder["queue.ndjson"])
                #expect(try await site.messages().count == before, "nothing half done")
            }
        }
        let answer = try #require(refused, "the disk never became full")
        #expect(answer.code == 75, "\(answer.code) \(answer.err)")
        #expect(answer.err.contains("cannot write to the database"), "\(answer.err)")
        #expect(try await visit(api + "/readyz").hasPrefix("503 nothing can be recorded"))
        let body = Caller.reminder(#"{"sms":"+79001234567"}"#)
        let taken = try await site.messages().count
        let full = try await billing.ask("POST", "/v1/messages", body, idempotency: "invoice-1")
        #expect(full.status == 503 && full.code == "storage_full", "\(full.text)")
        #expect(full.headers["retry-after"] != nil && full.json["retryable"] as? Bool == true)
        #expect(try await site.messages().count == taken)
        let doctor = try await site.vestnik("doctor")
        #expect(doctor.code == 1 && doctor.out.contains("too little to record anything"), "\(doctor.out)")
        let arrived = try sandbox.arrivals().count
        try await Task.sleep(for: .seconds(4))
        let told = serve.err.text.components(separatedBy: "store cannot commit").count - 1
        #expect(told == 1, "told \(told) times: \(serve.err.text)")
        #expect(try sandbox.arrivals().count == arrived, "nothing leaves that cannot be recorded")

        try disk.empty()
        let freed = Date()
        while try await !visit(api + "/readyz").hasPrefix("200") {
            try #require(Date().timeIntervalSince(freed) < 10, "not well again in 10 s")
            try await Task.sleep(for: .milliseconds(100))
        }
        print("full disk: ready \(Date().timeIntervalSince(freed)) s after there was room")
        #expect(serve.err.text.contains("store commits again"))
        try await site.queue(sms: 3, from: 5000)
        // The same request is taken now, and is no repeat: nothing of it was kept.
        var again = full
        while again.status == 503, Date().timeIntervalSince(freed) < 20 {
            again = try await billing.ask("POST", "/v1/messages", body, idempotency: "invoice-1")
        }
        #expect(again.status == 202 && again.headers["idempotent-replayed"] == nil, "\(again.text)")
        let messages = try await site.drained()
        #expect(messages.allSatisfy { $0["status"] as? String == "sent" })
        #expect(try await site.vestnik("db", "check").code == 0)
        #expect(try await site.stop(serve) == 0)
        #expect(try sandbox.arrivals().count == messages.count)
    }
}

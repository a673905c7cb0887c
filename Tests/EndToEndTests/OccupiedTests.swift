import Foundation
import Testing

/// Somebody has the database and listens to nobody: a gateway that starts or ends, a stranger's transaction.
struct OccupiedTests {
    /// Python, until its standard output is read and its process ends.
    private func python(_ script: String, _ arguments: String...) async throws -> Running {
        let running = try Running(["-c", script] + arguments, program: URL(filePath: "/usr/bin/python3"))
        _ = try await running.line(with: "held")
        return running
    }

    private static let lock = """
        import fcntl, sys, time
        file = open(sys.argv[1], 'w')
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write('pid 1\\nholder vestnik serve\\nsince 2026-11-25T10:00:00Z\\n')
        file.flush()
        print('held', flush=True)
        time.sleep(float(sys.argv[2]))
        """

    @Test func aCommandWaitsForAnOwnerThatStartsAndThenSaysSo() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        try await site.queue(sms: 1)
        let long = try await python(Self.lock, site.folder["vestnik.db.lock"], "60")
        let refused = try await site.vestnik("send", "--file", site.folder["queue.ndjson"])
        #expect(refused.code == 75, "\(refused.code) \(refused.err)")
        #expect(
            refused.err.contains("vestnik serve (pid 1") && refused.err.contains("repeat in a moment"), "\(refused.err)"
        )
        // Whoever wants to be the owner is told at once, and that it is somebody else's.
        #expect(try await site.vestnik("serve").code == 69)
        long.signal(SIGKILL)
        _ = try await long.end(within: 10)

        let short = try await python(Self.lock, site.folder["vestnik.db.lock"], "1")
        #expect(try await site.vestnik("send", "--file", site.folder["queue.ndjson"]).code == 0)
        _ = try await short.end(within: 10)
        #expect(try await site.messages().count == 2)
    }

    @Test func aStopDuringTheStartIsClean() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        for _ in 0..<5 {
            let serve = try site.start("serve")
            let mark = "pid \(serve.process.processIdentifier)\n"
            // The first thing that a start does to the disk.
            while (try? site.folder.read("vestnik.db.lock"))?.contains(mark) != true {
                try #require(serve.process.isRunning, "\(serve.err.text)")
                try await Task.sleep(for: .milliseconds(1))
            }
            serve.signal(SIGTERM)
            #expect(try await serve.end(within: 20) == 0, "\(serve.err.text)")
        }
    }

    /// Until it is killed: with it goes its lock.
    private static let transaction = """
        import sqlite3, sys, time
        connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        connection.execute('BEGIN EXCLUSIVE')
        print('held', flush=True)
        time.sleep(60)
        """

    @Test(.timeLimit(.minutes(2))) func aStrangersLockIsSaidAndSurvived() async throws {
        let total = 100
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder, chaos: ["delay=50"])
        let site = try Site(providers: Site.kannel(port: sandbox.http, concurrency: 2))
        let serve = try site.start("serve")
        _ = try await serve.line(with: "ready api=")
        try await site.queue(sms: total)
        try await sandbox.arrived(20)

        let stranger = try await python(Self.transaction, site.folder["vestnik.db"])
        // What had begun may still arrive.
        try await Task.sleep(for: .milliseconds(500))
        let before = try sandbox.arrivals().count
        let refused = try await site.vestnik("send", "--file", site.folder["queue.ndjson"])
        #expect(refused.code == 75, "\(refused.code) \(refused.err)")
        #expect(refused.err.contains("another program holds the database"), "\(refused.err)")
        #expect(try sandbox.arrivals().count == before, "nothing begins meanwhile")
        #expect(before < total)
        stranger.signal(SIGKILL)
        _ = try await stranger.end(within: 10)

        let messages = try await site.drained()
        let states = Dictionary(grouping: messages) { $0["status"] as? String ?? "" }.mapValues(\.count)
        #expect(states == ["sent": total], "\(refused.err) \(refused.out)")
        #expect(try await site.stop(serve) == 0)
        #expect(try sandbox.arrivals().count == total)
    }
}

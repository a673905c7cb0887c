import Foundation
import Testing

/// A restore is not a re-send: a copied database comes up held, shows what would go, and goes when a person says so.
struct HeldTests {
    private static func bench(in folder: Folder) async throws -> (SandboxProcess, Site) {
        let sandbox = try await SandboxProcess.start(in: folder)
        return (sandbox, try Site(providers: Site.kannel(port: sandbox.http)))
    }

    /// Starts a worker, gives it time to do wrong, and says how many arrived meanwhile.
    private func arrivalsUnder(_ worker: Running, _ sandbox: SandboxProcess) async throws -> Int {
        _ = try await worker.line(with: "ready")
        let before = try sandbox.arrivals().count
        try await Task.sleep(for: .seconds(3))
        return try sandbox.arrivals().count - before
    }

    private func held(_ site: Site) async throws -> [String: Any] {
        try #require(try await site.vestnik("queue", "held", "--json").lines.first)
    }

    @Test(.timeLimit(.minutes(2))) func aCopiedFileSendsNothingUntilReleased() async throws {
        let folder = try Folder()
        let (sandbox, original) = try await Self.bench(in: folder)
        try await original.queue(sms: 5)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        try FileManager.default.copyItem(atPath: original.folder["vestnik.db"], toPath: site.folder["vestnik.db"])

        // Before anybody starts it, as the runbook has it.
        let early = try await held(site)
        #expect(early["held"] as? Bool == true && early["since"] == nil, "\(early)")
        var worker = try site.start("worker")
        #expect(try await arrivalsUnder(worker, sandbox) == 0)
        #expect(worker.err.text.contains("SENDING IS STOPPED"), "\(worker.err.text)")
        try await site.queue(sms: 1, from: 100)
        let line = try await held(site)
        #expect(line["held"] as? Bool == true && line["reason"] as? String == "place_missing")
        let backlog = try #require(line["backlog"] as? [[String: Any]])
        #expect(backlog.map { $0["count"] as? Int } == [6] && backlog.first?["channel"] as? String == "sms")
        #expect(backlog.first?["goes_out"] as? Int == 6, "\(backlog)")
        #expect(try await site.vestnik("queue", "stats").err.contains("SENDING IS STOPPED"))
        #expect(try await site.vestnik("doctor").out.contains("SENDING IS STOPPED"))
        #expect(try await site.stop(worker) == 0)

        // A restart does not wash it clean.
        worker = try site.start("worker")
        #expect(try await arrivalsUnder(worker, sandbox) == 0)
        #expect(try await site.vestnik("queue", "resume").code == 0)
        _ = try await site.drained()
        #expect(try sandbox.arrivals().count == 6)
        #expect(try await site.stop(worker) == 0)
        #expect(try await site.vestnik("journal", "verify").code == 0)
    }

    @Test(.timeLimit(.minutes(2))) func yesterdaysFilePutBackDoesNotSendAgain() async throws {
        let folder = try Folder()
        let (sandbox, site) = try await Self.bench(in: folder)
        try await site.queue(sms: 5)
        let (file, old) = (site.folder["vestnik.db"], site.folder["old.db"])
        try FileManager.default.copyItem(atPath: file, toPath: old)
        var worker = try site.start("worker")
        _ = try await site.drained()
        #expect(try await site.stop(worker) == 0)
        #expect(try sandbox.arrivals().count == 5)

        // Into the same file, as `cp` does.
        let bytes = try Data(contentsOf: URL(filePath: old))
        for side in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + side) }
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: bytes)
        try handle.close()

        worker = try site.start("worker")
        #expect(try await arrivalsUnder(worker, sandbox) == 0, "sent again")
        #expect(try await held(site)["reason"] as? String == "behind")
        #expect(try await site.stop(worker) == 0)
    }

    @Test(.timeLimit(.minutes(2))) func aBackupTakenFromTheRunningGatewayIsMarked() async throws {
        let folder = try Folder()
        let (sandbox, site) = try await Self.bench(in: folder)
        #expect(try await site.vestnik("provider", "pause", "sms-a").code == 0)
        var worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        try await site.queue(sms: 5)
        let copy = site.folder["copy.db"]
        let backup = try await site.vestnik("db", "backup", copy)
        #expect(backup.code == 0, "\(backup.err)")
        #expect(try await site.vestnik("db", "backup", copy).code == 64, "nothing is overwritten")
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let check = try await site.vestnik("db", "check", copy, "--json")
        #expect(check.code == 0 && check.lines.first?["held"] as? String == "backup", "\(check.out)\(check.err)")
        #expect(try await site.vestnik("db", "check").code == 0)
        #expect(try await site.stop(worker) == 0)

        let other = try Site(providers: Site.kannel(port: sandbox.http))
        try FileManager.default.copyItem(atPath: copy, toPath: other.folder["vestnik.db"])
        // The account's pause is in the copy too; without it only the hold is left.
        #expect(try await other.vestnik("provider", "resume", "sms-a").code == 0)
        worker = try other.start("worker")
        #expect(try await arrivalsUnder(worker, sandbox) == 0)
        #expect(try await held(other)["reason"] as? String == "backup")
        #expect(try await other.vestnik("queue", "resume").code == 0)
        _ = try await other.drained()
        #expect(try sandbox.arrivals().count == 5)
        #expect(try await other.stop(worker) == 0)
    }

    @Test(.timeLimit(.minutes(2))) func restartsAreNotHeldAndAPauseByHandIsKept() async throws {
        let folder = try Folder()
        let (sandbox, site) = try await Self.bench(in: folder)
        var worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        worker.signal(SIGKILL)
        #expect(try await worker.end(within: 20) == -9)
        worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        #expect(try await held(site)["held"] as? Bool == false, "after kill -9")
        #expect(try await site.stop(worker) == 0)
        worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        #expect(try await held(site)["held"] as? Bool == false, "after a clean stop")

        #expect(try await site.vestnik("queue", "pause").code == 0)
        try await site.queue(sms: 3)
        #expect(try await site.stop(worker) == 0)
        worker = try site.start("worker")
        #expect(try await arrivalsUnder(worker, sandbox) == 0)
        #expect(try await held(site)["reason"] as? String == "operator")
        #expect(try await site.vestnik("queue", "resume").code == 0)
        _ = try await site.drained()
        #expect(try sandbox.arrivals().count == 3)
        #expect(try await site.stop(worker) == 0)
    }
}

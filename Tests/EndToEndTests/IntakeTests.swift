import Foundation
import Testing

/// The examples of docs/SQL-INTAKE.md, cut out of it and run beside a running gateway.
struct SQLIntakeTests {
    static func example(_ name: String) throws -> String {
        let page = try String(contentsOf: Site.project.appending(path: "docs/SQL-INTAKE.md"), encoding: .utf8)
        let after = try #require(page.components(separatedBy: "<!-- run: \(name) -->\n").dropFirst().first)
        let lines = after.components(separatedBy: "\n")
        let body = lines.dropFirst().prefix { !$0.hasPrefix("```") }
        return body.joined(separator: "\n") + "\n"
    }

    static let examples = [
        ("python", "/usr/bin/python3", "79001234567"), ("sqlite3", "/bin/sh", "79001234568"),
    ].filter { $0.0 != "sqlite3" || FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") }

    @Test(arguments: examples) func theExampleBecomesAMessage(name: String, program: String, phone: String) async throws
    {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        let worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        let intake = site.folder["intake.db"]
        let deadline = Date().addingTimeInterval(20)
        while !FileManager.default.fileExists(atPath: intake), Date() < deadline {
            try await Task.sleep(for: .milliseconds(50))
        }
        let example = try Running(
            ["-c", try Self.example(name)], program: URL(filePath: program), environment: ["VESTNIK_INTAKE": intake])
        #expect(try await example.end(within: 30) == 0, "\(example.err.text)")

        var accepted: [[String: Any]] = []
        while accepted.isEmpty, Date() < deadline {
            accepted = try await site.vestnik("intake", "list", "--status", "accepted", "--json").lines
        }
        #expect(accepted.count == 1 && (accepted.first?["message"] as? String)?.hasPrefix("msg_") == true)
        #expect(try await site.drained().count == 1)
        #expect(try await site.stop(worker) == 0)
        #expect(try sandbox.arrivals().count == 1)
    }

    @Test func aRefusedRowIsShown() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        let insert = """
            import sqlite3, sys, time
            for _ in range(100):
                try:
                    db = sqlite3.connect(sys.argv[1], timeout=10)
                    with db: db.execute("INSERT INTO intake (client, request) VALUES ('billing', '{}')")
                    break
                except sqlite3.OperationalError: time.sleep(0.1)
            """
        let stranger = try Running(
            ["-c", insert, site.folder["intake.db"]], program: URL(filePath: "/usr/bin/python3"))
        #expect(try await stranger.end(within: 30) == 0, "\(stranger.err.text)")
        _ = try await worker.line(with: "intake rows refused")
        var refused: [[String: Any]] = []
        let deadline = Date().addingTimeInterval(20)
        while refused.isEmpty, Date() < deadline { refused = try await site.vestnik("intake", "list", "--json").lines }
        #expect(refused.first?["code"] as? String == "required", "\(refused)")
        #expect(try await site.vestnik("doctor").out.contains("1 refused"))
        #expect(try await site.stop(worker) == 0)
    }

    @Test func factsAreToldAndShown() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        #expect(try await site.vestnik("facts", "set", "ls:0045-12", "--balance", "-12.5").code == 0)
        let shown = try await site.vestnik("facts", "show", "0045-12", "--json")
        #expect(shown.lines.first?["balance"] as? String == "-12.50", "\(shown.out)\(shown.err)")
        let older = try await site.vestnik(
            "facts", "set", "0045-12", "--balance", "1", "--as-of", "2020-01-01T00:00:00Z")
        #expect(older.code == 0 && older.out.contains("Not taken"), "\(older.out)")
        #expect(try await site.vestnik("facts", "set", "0045-12", "--balance", "1,5").code == 65)
    }
}

import Foundation

/// An installation in a folder of its own: configuration, database, and what the test sends.
final class Site: Sendable {
    let folder: Folder
    var config: String { folder["vestnik.yaml"] }

    /// The project this test belongs to.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// - Parameter providers: the body of `providers:`, indented by two spaces.
    init(providers: String, worker: String = "") throws {
        folder = try Folder()
        let project = Self.project.path()
        try folder.write("key", to: "sandbox-key")
        try folder.write(Self.purposes(), to: "purposes.yaml")
        try folder.write(
            """
            language: en
            country: ru
            org_kind: private
            time_zone: Europe/Moscow
            organisation:
              name: УК «Наш дом»
              phone: "+74951234567"
              pay_url: https://pay.nash-dom.example
              emergency_phone: "+74957654321"
            database: vestnik.db
            templates: \(project)/Templates
            purposes: purposes.yaml
            provider_files: \(project)/Config/providers
            listen:
              control: control.sock
              api: 127.0.0.1:0
              public: 127.0.0.1:0
            log:
              level: notice
            \(worker)
            providers:
            \(providers)
            """, to: "vestnik.yaml")
    }

    /// As shipped, without quiet hours: a test must not depend on the hour at which it runs.
    private static func purposes() throws -> String {
        let shipped = try String(contentsOf: project.appending(path: "Config/purposes.yaml"), encoding: .utf8)
        return shipped.components(separatedBy: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces).hasPrefix("quiet_hours:") ? "    quiet_hours: none" : $0 }
            .joined(separator: "\n")
    }

    func vestnik(_ arguments: String..., within seconds: Double = 60) async throws -> Binary.Output {
        try await Binary.run(arguments + ["--config", config], within: seconds)
    }

    func start(_ arguments: String...) throws -> Running { try Running(arguments + ["--config", config]) }

    /// Sends SIGTERM and waits for the clean end.
    @discardableResult
    func stop(_ running: Running, within seconds: Double = 30) async throws -> Int32 {
        running.signal(SIGTERM)
        return try await running.end(within: seconds)
    }

    /// All messages, newest first.
    func messages(_ filter: String...) async throws -> [[String: Any]] {
        var all: [[String: Any]] = []
        while true {
            var arguments = ["messages", "list", "--json", "--limit", "250", "--config", config] + filter
            if let last = all.last?["id"] as? String { arguments += ["--after", last] }
            let output = try await Binary.run(arguments)
            guard output.code == 0 else { throw HarnessError("messages list: \(output.code) \(output.err)") }
            let page = output.lines
            all += page
            if page.count < 250 { return all }
        }
    }

    /// Waits until no message is queued or being sent.
    func drained(within seconds: Double = 60) async throws -> [[String: Any]] {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            let stats = try await vestnik("queue", "stats", "--json").lines.first
            guard let states = stats?["states"] as? [String: Int] else { throw HarnessError("queue stats say nothing") }
            if states["queued", default: 0] == 0 && states["sending", default: 0] == 0 { return try await messages() }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw HarnessError("not drained in \(seconds) s: \(try await vestnik("queue", "stats").out)")
    }

    // MARK: accounts

    static func smtp(port: Int, tls: String = "none", more: String = "") -> String {
        """
          smtp-main:
            kind: smtp
            base_url: smtp://localhost:\(port)
            tls: \(tls)
            helo_name: gateway.nash-dom.example
            sender: УК «Наш дом» <info@nash-dom.example>
        \(more)
        """
    }

    static func kannel(port: Int, user: String = "foo", concurrency: Int = 4) -> String {
        """
          sms-a:
            kind: kannel
            base_url: http://127.0.0.1:\(port)
            user: \(user)
            secret: {file: sandbox-key}
            sender: UK-DOM
            concurrency: \(concurrency)

        """
    }
}

/// `vestnik sandbox` on free ports, with its own log of what arrived.
struct SandboxProcess {
    let running: Running
    let smtp: Int
    let http: Int
    let witness: String

    static func start(in folder: Folder, chaos: [String] = []) async throws -> SandboxProcess {
        let witness = folder["arrivals.ndjson"]
        let flags = chaos.flatMap { ["--chaos", $0] }
        let running = try Running(
            ["sandbox", "--smtp-port", "0", "--http-port", "0", "--witness", witness, "--json"] + flags)
        let line = try await running.line(with: "\"smtp\"")
        guard let ports = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let smtp = ports["smtp"] as? Int, let http = ports["http"] as? Int
        else { throw HarnessError("the sandbox named no ports: \(line)") }
        return SandboxProcess(running: running, smtp: smtp, http: http, witness: witness)
    }

    /// What arrived, in order, as the sandbox itself wrote it down.
    func arrivals() throws -> [[String: Any]] {
        let text = (try? String(contentsOfFile: witness, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }
}

/// `200 ok`, `503 nothing can be …`.
func visit(_ url: String) async throws -> String {
    let script = """
        import sys, urllib.request as u, urllib.error as e
        try: r = u.urlopen(sys.argv[1])
        except e.HTTPError as x: r = x
        sys.stdout.write('%d %s' % (r.status, r.read().decode()))
        """
    let visit = try Running(["-c", script, url], program: URL(filePath: "/usr/bin/python3"))
    guard try await visit.end(within: 20) == 0 else { throw HarnessError(visit.err.text) }
    return visit.out.text
}

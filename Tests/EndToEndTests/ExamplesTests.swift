import Foundation
import Testing

/// The marked examples of docs/start and docs/api, run against a demonstration as a newcomer has it in the other terminal.
struct ExamplesTests {
    /// The variables that the demonstration tells people to set.
    private static func invitation(_ demo: Running) async throws -> [String: String] {
        _ = try await demo.line(with: "docs/start/first-send", within: 60)
        var variables: [String: String] = [:]
        for line in demo.out.text.split(separator: "\n") where line.hasPrefix("  export ") {
            for word in line.split(separator: " ").dropFirst() {
                let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
                if pair.count == 2 { variables[pair[0]] = pair[1] }
            }
        }
        return variables
    }

    @Test(.timeLimit(.minutes(3))) func everyExampleWorks() async throws {
        let demo = try Running(["demo"])
        var variables = try await Self.invitation(demo)
        for name in ["VESTNIK_URL", "VESTNIK_INBOX", "VESTNIK_KEY", "VESTNIK_CONFIG"] {
            try #require(variables[name] != nil, "\(name) is not in \(demo.out.text)")
        }
        let here = Binary.url.deletingLastPathComponent().path()
        variables["PATH"] = here + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")

        try await Self.run("start", variables, atLeast: 16)
        // Those of the API are about magic numbers, which are nobody's under the key of the invitation.
        let made = try await Binary.run("keys", "create", "--client", "docs", "--mode", "test", environment: variables)
        #expect(made.code == 0, "\(made.err)")
        variables["VESTNIK_LIVE_KEY"] = variables["VESTNIK_KEY"]
        variables["VESTNIK_KEY"] = made.out.trimmingCharacters(in: .newlines)
        try await Self.run("api", variables, atLeast: 13)

        demo.signal(SIGINT)
        #expect(try await demo.end(within: 30) == 0, "\(demo.err.text)")
        #expect(!demo.err.text.contains("error"), "\(demo.err.text)")
    }

    private static func run(_ part: String, _ variables: [String: String], atLeast count: Int) async throws {
        let folder = Site.project.appending(path: "docs/" + part)
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".md") }
        let script = Site.project.appending(path: "Tests/Docs/examples.py").path()
        let run = try Running(
            [script] + pages.sorted().map { folder.appending(path: $0).path() },
            program: URL(filePath: "/usr/bin/python3"), environment: variables)
        #expect(try await run.end(within: 120) == 0, "\(run.out.text) \(run.err.text)")
        let passed = run.out.text.split(separator: "\n").count { $0.hasPrefix("ok ") }
        #expect(passed >= count, "\(passed) examples of docs/\(part)")
    }
}

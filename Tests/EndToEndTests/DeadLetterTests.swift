import Foundation
import Testing

/// What goes no further by itself: listed with a reason and advice, sent again once, written off by a person.
struct DeadLetterTests {
    /// The sandbox's magic numbers: one that exists nowhere, one that never answers.
    private static func bench(in folder: Folder) async throws -> (SandboxProcess, Site) {
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http) + "    timeout: 1s\n    connect_timeout: 1s\n")
        for number in ["+70000000002", "+70000000004", "+79001112233"] {
            let arguments = ["send", "--template", "payment-reminder", "--to", "sms:\(number)"] + BadInputTests.good
            #expect(try await Binary.run(arguments + ["--config", site.config]).code == 0)
        }
        return (sandbox, site)
    }

    private func dead(_ site: Site, _ filter: String...) async throws -> [[String: Any]] {
        try await Binary.run(["dead", "list", "--json", "--config", site.config] + filter).lines
    }

    @Test(.timeLimit(.minutes(2))) func listedRetriedOnceAndWrittenOff() async throws {
        let folder = try Folder()
        let (sandbox, site) = try await Self.bench(in: folder)
        let worker = try site.start("worker")
        _ = try await site.drained()

        let all = try await dead(site)
        #expect(all.count == 2, "\(all)")
        let failed = try #require(all.first { $0["status"] as? String == "failed" })
        let unsure = try #require(all.first { $0["status"] as? String == "unconfirmed" })
        #expect(failed["may_have_arrived"] as? Bool == false && failed["advice"] as? String != nil)
        #expect(unsure["may_have_arrived"] as? Bool == true && unsure["reason"] as? String == "no_answer")
        #expect(try await dead(site, "--reason", "no_answer").count == 1)
        #expect(try await dead(site, "--channel", "email").isEmpty)
        #expect(try await dead(site, "--since", "1h").count == 2)
        #expect(try await site.vestnik("dead", "list", "--reason", "no_answr").err.contains("no_answer"))
        let table = try await site.vestnik("dead", "list")
        #expect(table.err.contains("dead retry --expected-count 1") && table.out.contains("no answer"), "\(table.out)")

        // Without a count it asks, with a wrong one it refuses; neither does anything.
        let unasked = try await site.vestnik("dead", "retry")
        #expect(unasked.code == 64 && unasked.err.contains("--expected-count 1"), "\(unasked.err)")
        let wrong = try await site.vestnik("dead", "retry", "--expected-count", "2")
        #expect(wrong.code == 65 && wrong.err.contains("1 found, 2 expected"), "\(wrong.err)")
        #expect(try await site.messages().count == 3)

        let id = try #require(unsure["id"] as? String)
        let careful = try await site.vestnik("dead", "retry", id)
        #expect(careful.code == 1 && careful.out.contains("second copy"), "\(careful.out)")
        let once = try await site.vestnik("dead", "retry", "--expected-count", "1", "--json")
        #expect(once.code == 0, "\(once.err)")
        #expect(once.lines.first?["retry_of"] as? String == failed["id"] as? String, "\(once.out)")
        let twice = try await site.vestnik("dead", "retry", failed["id"] as? String ?? "")
        #expect(twice.code == 1 && twice.out.contains("again before"), "\(twice.out)")

        #expect(try await site.vestnik("dead", "drop", "--expected-count", "5").code == 65)
        #expect(try await site.vestnik("dead", "drop", "--expected-count", "1").code == 0)
        #expect(try await dead(site, "--reason", "no_answer").isEmpty)
        let written = try await site.vestnik("messages", "show", id)
        #expect(written.out.contains("wrote it off") && written.out.contains("written off"), "\(written.out)")
        // A person said that nobody knows: to send it again still needs the word.
        #expect(try await site.vestnik("messages", "retry", id).code == 1)
        #expect(try await site.vestnik("messages", "retry", id, "--even-unconfirmed").code == 0)
        #expect(try await site.vestnik("messages", "retry", id, "--even-unconfirmed").code == 1, "once each")
        #expect(try await site.stop(worker) == 0)
        #expect(try await site.vestnik("journal", "verify").code == 0)
        sandbox.running.signal(SIGTERM)
    }
}

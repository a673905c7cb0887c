import Foundation
import Testing

/// An operator's pause stops an account within seconds, survives a restart and ends on a word.
struct ProviderPauseTests {
    @Test(.timeLimit(.minutes(3))) func aPauseTakesEffectUnderADrainAndOutlivesTheProcess() async throws {
        let total = 600
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder, chaos: ["delay=20"])
        let site = try Site(providers: Site.kannel(port: sandbox.http, concurrency: 2))
        try await site.queue(sms: total)
        var worker = try site.start("worker")
        try await sandbox.arrived(50)

        let asked = Date()
        let pause = try await site.vestnik("provider", "pause", "sms-a")
        #expect(pause.code == 0, "\(pause.err)")
        // Five seconds are the promise; from then on nothing may arrive.
        try await Task.sleep(for: .seconds(max(0, 5 - Date().timeIntervalSince(asked))))
        let stopped = try sandbox.arrivals()
        #expect(stopped.count < total, "the drain was over before the pause")
        let last = try #require(stopped.last?["at"] as? String)
        try await Task.sleep(for: .seconds(2))
        #expect(try sandbox.arrivals().count == stopped.count)
        print("pause: last arrival \(try seconds(last) - asked.timeIntervalSince1970) s after the command was typed")

        let list = try await site.vestnik("provider", "list", "--json").lines.first
        #expect(list?["state"] as? String == "paused" && list?["by"] as? String != nil, "\(String(describing: list))")
        let waiting = try await site.messages("--status", "queued")
        #expect(waiting.count == total - stopped.count)
        #expect(waiting.allSatisfy { $0["held_reason"] as? String == "provider_paused" })

        #expect(try await site.stop(worker) == 0)
        worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        try await Task.sleep(for: .seconds(3))
        #expect(try sandbox.arrivals().count == stopped.count, "the next worker starts with it")
        #expect(try await site.vestnik("provider", "resume", "sms-a").code == 0)
        _ = try await site.drained()
        #expect(try await site.stop(worker) == 0)
        let numbers = try sandbox.arrivals().compactMap { ($0["to"] as? [String])?.first }
        #expect(numbers.count == total && Set(numbers).count == total, "each once")
    }

    @Test func withoutAnOwnerTheLedgerIsWrittenAndMistypedNamesAreNamed() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let wrong = try await site.vestnik("provider", "pause", "sms-b")
        #expect(wrong.code == 64 && wrong.err.contains("sms-a"), "\(wrong.err)")
        #expect(try await site.vestnik("provider", "pause", "sms-a").code == 0)
        try await site.queue(sms: 1)
        // No worker has looked at it yet, and still it says what it waits for.
        let message = try #require(try await site.messages().first)
        #expect(message["held_reason"] as? String == "provider_paused" && message["due_at"] == nil, "\(message)")
        let show = try await site.vestnik("messages", "show", message["id"] as? String ?? "")
        #expect(show.out.contains("until resumed") && show.out.contains("vestnik provider list"), "\(show.out)")
        #expect(try await site.vestnik("provider", "resume", "sms-a").code == 0)
        #expect(try await site.messages().first?["held_reason"] == nil)
    }

    private func seconds(_ stamp: String) throws -> Double {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try Date(stamp, strategy: style).timeIntervalSince1970
    }
}

extension Site {
    /// Payment reminders by SMS, each to a number of its own.
    func queue(sms count: Int, from first: Int = 0) async throws {
        let bodies = (first..<first + count).map { n in
            #"{"template":"payment-reminder","to":{"sms":"+7900\#(2_000_000 + n)"},"#
                + #""variables":{"amount":"100.00","due":"2026-12-15","period":"2026-11"}}"#
        }
        try folder.write(bodies.joined(separator: "\n"), to: "queue.ndjson")
        let sent = try await vestnik("send", "--file", folder["queue.ndjson"], "--json", within: 120)
        guard sent.code == 0, sent.lines.count == count else { throw HarnessError("send: \(sent.code) \(sent.err)") }
    }
}

extension SandboxProcess {
    /// Waits until so many have arrived.
    func arrived(_ count: Int, within seconds: Double = 30) async throws {
        let deadline = Date().addingTimeInterval(seconds)
        while try arrivals().count < count {
            if Date() > deadline { throw HarnessError("\(try arrivals().count) of \(count) arrived in \(seconds) s") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

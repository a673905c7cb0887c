import Foundation
import Testing

/// Answers in the language of whoever asks, names that do not exist, and words that must not get lost.
struct AnswersTests {
    private func isRussian(_ text: String) -> Bool { text.unicodeScalars.contains { ("а"..."я").contains($0) } }

    @Test(.timeLimit(.minutes(2))) func theAnswerIsInTheLanguageOfWhoeverTypedTheCommand() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        try site.folder.write(WithdrawalTests.residents, to: "residents.csv")
        #expect(try await site.vestnik("recipient", "import", site.folder["residents.csv"]).code == 0)
        // The gateway itself speaks English.
        let worker = try site.start("worker")
        _ = try await worker.line(with: "ready")
        let orders = [
            ["consent", "withdraw", "ls:1", "news"], ["consent", "withdraw", "ls:none", "news"],
            ["suppression", "add", "sms", "+79001110001", "--reason", "жалоба"],
            ["suppression", "add", "sms", "+7900ABC"], ["provider", "pause", "sms-b"],
            ["messages", "cancel", "msg_00000000000000001"], ["send", "--template", "nothing", "--to", "ls:1"],
        ]
        for order in orders {
            let russian = try await Binary.run(order + ["--lang", "ru", "--config", site.config])
            let english = try await Binary.run(order + ["--lang", "en", "--config", site.config])
            #expect(isRussian(russian.out + russian.err), "\(order): \(russian.out)\(russian.err)")
            #expect(!isRussian(english.out + english.err), "\(order): \(english.out)\(english.err)")
        }
        #expect(try await site.stop(worker) == 0)
    }

    @Test(.timeLimit(.minutes(2))) func whatAPersonWroteIsShownAndWhatMakesNoSenseIsRefused() async throws {
        let site = try Site(providers: Site.kannel(port: 9))
        let add = ["suppression", "add", "sms", "+79001110001", "--config", site.config]
        let late = try await Binary.run(add + ["--until", "2020-01-01T00:00:00+03:00"])
        #expect(late.code == 64 && late.err.contains("is over already"), "\(late.err)")
        #expect(try await Binary.run(add + ["--reason", "complaint by phone"]).code == 0)
        #expect(try await site.vestnik("suppression", "list").out.contains("added by hand: complaint by phone"))
        let line = try await site.vestnik("suppression", "list", "--json").lines.first
        #expect(line?["detail"] as? String == "complaint by phone")

        for (flag, value) in [("--event", "bogus"), ("--status", "bogus"), ("--channel", "fax")] {
            let log = try await site.vestnik("logs", flag, value)
            #expect(log.code == 64 && log.out.isEmpty && log.err.contains("there are:"), "\(flag): \(log.err)")
        }
        #expect(try await site.vestnik("logs", "--event", "suppresion").err.contains("did you mean suppression?"))
        #expect(try await site.vestnik("logs", "--event", "suppression").code == 0)
        #expect(try await site.vestnik("version", "--lang", "en", "--json").code == 0)
    }

    @Test(.timeLimit(.minutes(2))) func aRetryIsStillForTheHourItWasFor() async throws {
        let site = try Site(providers: Site.kannel(port: 9))
        let start = Date.now.addingTimeInterval(86_400).ISO8601Format()
        let end = Date.now.addingTimeInterval(90_000).ISO8601Format()
        let sent = try await Binary.run(
            [
                "send", "--template", "payment-reminder", "--to", "sms:+79001110001", "--send-at", start,
                "--expires-at", end, "--json", "--config", site.config,
            ] + BadInputTests.good)
        let id = try #require(sent.lines.first?["id"] as? String)
        #expect(try await site.vestnik("messages", "cancel", id).code == 0)
        let retry = try #require(try await site.vestnik("messages", "retry", id, "--json").lines.first)
        #expect(retry["held_reason"] as? String == "send_at" && retry["due_at"] as? String == start, "\(retry)")
        let message = try #require(try await site.messages("--status", "queued").first)
        #expect(message["expires_at"] as? String == end)
        // Said once, not "cancelled → cancelled".
        #expect(try await !site.vestnik("messages", "show", id).out.contains("cancelled → cancelled"))
    }
}

import Foundation
import Testing

/// What a dispatcher reads about a message, in both languages.
struct WordsTests {
    @Test(.timeLimit(.minutes(2))) func aMessageIsToldInWordsAndWaitsForNoReportThatCannotCome() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(
            providers: Site.kannel(port: sandbox.http) + "\n" + Site.smtp(port: sandbox.smtp))
        try site.folder.write(
            #"{"template":"payment-reminder","to":{"sms":"+79005554433","email":"kv5@sandbox.invalid"},"#
                + #""channels":["sms","email"],"fallback":{"after":"2h","if":"not_delivered"},"#
                + #""variables":{"amount":"100.00","due":"2026-12-15","period":"2026-11"}}"#, to: "one.ndjson")
        #expect(try await site.vestnik("send", "--file", site.folder["one.ndjson"]).code == 0)
        let queued = try #require(try await site.messages().first)
        #expect(queued["channel"] as? String == "sms", "the channel it will leave by")
        let worker = try site.start("worker")
        let message = try #require(try await site.drained().first)
        #expect(try await site.stop(worker) == 0)
        // No account's delivery reports reach us yet: their absence proves nothing, so nobody gets a second message for it.
        #expect(message["status"] as? String == "sent" && message["held_reason"] == nil)
        #expect(message["fallback_after_seconds"] as? Double == 7200)

        let id = try #require(message["id"] as? String)
        let english = try await site.vestnik("messages", "show", id).out
        for words in [
            "without a delivery in 2 h 0 m", "accepted → queued", "sms +7···4433 · email k···@sandbox.invalid",
            "began to send  attempt 1",
            "accepted by the provider → handed to the provider",
        ] {
            #expect(english.contains(words), "«\(words)» is missing: \(english)")
        }
        let russian = try await site.vestnik("messages", "show", id, "--lang", "ru").out
        for words in [
            "принято → в очереди", "начали отправку",
            "провайдер принял → передано провайдеру",
        ] {
            #expect(russian.contains(words), "«\(words)» is missing: \(russian)")
        }
        let log = try await site.vestnik("logs")
        #expect(log.out.contains("began to send") && !log.out.contains("began  "), "\(log.out)")
    }
}

import Foundation
import Testing

/// A queue over its limit says so, takes nothing, and goes on by itself.
struct QueueFullTests {
    @Test(.timeLimit(.minutes(1))) func aFullQueueIsSaidAndSurvived() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http), worker: "api: {queue_limit: 3}")
        #expect(try await site.vestnik("queue", "pause").code == 0)
        let house = try await site.open()
        let billing = Caller(house, try await site.key())
        var taken: [String] = []
        var refused: Caller.Reply?
        // The limit is looked at once a second, so a few more than three may come in.
        for number in 0..<500 where refused == nil {
            let sent = try await billing.ask(
                "POST", "/v1/messages", Caller.reminder(#"{"sms":"+7900\#(1_000_000 + number)"}"#))
            if sent.status == 202 { taken.append(try #require(sent.id)) } else { refused = sent }
        }
        let full = try #require(refused, "500 messages were taken")
        #expect(full.status == 503 && full.code == "queue_full", "\(full.text)")
        #expect(full.headers["content-type"] == "application/problem+json")
        #expect(Int(full.headers["retry-after"] ?? "") ?? 0 > 0 && full.json["retryable"] as? Bool == true)
        #expect(taken.count >= 3)
        // Reading goes on, and what was taken is there.
        #expect(try await billing.ask("GET", "/v1/messages?limit=250").data.count == taken.count)

        #expect(try await site.vestnik("queue", "resume").code == 0)
        try await sandbox.arrived(taken.count)
        let deadline = Date().addingTimeInterval(20)
        var status = 503
        while status == 503, Date() < deadline {
            status = try await billing.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"+79007654321"}"#)).status
        }
        #expect(status == 202)
        try await sandbox.arrived(taken.count + 1)
        #expect(try await site.stop(house.serve) == 0)
    }
}

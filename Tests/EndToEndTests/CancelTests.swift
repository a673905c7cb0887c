import Foundation
import Testing

/// A wrong text is noticed right after it was queued: what has not begun to leave can be taken back, also when the worker
/// has long claimed it.
struct CancelTests {
    @Test(.timeLimit(.minutes(2))) func whatIsCancelledNeverArrives() async throws {
        let total = 40
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder, chaos: ["delay=300"])
        let site = try Site(providers: Site.kannel(port: sandbox.http, concurrency: 2))
        let serve = try site.start("serve")
        _ = try await serve.line(with: "ready api=")
        try await site.queue(sms: total)
        // All of them are in the worker's window now.
        try await sandbox.arrived(2)
        let ids = try await site.messages().compactMap { $0["id"] as? String }
        let answer = try await Binary.run(["messages", "cancel", "--json", "--config", site.config] + ids)
        let cancelled = Set(
            answer.lines.filter { $0["status"] as? String == "cancelled" }.compactMap { $0["id"] as? String })
        #expect(cancelled.count > total / 4, "\(answer.out)")

        let messages = try await site.drained()
        #expect(try await site.stop(serve) == 0)
        for message in messages {
            let isCancelled = cancelled.contains(message["id"] as? String ?? "")
            #expect(message["status"] as? String == (isCancelled ? "cancelled" : "sent"))
        }
        #expect(try sandbox.arrivals().count == total - cancelled.count)
    }
}

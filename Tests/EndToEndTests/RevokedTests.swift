import Foundation
import Testing

/// A key that was taken away holds no longer: not for the next request, and not for what it has open.
struct RevokedTests {
    @Test(.timeLimit(.minutes(1))) func nothingIsToldToARevokedKey() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open()
        let (lost, kept) = (try await site.key(), try await site.key())
        let stream = try Running(
            ["-sSN", "--max-time", "30", house.api + "/v1/events/stream", "-H", "Authorization: Bearer " + lost],
            program: URL(filePath: "/usr/bin/curl"))
        _ = try await stream.line(with: ": connected")

        let id = lost.split(separator: "_", maxSplits: 3)[2]
        #expect(try await site.vestnik("keys", "revoke", String(id)).code == 0)
        let refused = try await Caller(house, lost).ask("GET", "/v1/messages")
        #expect(refused.status == 401 && refused.headers["www-authenticate"] == "Bearer")
        // As for a key that never was.
        let unknown = try await Caller(house, lost.replacingOccurrences(of: id, with: "zzzzzzzz"))
            .ask("GET", "/v1/messages")
        func words(_ reply: Caller.Reply) -> [String?] {
            ["code", "title", "detail"].map { reply.json[$0] as? String }
        }
        #expect(unknown.status == 401 && words(unknown) == words(refused))

        // The end of the stream was said, and nothing came over it any more.
        let later = Date.now.addingTimeInterval(3600).ISO8601Format()
        let body = Caller.reminder(#"{"sms":"+79001234567"}"#, #","send_at":"\#(later)""#)
        let billing = Caller(house, kept)
        let sent = try #require(try await billing.ask("POST", "/v1/messages", body).id)
        #expect(try await billing.ask("POST", "/v1/messages/\(sent)/cancel").status == 200)
        #expect(try await stream.end(within: 10) == 0, "\(stream.err.text)")
        #expect(!stream.out.text.contains(sent))
        #expect(!house.serve.err.text.contains(lost), "a key stands in no log")
        #expect(try await site.stop(house.serve) == 0)
    }
}

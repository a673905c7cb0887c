import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Against a real socket: what each way of dying means, in clear and under TLS. The far side reads every request whole
/// and counts it: whatever it does then, it never gets a second copy.
@Suite struct HTTPFaultsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var acts: [Act]
        var word: String
        var retry = false
        /// The seconds that the other side asks us to wait.
        var pause: Int?
        /// Under TLS an end without a goodbye is no end.
        var clearOnly = false
        var testDescription: String { name }
        init(
            _ name: String, _ acts: [Act], _ word: String, retry: Bool = false, pause: Int? = nil,
            clearOnly: Bool = false
        ) {
            (self.name, self.acts, self.word, self.retry) = (name, acts, word, retry)
            (self.pause, self.clearOnly) = (pause, clearOnly)
        }
        /// Somebody has to lose patience.
        var isSilent: Bool { acts.contains { if case .hang = $0 { true } else { false } } }
    }

    static let rows = [
        Row("accepted", [HTTPPeer.reply(200, "id=7")], "accepted"),
        Row(
            "accepted, chunked", [.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nid=7\r\n0\r\n\r\n")],
            "accepted"),
        Row("accepted, byte by byte", [.drip("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nid=7")], "accepted"),
        Row("accepted after 100", [.say("HTTP/1.1 100 Continue\r\n\r\n"), HTTPPeer.reply(200, "id=7")], "accepted"),
        Row("accepted after early hints", [.say(hints), HTTPPeer.reply(200, "id=7")], "accepted"),
        Row("accepted after 102, 100, 103", [.say(many), HTTPPeer.reply(200, "id=7")], "accepted"),
        Row("accepted, the length unknown", [.say("HTTP/1.1 200 OK\r\n\r\nid=7"), .fin], "accepted", clearOnly: true),
        Row("early hints and a refusal", [.say(hints), HTTPPeer.reply(413)], "too_long"),
        Row("early hints, closed", [.say(hints), .fin], "no_answer"),
        Row("early hints, reset", [.say(hints), .pause(.milliseconds(20)), .reset], "no_answer"),
        Row("early hints, silence", [.say(hints), .hang], "no_answer"),
        Row("early hints without end", Array(repeating: .say(hints), count: 3000) + [.fin], "no_answer"),
        Row("closed after reading", [.fin], "no_answer"),
        Row("reset after reading", [.reset], "no_answer"),
        Row("silence", [.hang], "no_answer"),
        Row("garbage", [.say("%%%%\r\n\r\nwhat"), .fin], "no_answer"),
        Row("half a status line", [.say("HTTP/1."), .fin], "no_answer"),
        Row("only 100 Continue", [.say("HTTP/1.1 100 Continue\r\n\r\n"), .fin], "no_answer"),
        Row("closed within the headers", [.say("HTTP/1.1 200 OK\r\nContent-Le"), .fin], "unintelligible"),
        Row("closed between headers", [.say("HTTP/1.1 200 OK\r\nServer: x\r\n"), .fin], "unintelligible"),
        Row("short body", [.say("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nid=7"), .fin], "unintelligible"),
        Row(
            "short chunk", [.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nid=7"), .fin],
            "unintelligible"),
        Row(
            "bad chunk", [.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nid=7"), .fin],
            "unintelligible"),
        Row("half a body, reset", [.say(half), .pause(.milliseconds(20)), .reset], "unintelligible"),
        Row("a slow drip", slow("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nid="), "unintelligible"),
        Row("a slow drip of headers", slow("HTTP/1.1 200 OK\r\nServer: "), "unintelligible"),
        Row("a slow drip of the status line", slow("HTTP/1.1 2"), "no_answer"),
        Row("drip without end", [.say("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nid"), .hang], "unintelligible"),
        Row("oversized body", [HTTPPeer.reply(200, "id=" + String(repeating: "7", count: 70_000))], "unintelligible"),
        Row("10 MB", [HTTPPeer.reply(200, "id=" + String(repeating: "7", count: 10 << 20))], "unintelligible"),
        Row("10 MB in chunks", [.say(chunked), .fin], "unintelligible"),
        Row(
            "oversized headers",
            [HTTPPeer.reply(200, "id=7", headers: (0..<900).map { "X-\($0): " + String(repeating: "y", count: 80) })],
            "unintelligible"),
        Row("empty 200", [HTTPPeer.reply(200)], "unintelligible"),
        Row(
            "HTML with 200", [HTTPPeer.reply(200, "<html>login</html>", headers: ["Content-Type: text/html"])],
            "unintelligible"),
        Row("garbage with 200", [HTTPPeer.reply(200, "\u{0}\u{1}%%%")], "unintelligible"),
        Row(
            "a picture with 200", [HTTPPeer.reply(200, "GIF89a", headers: ["Content-Type: image/gif"])],
            "unintelligible"),
        Row("204", [.say("HTTP/1.1 204 No Content\r\n\r\n")], "unintelligible"),
        Row("401", [HTTPPeer.reply(401)], "bad_credentials"), Row("403", [HTTPPeer.reply(403)], "bad_credentials"),
        Row("301 is not followed", [HTTPPeer.reply(301, headers: ["Location: /elsewhere"])], "misconfigured"),
        Row("302 is not followed", [HTTPPeer.reply(302, headers: ["Location: /elsewhere"])], "misconfigured"),
        Row("307 is not followed", [HTTPPeer.reply(307, headers: ["Location: /elsewhere"])], "misconfigured"),
        Row("308 is not followed", [HTTPPeer.reply(308, headers: ["Location: /elsewhere"])], "misconfigured"),
        Row("303", [HTTPPeer.reply(303, headers: ["Location: /elsewhere"])], "unintelligible"),
        Row("429", [HTTPPeer.reply(429, headers: ["Retry-After: 7"])], "throttled", pause: 7),
        Row("429 without a time", [HTTPPeer.reply(429)], "throttled"),
        Row("408", [HTTPPeer.reply(408, headers: ["Retry-After: 8"])], "throttled", pause: 8),
        Row("413", [HTTPPeer.reply(413)], "too_long"),
        Row("417 is not repeated", [HTTPPeer.reply(417)], "unintelligible"),
        Row("400", [HTTPPeer.reply(400)], "unintelligible"),
        Row("500", [HTTPPeer.reply(500)], "no_answer"), Row("502", [HTTPPeer.reply(502)], "no_answer"),
        Row("500, declared harmless", [HTTPPeer.reply(500)], "unreachable", retry: true),
        Row("502, declared harmless", [HTTPPeer.reply(502)], "unreachable", retry: true),
        Row("504", [HTTPPeer.reply(504)], "no_answer"),
        Row("504, declared harmless", [HTTPPeer.reply(504)], "unreachable", retry: true),
        Row("503 without a time", [HTTPPeer.reply(503)], "no_answer"),
        Row("503, declared harmless", [HTTPPeer.reply(503)], "unreachable", retry: true),
        Row("503 with a time", [HTTPPeer.reply(503, headers: ["Retry-After: 9"])], "throttled", pause: 9),
        Row(
            "503 with a time, declared harmless", [HTTPPeer.reply(503, headers: ["Retry-After: 9"])], "throttled",
            retry: true, pause: 9),
    ]
    private static let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    private static let many = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + hints
    private static let half = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nid=7"
    private static let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + String(repeating: "10000\r\n" + String(repeating: "7", count: 65_536) + "\r\n", count: 160) + "0\r\n\r\n"
    /// Each byte comes in time, the whole never does.
    private static func slow(_ text: String) -> [Act] {
        [.say(text)] + (0..<40).flatMap { _ in [Act.say("1"), .pause(.milliseconds(50))] } + [.hang]
    }

    @Test(arguments: rows, ["POST", "GET"]) func outcome(of row: Row, _ method: String) async {
        let peer = HTTPPeer { _ in row.acts }
        await check(row, peer, PlainHTTP(url: peer.url, method: method, serverErrorsMeanRetry: row.retry))
    }

    @Test(arguments: rows.filter { !$0.clearOnly }) func outcomeUnderTLS(of row: Row) async {
        let peer = HTTPPeer { _ in row.acts }
        let url = "https://127.0.0.1:\(TLSFront.shared.port(.tls, before: peer.listener.port))"
        await check(row, peer, PlainHTTP(url: url, serverErrorsMeanRetry: row.retry))
    }

    private func check(_ row: Row, _ peer: HTTPPeer, _ provider: PlainHTTP) async {
        let account = HTTPAccount.test(
            provider, timeout: row.isSilent ? .milliseconds(1500) : .seconds(20),
            caFile: Certificates.shared.authority)
        let outcome = await account.carry(.sample())
        #expect(outcome.word == row.word)
        #expect(outcome.failure?.retryAfter == row.pause.map { .seconds($0) })
        await account.shutdown()
        #expect(peer.requests.count == 1)
    }

    /// The peer goes away before it has read a byte: no copy, whatever we can tell of it.
    @Test(arguments: ["POST", "GET"], [true, false]) func closedBeforeReading(_ method: String, byReset: Bool) async {
        let listener = Listener { byReset ? $0.reset() : $0.close() }
        let account = HTTPAccount.test(
            PlainHTTP(url: "http://127.0.0.1:\(listener.port)", method: method), timeout: .seconds(20))
        for id in 1...10 {
            let word = await account.carry(.sample(id: Int64(id))).word
            // It looks like one that died after reading, unless it was gone before we wrote.
            #expect(["no_answer", "unreachable"].contains(word))
        }
        await account.shutdown()
        #expect(listener.connections <= 10, "no second try")
    }

    /// A peer that resets idle connections: sometimes we find out in time, sometimes not; never a second copy.
    @Test(arguments: ["POST", "GET"]) func anIdleConnectionThatIsReset(_ method: String) async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "id=7"), .pause(.milliseconds(5)), .reset] }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url, method: method), concurrency: 1, timeout: .seconds(20))
        var words: [String] = []
        for id in 1...20 {
            words.append(await account.carry(.sample(id: Int64(id))).word)
            try? await Task.sleep(for: .milliseconds(20))
        }
        await account.shutdown()
        #expect(words.first == "accepted" && Set(words).isSubset(of: ["accepted", "no_answer"]))
        // Each accepted one was read once; of the others none was read.
        #expect(peer.requests.count == words.count { $0 == "accepted" })
    }

    @Test(arguments: rows) func lostUploadsAreRepeatable(_ row: Row) async {
        let peer = HTTPPeer { _ in row.acts }
        let account = HTTPAccount.test(
            PlainHTTP(url: peer.url, serverErrorsMeanRetry: row.retry, delivers: false),
            timeout: row.isSilent ? .milliseconds(600) : .seconds(20))
        let unknown: Set = ["no_answer", "unintelligible"]
        #expect(await account.carry(.sample()).word == (unknown.contains(row.word) ? "unreachable" : row.word))
        await account.shutdown()
    }

    @Test(arguments: ["POST", "GET"], [true, false])
    func aReusedConnectionThatDiesGivesOneCopy(_ method: String, byReset: Bool) async {
        let peer = HTTPPeer { $0.number % 2 == 0 ? [HTTPPeer.reply(200, "id=7")] : [byReset ? .reset : .fin] }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url, method: method), concurrency: 1)
        var words: [String] = []
        for id in 1...20 { words.append(await account.carry(.sample(id: Int64(id))).word) }
        await account.shutdown()
        let connections = peer.requests.map(\.connection)
        // Without reuse the trap would not have been walked into.
        #expect(Set(connections).count < connections.count)
        #expect(words.count { $0 == "accepted" } == (connections.count + 1) / 2, "each answer was heard once")
        guard !byReset else {
            // A reset may hit the next request before the peer has read it: unknown too, and never a second copy.
            #expect(connections.count <= 20 && Set(words).isSubset(of: ["accepted", "no_answer"]))
            return
        }
        #expect(words == (1...20).map { $0 % 2 == 1 ? "accepted" : "no_answer" })
        #expect(connections.count == 20)
    }

}

import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Delivery

/// One handle carries one request after another: of the last one nothing may be left, and none is ever repeated.
@Suite struct HTTPReuseTests {
    /// Sends what the test says, in the order of the submissions' numbers.
    struct Scripted: HTTPProvider {
        var requests: [HTTPRequest]
        func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
            HTTPExchange(requests[submission.number - 1]) { response throws(DeliveryFailure) in
                guard response.status == 200 else { throw HTTPAnswer.common(response, at: .noon) }
                return .done(Receipt(providerID: String(decoding: response.body, as: UTF8.self)))
            }
        }
    }

    private func send(_ make: (String) -> [HTTPRequest], _ peer: HTTPPeer) async -> [String] {
        let requests = make(peer.url)
        let account = HTTPAccount.test(Scripted(requests: requests), concurrency: 1)
        var words: [String] = []
        for number in requests.indices {
            words.append(await account.carry(.sample(id: Int64(number + 1), number: number + 1)).word)
        }
        await account.shutdown()
        return words
    }

    static func head(_ line: String, _ port: Int, _ headers: [String]) -> String {
        ([line + " HTTP/1.1", "Host: 127.0.0.1:\(port)"] + headers).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func nothingOfTheLastRequestIsLeft() async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200)] }
        let big = Array(String(repeating: "B", count: 50_000).utf8)
        let words = await send(
            { url in
                [
                    HTTPRequest(
                        "POST", url.replacing("http://", with: "http://user:pass@") + "/1?a=1",
                        headers: [
                            .init("User-Agent", "Odd"), .init("Content-Type", "a/b"), .init("Accept", "x/y"),
                            .init("X-One", "1"), .init("Authorization", "Bearer one"),
                        ], body: Array("one-one-one".utf8)),
                    HTTPRequest("POST", url + "/2", body: Array("two".utf8)),
                    HTTPRequest("POST", url + "/3", body: big),
                    HTTPRequest("POST", url + "/4", body: Array("4".utf8)),
                    HTTPRequest("POST", url + "/5"),
                    HTTPRequest("GET", url + "/6", headers: [.init("X-Six", "6")]),
                    HTTPRequest("HEAD", url + "/7"),
                    HTTPRequest("GET", url + "/8"),
                    HTTPRequest("PUT", url + "/9", body: Array("nine".utf8)),
                    HTTPRequest("DELETE", url + "/10"),
                    HTTPRequest("POST", url + "/11", headers: [.init("X-Empty", "")], body: Array("11".utf8)),
                ]
            }, peer)
        #expect(words == Array(repeating: "accepted", count: 11))
        let port = peer.listener.port
        let plain = ["Accept: */*", "User-Agent: Vestnik"]
        let sized = { (count: Int) in plain + ["Content-Length: \(count)"] }
        #expect(
            peer.requests.map(\.head) == [
                Self.head(
                    "POST /1?a=1", port,
                    [
                        "User-Agent: Odd", "Content-Type: a/b", "Accept: x/y", "X-One: 1", "Authorization: Bearer one",
                        "Content-Length: 11",
                    ]),
                Self.head("POST /2", port, sized(3)), Self.head("POST /3", port, sized(50_000)),
                Self.head("POST /4", port, sized(1)), Self.head("POST /5", port, sized(0)),
                Self.head("GET /6", port, plain + ["X-Six: 6"]), Self.head("HEAD /7", port, plain),
                Self.head("GET /8", port, plain), Self.head("PUT /9", port, sized(4)),
                Self.head("DELETE /10", port, plain),
                Self.head("POST /11", port, plain + ["X-Empty:", "Content-Length: 2"]),
            ])
        #expect(
            peer.requests.map(\.body) == [
                "one-one-one", "two", String(decoding: big, as: UTF8.self), "4", "", "", "", "", "nine", "", "11",
            ])
        #expect(peer.listener.connections == 1)
    }

    /// After a failure, too; a refused request in between leaves no trace.
    @Test func nothingOfAFailureIsLeft() async {
        let peer = HTTPPeer { $0.line.contains("bad") ? [.fin] : [HTTPPeer.reply(200)] }
        let words = await send(
            { url in
                [
                    HTTPRequest("POST", url + "/bad", headers: [.init("X-Bad", "1")], body: Array("bad-body".utf8)),
                    HTTPRequest("POST", url + "/good", body: Array("good".utf8)),
                    HTTPRequest("POST", url + "/in\r\njected", headers: [.init("X-Bad", "2")], body: [1]),
                    HTTPRequest("post", url + "/lower", body: [2]),
                    HTTPRequest("POST", url + "/good", headers: [.init("X-Bad", "3\n")], body: [3]),
                    HTTPRequest("POST", url + "/good", body: Array("well".utf8)),
                ]
            }, peer)
        #expect(
            words == ["no_answer", "accepted", "misconfigured", "misconfigured", "misconfigured", "accepted"])
        #expect(peer.requests.map(\.body) == ["bad-body", "good", "well"])
        #expect(peer.requests.dropFirst().allSatisfy { !$0.head.contains("X-Bad") })
    }

    /// The two doors by which a request could be repeated: handed over whole, and asked for piece by piece. Longer than
    /// libcurl's own patience with one handle.
    @Test(arguments: [10, 8 * 1024, 8 * 1024 + 1, 200_000], [true, false])
    func aReusedConnectionThatDiesGivesOneCopyOfABody(_ size: Int, byReset: Bool) async {
        let peer = HTTPPeer { $0.number % 2 == 0 ? [HTTPPeer.reply(200)] : [byReset ? .reset : .fin] }
        let text = String(repeating: "x", count: size)
        let words = await send(
            { url in (1...20).map { HTTPRequest("POST", url + "/\($0)", body: Array(text.utf8)) } }, peer)
        let connections = peer.requests.map(\.connection)
        #expect(Set(connections).count < connections.count)
        #expect(Set(words).isSubset(of: ["accepted", "no_answer"]))
        #expect(Set(peer.requests.map(\.line)).count == peer.requests.count, "one copy of each")
        #expect(peer.requests.allSatisfy { $0.body.utf8.count == size })
        if !byReset { #expect(words == (1...20).map { $0 % 2 == 1 ? "accepted" : "no_answer" }) }
    }

    /// When one connection dies there may be another idle one: not for a second copy either.
    @Test func noSecondCopyOverAnotherIdleConnection() async {
        let peer = HTTPPeer { request in
            if request.line.contains("dies") { return [.fin] }
            return [.pause(.milliseconds(30)), HTTPPeer.reply(200)]
        }
        let (url, body) = (peer.url, Array("x".utf8))
        let requests = (1...8).map { HTTPRequest("POST", url + "/warm\($0)", body: body) }
        let dying = (1...4).map { HTTPRequest("POST", url + "/dies\($0)", body: body) }
        let account = HTTPAccount.test(Scripted(requests: requests + dying), concurrency: 8)
        let warm = await account.carry((1...8).map { .sample(id: Int64($0), number: $0) })
        #expect(warm.allSatisfy { $0.outcome.word == "accepted" })
        for number in 9...12 {
            #expect(await account.carry(.sample(id: Int64(number), number: number)).word == "no_answer")
        }
        await account.shutdown()
        #expect(peer.requests.count == 12)
    }

    /// A peer that hangs up idle connections costs nothing.
    @Test func idleConnectionsThatEnd() async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200), .pause(.milliseconds(5)), .fin] }
        let account = HTTPAccount.test(
            Scripted(requests: (1...10).map { HTTPRequest("POST", peer.url + "/\($0)", body: [1]) }), concurrency: 1)
        for number in 1...10 {
            #expect(await account.carry(.sample(id: Int64(number), number: number)).word == "accepted")
            try? await Task.sleep(for: .milliseconds(20))
        }
        await account.shutdown()
        #expect(peer.requests.count == 10)
    }
}

@Suite struct HTTPHeadersTests {
    @Test func linesAsLibcurlTakesThem() {
        var headers: HTTPHeaders = [.init("X-A", "1"), .init("X-Empty", ""), .init("X-Blank", " \t")]
        headers.append(.init("Content-Type", "a: b; c"))
        #expect(
            headers.lines == Array("X-A: 1\0X-Empty;\0X-Blank;\0Content-Type: a: b; c\0".utf8))
        #expect(headers.count == 4 && headers.fault == nil && headers.own == .contentType)
        #expect(
            Array(headers) == [
                .init("X-A", "1"), .init("X-Empty", ""), .init("X-Blank", ""), .init("Content-Type", "a: b; c"),
            ])
        var twice = headers
        twice.append(contentsOf: [.init("user-agent", "x")])
        #expect(twice.lines == headers.lines + Array("user-agent: x\0".utf8))
        #expect(twice.own == [.contentType, .userAgent])
    }

    @Test(arguments: [
        ("X-A", "a\r\nX-Evil: 1"), ("X-A", "a\nb"), ("X-A", "a\rb"), ("X-A", "a\0b"), ("X-A", "\u{7F}"),
        ("X-A", "a\r\n\u{200D}X-Evil: 1"), ("X A", "1"), ("", "1"), ("X-A:", "1"), ("X\r\nY", "1"), ("Ключ", "1"),
        ("Content-Length", "3"), ("TRANSFER-ENCODING", "chunked"), ("expect", "x"), ("Connection", "close"),
    ])
    func whatNeverGetsIn(_ name: String, _ value: String) {
        var headers: HTTPHeaders = [.init("X-Good", "1"), .init(name, value), .init("X-Also", "2")]
        #expect(headers.lines == Array("X-Good: 1\0X-Also: 2\0".utf8))
        #expect(headers.fault != nil)
        #expect(throws: DeliveryFailure.self) { try headers.check() }
        #expect(headers.fault?.contains(value) != true || value == "1" || value == "3")
        // The fault goes along.
        var others = HTTPHeaders()
        others.append(contentsOf: headers)
        #expect(throws: DeliveryFailure.self) { try others.check() }
        headers = []
        #expect(headers.fault == nil)
    }

    @Test func aWrittenValueIsCheckedToo() throws {
        let name = try #require(HTTPHeaderName("X-A"))
        var headers = HTTPHeaders()
        headers.append(name) { out in
            out.append(contentsOf: "left out".utf8)
            return false
        }
        #expect(headers.lines.isEmpty && headers.fault == nil)
        headers.append(name) { out in
            out.append(0x0A)
            return true
        }
        #expect(headers.lines.isEmpty && headers.fault == "the header X-A holds a control character")
    }

    @Test func aReplyFindsItsHeaders() {
        let head = Array("Server: x\r\nRetry-After:  7 \r\nno colon\r\nX-Empty:\r\nretry-after: 9\r\n".utf8)
        let response = HTTPResponse(200, head: head, body: [])
        #expect(response.header("retry-after") == "7" && response.header("x-empty") == "")
        #expect(response.header("date") == nil)
        #expect(response.headers.map(\.name) == ["server", "retry-after", "x-empty", "retry-after"])
        #expect(HTTPResponse(200, headers: [.init("a", "b c")], body: []).headers == [.init("a", "b c")])
    }
}

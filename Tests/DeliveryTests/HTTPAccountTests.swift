import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// What is on the wire, and when.
@Suite struct HTTPAccountTests {
    @Test func aBodyNotWhollyReadIsRetried() async {
        let big = String(repeating: "x", count: 8 << 20)
        let peer = HTTPPeer(early: { _ in [.read(1000), .reset] }, script: { _ in [.fin] })
        let account = HTTPAccount.test(PlainHTTP(url: peer.url), timeout: .seconds(5))
        #expect(await account.carry(.sample(Content(text: big))).word == "unreachable")
        await account.shutdown()
        #expect(peer.requests.isEmpty)
        #expect(peer.listener.connections == 1)
    }

    @Test func aRefusalBeforeTheBodyIsRead() async {
        let big = String(repeating: "x", count: 8 << 20)
        let peer = HTTPPeer(
            early: { _ in [HTTPPeer.reply(413, headers: ["Connection: close"]), .hang] }, script: { _ in [.fin] })
        let account = HTTPAccount.test(PlainHTTP(url: peer.url), timeout: .seconds(5))
        #expect(await account.carry(.sample(Content(text: big))).word == "too_long")
        await account.shutdown()
    }

    @Test func whatCannotBeReached() async {
        let gone = Listener { _ in }
        gone.close()
        for (url, word) in [
            ("http://127.0.0.1:\(gone.port)", "unreachable"), ("http://no-such-host.invalid", "unreachable"),
            ("ftp://127.0.0.1", "misconfigured"), ("http://127.0.0.1:99999", "misconfigured"),
            ("http://127.0.0.1/ x", "misconfigured"), ("http://127.0.0.1/\r\nHost: evil", "misconfigured"),
        ] {
            let account = HTTPAccount.test(PlainHTTP(url: url), timeout: .seconds(5))
            #expect(await account.carry(.sample()).word == word, "\(url)")
            await account.shutdown()
        }
    }

    @Test(arguments: [
        "a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\u{0}b", "a\r\n\u{200D}X-Evil: 1", "a\u{7F}",
    ])
    func headersCannotBeInjected(_ value: String) async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "id=7")] }
        for header in [HTTPRequest.Header("X-Name", value), .init(value, "x")] {
            let account = HTTPAccount.test(PlainHTTP(url: peer.url, headers: [header]))
            #expect(await account.carry(.sample()).word == "misconfigured")
            await account.shutdown()
        }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url, headers: [.init("Content-Length", "3")]))
        #expect(await account.carry(.sample()).word == "misconfigured")
        await account.shutdown()
        #expect(peer.listener.connections == 0)
    }

    @Test func theRequestAsItIsOnTheWire() async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "id=7", headers: ["Set-Cookie: a=b"])] }
        let headers: [HTTPRequest.Header] = [.init("X-Empty", ""), .init("Content-Type", "application/json")]
        let account = HTTPAccount.test(PlainHTTP(url: peer.url, headers: headers), concurrency: 1)
        for id in 1...2 { _ = await account.carry(.sample(Content(text: "{\"n\":\(id)}"), id: Int64(id))) }
        await account.shutdown()
        let expected = """
            POST /send HTTP/1.1\r\nHost: 127.0.0.1:\(peer.listener.port)\r\nAccept: */*\r\nUser-Agent: Vestnik\r\nX-Empty:\r
            Content-Type: application/json\r\nContent-Length: 7\r\n\r\n
            """
        // The second one too: no cookie, no trace of the first.
        #expect(peer.requests.map(\.head) == [expected, expected])
        #expect(peer.requests.map(\.body) == ["{\"n\":1}", "{\"n\":2}"])
        #expect(peer.listener.connections == 1)
    }

    @Test func reusedHandlesKeepNothing() async {
        let peer = HTTPPeer { [HTTPPeer.reply(200, "id=\($0.body.utf8.count)", headers: ["X-Seen: \($0.number)"])] }
        struct Canary: HTTPProvider {
            var url: String
            func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
                let number = submission.number
                let method = number % 3 == 0 ? "GET" : number % 3 == 1 ? "POST" : "PUT"
                let body = method == "GET" ? [] : Array("canary-\(number)-body".utf8)
                let request = HTTPRequest(
                    method, url + "/c/\(number)", headers: [.init("X-Canary-\(number)", "canary-\(number)-head")],
                    body: body)
                return HTTPExchange(request) { response throws(DeliveryFailure) in
                    // Only this reply's headers and body.
                    guard response.headers.count == 2,
                        String(decoding: response.body, as: UTF8.self) == "id=\(body.count)"
                    else { throw DeliveryFailure(.contentRejected, detail: "\(response)") }
                    return .done(Receipt(providerID: "\(number)"))
                }
            }
        }
        let account = HTTPAccount.test(Canary(url: peer.url), concurrency: 2)
        let answers = await account.carry((1...60).map { .sample(id: Int64($0), number: $0) })
        await account.shutdown()
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect(Set(answers.map(\.reference)).count == 60)
        for request in peer.requests {
            let number = request.line.split(separator: "/")[2].prefix { $0 != " " }
            let whole = request.head + request.body
            let canaries = whole.matches(of: /canary-([0-9]+)-/).map { String($0.output.1) }
            #expect(canaries.allSatisfy { $0 == number } && !canaries.isEmpty)
        }
        #expect(peer.listener.connections <= 2)
    }

    @Test func exchangesAreChained() async throws {
        struct Upload: HTTPProvider {
            var url: String
            func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
                HTTPExchange(HTTPRequest("POST", url + "/upload", body: [1]), delivers: false) { [url] first in
                    let name = String(decoding: first.body, as: UTF8.self)
                    return .next(
                        HTTPExchange(HTTPRequest("POST", url + "/send?file=" + name, body: [2])) { second in
                            .done(Receipt(providerID: String(decoding: second.body, as: UTF8.self)))
                        })
                }
            }
        }
        let peer = HTTPPeer { $0.line.contains("upload") ? [HTTPPeer.reply(200, "f1")] : [HTTPPeer.reply(200, "m1")] }
        let account = HTTPAccount.test(Upload(url: peer.url))
        #expect(try await account.carry(.sample()).get().providerID == "m1")
        await account.shutdown()
        #expect(peer.requests.map(\.line) == ["POST /upload HTTP/1.1", "POST /send?file=f1 HTTP/1.1"])
    }

    @Test func aChainWithoutEndIsCut() async {
        struct Endless: HTTPProvider {
            var url: String
            func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange { link() }
            func link() -> HTTPExchange {
                HTTPExchange(HTTPRequest("GET", url), delivers: false) { _ in .next(self.link()) }
            }
        }
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200)] }
        let account = HTTPAccount.test(Endless(url: peer.url))
        #expect(await account.carry(.sample()).word == "misconfigured")
        await account.shutdown()
    }

    @Test func concurrencyIsKept() async {
        let now = Shared((now: 0, most: 0))
        let peer = HTTPPeer { _ in
            now.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            usleep(3000)
            now.change { $0.now -= 1 }
            return [HTTPPeer.reply(200, "id=1")]
        }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url), concurrency: 5, timeout: .seconds(5))
        let answers = await account.carry((1...100).map { .sample(id: Int64($0)) })
        await account.shutdown()
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect((2...5).contains(now.value.most))
    }

    @Test func freshConnectionsAreFresh() async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "id=1")] }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url), concurrency: 1, fresh: true)
        for id in 1...5 { _ = await account.carry(.sample(id: Int64(id))) }
        await account.shutdown()
        #expect(peer.listener.connections == 5)
    }

    @Test func shutdownAnswersEverySubmissionOnce() async {
        let peer = HTTPPeer { _ in [.pause(.milliseconds(50)), HTTPPeer.reply(200, "id=1")] }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url), concurrency: 4, timeout: .seconds(3))
        let answered = Answered()
        account.submit((1...50).map { .sample(id: Int64($0)) }, answer: answered.add)
        await until { peer.requests.count >= 4 }
        await account.shutdown()
        // What had begun came to its end, the rest was never begun.
        #expect(answered.all.count == 50)
        #expect(Set(answered.all.map(\.reference)).count == 50)
        #expect(answered.all.count { $0.outcome.word == "accepted" } == peer.requests.count)
        #expect(answered.all.allSatisfy { ["accepted", "unreachable"].contains($0.outcome.word) })
        account.submit([.sample(id: 51)], answer: answered.add)
        #expect(answered.all.count == 51)
        await account.shutdown()
    }

    @Test func proxyOfTheEnvironmentIsIgnored() async {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("all_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy"); unsetenv("all_proxy") }
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "id=7")] }
        let account = HTTPAccount.test(PlainHTTP(url: peer.url))
        #expect(await account.carry(.sample()).word == "accepted")
        await account.shutdown()
    }
}

@Suite struct HTTPClientTests {
    @Test func anyCompleteReplyIsReturned() async throws {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(404, "no", headers: ["X-A: b "])] }
        let client = HTTPClient(AccountSettings(baseURL: peer.url))
        let response = try await client.exchange(HTTPRequest("GET", peer.url + "/x"))
        #expect(response.status == 404 && response.body == Array("no".utf8) && response.header("x-a") == "b")
        await client.shutdown()
        await #expect(throws: DeliveryFailure.self) { try await client.exchange(HTTPRequest("GET", peer.url)) }
    }

    @Test func aCancelledTaskReturnsAtOnce() async {
        let peer = HTTPPeer { _ in [.hang] }
        let client = HTTPClient(AccountSettings(baseURL: peer.url, timeout: .seconds(30)))
        let task = Task { () -> String in
            do throws(DeliveryFailure) {
                _ = try await client.exchange(HTTPRequest("GET", peer.url + "/x"))
                return "answered"
            } catch {
                return error.reason.rawValue
            }
        }
        await until { peer.requests.count == 1 }
        let start = ContinuousClock.now
        task.cancel()
        #expect(await task.value == "no_answer")
        #expect(ContinuousClock.now - start < .seconds(5))
        await client.shutdown()
    }
}

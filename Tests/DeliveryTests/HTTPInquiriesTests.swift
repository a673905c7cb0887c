import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Asking over a real socket: one finding for each inquiry, one question at a time.
@Suite struct HTTPInquiriesTests {
    /// Asks `GET /ask?id=…`; `yes`, `no`, and anything else.
    struct Oracle: HTTPProvider {
        var url: String
        func exchange(for submission: Submission) throws(DeliveryFailure) -> HTTPExchange {
            HTTPExchange(HTTPRequest("POST", url + "/send")) { _ in .done(Receipt()) }
        }
        func question(about inquiry: Inquiry) throws(DeliveryFailure) -> HTTPQuestion? {
            // The third of each message cannot be asked about, the fourth cannot even be put into words.
            if inquiry.number == 3 { return nil }
            if inquiry.number == 4 { throw DeliveryFailure(.misconfigured) }
            return HTTPQuestion(HTTPRequest("GET", url + "/ask?id=\(inquiry.reference.text)")) { response in
                switch String(decoding: response.body, as: UTF8.self) {
                case "yes": .had(Receipt(providerID: "p"))
                case "no": .hadNot
                default: .cannotTell
                }
            }
        }
    }

    private static func inquiry(_ id: Int64, number: Int = 1) -> Inquiry {
        Inquiry(reference: MessageID(raw: id), number: number, to: .sms(), beganAt: .noon)
    }

    /// In the order in which they came.
    private static func findings(_ provider: some Provider, _ inquiries: [Inquiry]) async -> [Finding.Result?] {
        let heard = Shared<[Finding]>([])
        provider.ask(inquiries) { batch in heard.change { $0 += batch } }
        await until(within: .seconds(30)) { heard.value.count >= inquiries.count }
        #expect(heard.value.map(\.reference) == inquiries.map(\.reference), "one each, in order")
        return heard.value.map(\.result)
    }

    @Test func oneQuestionAtATime() async {
        let now = Shared((now: 0, most: 0))
        let peer = HTTPPeer { request in
            now.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            usleep(2000)
            now.change { $0.now -= 1 }
            return [HTTPPeer.reply(200, ["yes", "no", "what?"][request.number % 3])]
        }
        let account = HTTPAccount.test(Oracle(url: peer.url), concurrency: 8)
        let results = await Self.findings(account, (1...30).map { Self.inquiry($0) })
        let expected: [Finding.Result] = [.had(Receipt(providerID: "p")), .hadNot, .cannotTell]
        #expect(results == (0..<30).map { expected[$0 % 3] })
        #expect(now.value.most == 1)
        await account.shutdown()
    }

    @Test func whatCannotBeAskedIsSkipped() async {
        let peer = HTTPPeer { _ in [HTTPPeer.reply(200, "no")] }
        let account = HTTPAccount.test(Oracle(url: peer.url))
        let results = await Self.findings(account, (1...4).map { Self.inquiry(Int64($0), number: $0) })
        #expect(results == [.hadNot, .hadNot, .cannotTell, .cannotTell])
        #expect(peer.requests.count == 2)
        await account.shutdown()
    }

    /// The rest would wait for a time-out each.
    @Test(arguments: [[Act.hang], [.fin], [.reset], [.say("%%%"), .fin]])
    func aProviderThatDoesNotAnswerIsNotAskedOn(_ acts: [Act]) async {
        let peer = HTTPPeer { $0.number == 0 ? [HTTPPeer.reply(200, "no")] : acts }
        let account = HTTPAccount.test(Oracle(url: peer.url), timeout: .seconds(2))
        let results = await Self.findings(account, (1...20).map { Self.inquiry($0) })
        #expect(results == [.hadNot] + Array(repeating: .cannotTell, count: 19))
        #expect(peer.requests.count == 2)
        // It may be asked again.
        #expect(await Self.findings(account, [Self.inquiry(1)]).count == 1)
        await account.shutdown()
        #expect(
            await Self.findings(account, (1...3).map { Self.inquiry($0) }) == Array(repeating: .cannotTell, count: 3))
    }

    @Test func askingDoesNotHoldUpSending() async {
        let sent = Shared(0)
        let peer = HTTPPeer { request in
            if request.line.contains("ask") {
                // No answer before everything was sent.
                for _ in 0..<10_000 where sent.value < 20 { usleep(1000) }
            } else {
                sent.change { $0 += 1 }
            }
            return [HTTPPeer.reply(200, "no")]
        }
        let account = HTTPAccount.test(Oracle(url: peer.url), concurrency: 2)
        let heard = Shared<[Finding]>([])
        account.ask((1...5).map { Self.inquiry($0) }) { batch in heard.change { $0 += batch } }
        let answers = await account.carry((1...20).map { .sample(id: Int64($0)) })
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        await until { heard.value.count == 5 }
        #expect(heard.value.map(\.result) == Array(repeating: .hadNot, count: 5))
        await account.shutdown()
    }

    @Test func aMailServerCannotBeAsked() async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer)
        #expect(
            await Self.findings(account, (1...3).map { Self.inquiry($0) }) == Array(repeating: .cannotTell, count: 3))
        #expect(!account.profile.canBeAsked && peer.connections == 0)
        await account.shutdown()
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Against a real socket: every way a relay can misbehave, with and without PIPELINING.
@Suite struct SMTPAccountTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: SMTPPeer.Kind
        var acts: [Act]
        var word: String
        var code: String?
        var testDescription: String { name }
        init(_ name: String, _ kind: SMTPPeer.Kind, _ acts: [Act], _ word: String, _ code: String? = nil) {
            (self.name, self.kind, self.acts, self.word, self.code) = (name, kind, acts, word, code)
        }
    }
    static let rows = [
        Row("greeting 421", .greeting, [.say("421 4.3.2 busy\r\n"), .fin], "unreachable"),
        Row("greeting 554", .greeting, [.say("554 no service\r\n"), .fin], "unreachable"),
        Row("greeting silent", .greeting, [.hang], "unreachable"),
        Row("greeting dripping", .greeting, [.say("2"), .pause(.milliseconds(100)), .say("2"), .hang], "unreachable"),
        Row("endless greeting line", .greeting, [.say(String(repeating: "2", count: 400_000)), .hang], "unreachable"),
        Row(
            "endless greeting", .greeting, [.say(String(repeating: "220-hello\r\n", count: 60_000)), .hang],
            "unreachable"),
        Row("EHLO: closed", .ehlo, [.fin], "unreachable"),
        Row("MAIL 451", .mail, [.say("451 4.3.0 later\r\n")], "unreachable", "451 4.3.0"),
        Row("MAIL 550", .mail, [.say("550 no such sender\r\n")], "misconfigured", "550"),
        Row("MAIL 530", .mail, [.say("530 5.7.0 log in\r\n")], "bad_credentials", "530 5.7.0"),
        Row("MAIL: closed", .mail, [.fin], "unreachable"),
        Row("MAIL: silence", .mail, [.hang], "unreachable"),
        Row("RCPT 550", .recipient, [.say("550 no\r\n")], "unknown_address", "550"),
        Row(
            "RCPT 550 5.1.1, several lines", .recipient, [.say("550-5.1.1 no such\r\n550 5.1.1 user\r\n")],
            "unknown_address", "550 5.1.1"),
        Row("RCPT 554 5.7.1", .recipient, [.say("554 5.7.1 spam\r\n")], "content_rejected", "554 5.7.1"),
        Row("RCPT 452 4.2.2", .recipient, [.say("452 4.2.2 full\r\n")], "address_busy", "452 4.2.2"),
        Row("RCPT 451 4.7.1", .recipient, [.say("451 4.7.1 grey\r\n")], "address_busy", "451 4.7.1"),
        Row("RCPT 421", .recipient, [.say("421 4.3.2 closing\r\n"), .fin], "unreachable", "421 4.3.2"),
        Row("RCPT: reset before 354", .recipient, [.reset], "unreachable"),
        Row("RCPT: garbage", .recipient, [.say("hello\r\n"), .hang], "unreachable"),
        Row("DATA 554", .data, [.say("554 5.6.0 no\r\n")], "content_rejected", "554 5.6.0"),
        Row("DATA 451", .data, [.say("451 4.3.0 no\r\n")], "address_busy", "451 4.3.0"),
        Row("DATA 250", .data, [.say("250 what\r\n"), .hang], "unreachable", "250"),
        Row("DATA: silence", .data, [.hang], "unreachable"),
        Row("DATA: closed", .data, [.fin], "unreachable"),
        Row(
            "reset after a small content", .data, [.say("354 go\r\n"), .read(10), .pause(.milliseconds(30)), .reset],
            "no_answer"),
        Row("after the dot: closed", .content, [.fin], "no_answer"),
        Row("after the dot: reset", .content, [.reset], "no_answer"),
        Row("after the dot: silence", .content, [.hang], "no_answer"),
        Row("after the dot: 25 and reset", .content, [.say("25"), .pause(.milliseconds(20)), .reset], "no_answer"),
        Row("after the dot: 250 without its end", .content, [.say("250 ok"), .fin], "no_answer"),
        Row("after the dot: garbage", .content, [.say("what?\r\n"), .hang], "no_answer"),
        Row("after the dot: 354", .content, [.say("354 more\r\n"), .hang], "no_answer", "354"),
        Row(
            "after the dot: endless line", .content, [.say("250 " + String(repeating: "x", count: 5000)), .hang],
            "no_answer"),
        Row(
            "after the dot: 101 lines", .content, [.say(String(repeating: "250-x\r\n", count: 101)), .hang], "no_answer"
        ),
        Row("after the dot: 421", .content, [.say("421 4.3.2 no\r\n"), .fin], "unreachable", "421 4.3.2"),
        Row("after the dot: 452", .content, [.say("452 4.3.1 no\r\n")], "address_busy", "452 4.3.1"),
        Row("after the dot: 554", .content, [.say("554 5.7.1 spam\r\n")], "content_rejected", "554 5.7.1"),
        Row("after the dot: 550", .content, [.say("550 no\r\n")], "content_rejected", "550"),
        Row("after the dot: 552", .content, [.say("552 too big\r\n")], "too_long", "552"),
        Row("after the dot: 550 5.7.26", .content, [.say("550 5.7.26 no DKIM\r\n")], "bad_credentials", "550 5.7.26"),
        Row("after the dot: 250", .content, [.say("250 2.0.0 Ok: queued as ABC\r\n")], "accepted"),
        Row(
            "after the dot: 250, dripping", .content, [.drip("250-2.0.0 Ok\r\n250 2.0.0 queued as ABC\r\n")], "accepted"
        ),
        Row("closed right after the 250", .content, [.say("250 2.0.0 Ok: queued as ABC\r\n"), .fin], "accepted"),
    ]

    @Test(arguments: rows, [SMTPPeer.everything, SMTPPeer.lockStep])
    func outcome(of row: Row, _ capabilities: [String]) async {
        let once = Shared(true)
        let peer = SMTPPeer(capabilities) { step in
            guard step.kind == row.kind, once.value else { return nil }
            once.change { $0 = false }
            return row.acts
        }
        let account = SMTPAccount.test(peer, timeout: .milliseconds(700))
        let outcome = await account.carry(.mail())
        #expect(outcome.word == row.word)
        if let code = row.code { #expect(outcome.failure?.code == code) }
        if case .success(let receipt) = outcome { #expect(receipt.providerID == "ABC") }
        // Whatever happened, the next one goes, on the same session or another, and once.
        #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.mails.count { $0.content == "second\r\n" } == 1)
        #expect(peer.commands.count { $0 == "DATA" } <= 2)
    }

    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func aLargeContentNotWhollyTakenIsRetried(_ capabilities: [String]) async {
        let large = String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 120_000)
        let peer = SMTPPeer(capabilities.filter { !$0.hasPrefix("SIZE") }) {
            $0.kind == .data && $0.connection == 0 ? [.say("354 go\r\n"), .read(100_000), .reset] : nil
        }
        let account = SMTPAccount.test(peer)
        #expect(await account.carry(.mail(large)).word == "unreachable")
        #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.mails.map(\.content) == ["second\r\n"])
    }

    @Test func aContentNobodyReadsIsRetried() async {
        let large = String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 120_000)
        let peer = SMTPPeer(["PIPELINING"]) {
            $0.kind == .data ? [.say("354 go\r\n"), .pause(.milliseconds(1500)), .fin] : nil
        }
        let account = SMTPAccount.test(peer)
        #expect(await account.carry(.mail(large)).word == "unreachable")
        await account.shutdown()
    }

    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func refusedRecipientsLeaveTheSessionUsable(_ capabilities: [String]) async {
        let peer = SMTPPeer(capabilities) {
            $0.kind == .recipient && $0.line.contains("nobody") ? [.say("550 5.1.1 no\r\n")] : nil
        }
        let account = SMTPAccount.test(peer)
        let batch: [Submission] = (1...40).map {
            .mail("mail \($0)\r\n", id: Int64($0), to: $0 % 2 == 0 ? "nobody\($0)@x.ru" : "anna\($0)@x.ru")
        }
        let answers = await account.carry(batch)
        await account.shutdown()
        for (number, submission) in zip(1..., batch) {
            let mine = answers.filter { $0.reference == submission.reference }
            #expect(mine.map(\.outcome.word) == [number % 2 == 0 ? "unknown_address" : "accepted"])
        }
        #expect(peer.connections == 1)
        #expect(peer.commands.count { $0 == "RSET" } >= 19)
        for mail in peer.mails {
            // Each mail has its own recipient and its own content only.
            let number = mail.to[0].split(separator: "@")[0].split(separator: "anna")[1]
            #expect(mail.to.count == 1 && mail.content == "mail \(number)\r\n")
        }
        #expect(peer.mails.count == 20)
    }

    @Test func aServerThatWantsContentForNobodyGetsALoneDot() async {
        let peer = SMTPPeer { step in
            switch step.kind {
            case .recipient where step.line.contains("nobody"): [.say("550 5.1.1 no\r\n")]
            case .data: [.say("354 go on\r\n")]
            default: nil
            }
        }
        let account = SMTPAccount.test(peer)
        #expect(await account.carry(.mail("secret\r\n", to: "nobody@x.ru")).word == "unknown_address")
        #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.mails.map(\.content) == ["", "second\r\n"])
        #expect(peer.mails[0].to.isEmpty)
        #expect(!peer.wire.contains("secret"))
        #expect(peer.connections == 1)
    }

    @Test func tooLargeMailsAreNotBegun() async {
        let peer = SMTPPeer(["PIPELINING", "SIZE 1000"])
        let account = SMTPAccount.test(peer)
        let large = String(repeating: "0123456789\r\n", count: 100)
        let answers = await account.carry([.mail(large), .mail(id: 2)])
        await account.shutdown()
        #expect(answers.filter { $0.outcome.word == "too_long" }.map(\.reference) == [MessageID(raw: 1)])
        #expect(peer.mails.count == 1)
        #expect(peer.commands.contains("MAIL FROM:<bounce@uk.example> SIZE=21"))
        #expect(!peer.wire.contains("0123456789"))
    }

    @Test(arguments: [
        (".\r\n", ".\r\n"), ("a\r\n.\r\nMAIL FROM:<x@y>\r\n", "a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
        ("..two\r\n.one\r\n", "..two\r\n.one\r\n"), ("no end", "no end\r\n"), ("", ""), (".", ".\r\n"),
    ])
    func dotsArriveAsTheyWere(_ text: String, _ arrived: String) async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer)
        #expect(await account.carry(.mail(text)).word == "accepted")
        await account.shutdown()
        let undone = peer.mails.map { $0.content.split(separator: "\r\n", omittingEmptySubsequences: false) }
            .map { $0.map { $0.utf8.first == UInt8(ascii: ".") ? $0.dropFirst() : $0 }.joined(separator: "\r\n") }
        #expect(undone == [arrived])
        #expect(peer.commands.count { $0.hasPrefix("MAIL") } == 1)
    }

    @Test(arguments: [
        "a\n.\nMAIL FROM:<evil@x>\r\n", "a\n.\r\nx\r\n", "a\r.\r\n", "a\r\n.\rb\r\n", "a\u{0}\r\n", "broken",
    ])
    func smuggledLineEndsAreRefused(_ text: String) async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer)
        let answers = await account.carry([.mail(text), .mail("good\r\n", id: 2)])
        await account.shutdown()
        #expect(Set(answers.map(\.outcome.word)) == ["unrenderable", "accepted"])
        #expect(peer.mails.map(\.content) == ["good\r\n"])
        #expect(!peer.wire.contains("evil"))
    }

    @Test func theWireByteByByte() async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer)
        _ = await account.carry(.mail("Subject: x\r\n\r\n.hi\r\n", to: "o'brien+tag@example.ru"))
        await account.shutdown()
        #expect(
            peer.wire == """
                EHLO gw.example\r\nMAIL FROM:<bounce@uk.example> SIZE=19\r\nRCPT TO:<o'brien+tag@example.ru>\r\nDATA\r
                Subject: x\r\n\r\n..hi\r\n.\r\nQUIT\r\n
                """)
    }

    @Test(arguments: ["gw\r\nRCPT TO:<evil@x>", "gw evil", "", "gw/../x", "gw?x", "гв"])
    func theNameForEHLOIsChecked(_ name: String) async {
        let peer = SMTPPeer()
        for url in ["smtp://127.0.0.1:\(peer.port)"] {
            let account = SMTPAccount(
                profile: ProviderProfile(id: ProviderID("mail")!, channels: [.email], concurrency: 1),
                settings: SMTPSettings(account: AccountSettings(baseURL: url), tls: .none, heloName: name),
                composer: PlainComposer())
            #expect(await account.carry(.mail()).word == "misconfigured")
            await account.shutdown()
        }
        #expect(peer.connections == 0)
    }

    @Test(arguments: [
        "http://127.0.0.1", "smtp://user:pass@127.0.0.1", "smtp://127.0.0.1/a b", "smtp://", "smtp://h\r\nx",
    ])
    func theAddressOfTheRelayIsChecked(_ url: String) async {
        let account = SMTPAccount(
            profile: ProviderProfile(id: ProviderID("mail")!, channels: [.email], concurrency: 1),
            settings: SMTPSettings(account: AccountSettings(baseURL: url), tls: .none, heloName: "gw"),
            composer: PlainComposer())
        #expect(await account.carry(.mail()).word == "misconfigured")
        await account.shutdown()
    }

    @Test func aStrippedSTARTTLSIsRefused() async {
        let peer = SMTPPeer()
        let account = SMTPAccount(
            profile: ProviderProfile(id: ProviderID("mail")!, channels: [.email], concurrency: 1),
            settings: SMTPSettings(
                account: AccountSettings(baseURL: "smtp://127.0.0.1:\(peer.port)", timeout: .seconds(2)),
                user: "gateway",
                password: "canary-password", heloName: "gw.example"),
            composer: PlainComposer())
        #expect(await account.carry(.mail("canary-body\r\n")).word == "untrusted")
        await account.shutdown()
        #expect(peer.commands.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" })
        #expect(!peer.wire.contains("canary"))
    }

    @Test(arguments: [
        ("535 5.7.8 wrong", "bad_credentials"), ("535 wrong", "bad_credentials"), ("454 4.7.0 later", "unreachable"),
    ])
    func loginDenied(_ reply: String, _ word: String) async {
        let peer = SMTPPeer(["AUTH PLAIN LOGIN"]) { $0.kind == .other ? [.say(reply + "\r\n")] : nil }
        let account = SMTPAccount(
            profile: ProviderProfile(id: ProviderID("mail")!, channels: [.email], concurrency: 1),
            settings: SMTPSettings(
                account: AccountSettings(baseURL: "smtp://127.0.0.1:\(peer.port)", timeout: .seconds(2)), tls: .none,
                user: "gateway", password: "canary-password", heloName: "gw.example"),
            composer: PlainComposer())
        let outcome = await account.carry(.mail())
        #expect(outcome.word == word)
        #expect("\(outcome)".contains("canary") == false)
        await account.shutdown()
        #expect(peer.mails.isEmpty)
    }

    @Test func addressesStayOutOfFailures() async {
        let peer = SMTPPeer { $0.kind == .recipient ? [.say("550 5.1.1 <anna@example.ru>: user unknown\r\n")] : nil }
        let account = SMTPAccount.test(peer)
        let failure = await account.carry(.mail()).failure
        #expect(failure?.detail == "… user unknown")
        await account.shutdown()
    }

}

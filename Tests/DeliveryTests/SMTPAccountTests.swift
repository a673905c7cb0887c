import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Against a real socket: what is on the wire, and what stays off it.
@Suite struct SMTPAccountTests {
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
        let account = SMTPAccount.test(peer, patience: .quick)
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

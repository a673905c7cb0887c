import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// Against a real socket: every way a relay can misbehave, pipelined, in lock-step and behind STARTTLS. Each row says
/// which word came of it and how many whole copies of the mail the far side had in the end.
@Suite struct SMTPFaultsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// The line of the table of faults that every mail relay of ours must survive; nil for a variation.
        var fault: Int?
        var name: String
        var kind: SMTPPeer.Kind
        var acts: [Act]
        var word: String
        var code: String?
        var copies: Int
        var testDescription: String { name }
        init(_ name: String, _ kind: SMTPPeer.Kind, _ acts: [Act], _ word: String, _ code: String? = nil) {
            (self.name, self.kind, self.acts) = (name, kind, acts)
            (self.word, self.code) = (word, code)
            // What the peer does to the content comes after it was read whole.
            copies = kind == .content ? 1 : 0
        }
        init(
            _ fault: Int, _ name: String, _ kind: SMTPPeer.Kind, _ acts: [Act], _ word: String, _ code: String? = nil
        ) {
            self.init(name, kind, acts, word, code)
            self.fault = fault
        }
        /// Somebody has to lose patience.
        var isSilent: Bool {
            acts.contains {
                if case .hang = $0 { true } else if case .pause(let time) = $0 { time > .seconds(1) } else { false }
            }
        }
    }

    /// So slowly that each byte comes in time and the whole never does.
    private static func trickle(_ text: String) -> [Act] {
        text.utf8.flatMap { [.say(String(decoding: [$0], as: UTF8.self)), .pause(.milliseconds(100))] }
    }
    private static let long = String(repeating: "x", count: 40)

    static let rows = [
        Row(1, "greeting 421", .greeting, [.say("421 4.3.2 busy\r\n"), .fin], "unreachable"),
        Row(2, "greeting silent", .greeting, [.hang], "unreachable"),
        Row(3, "greeting one byte at a time", .greeting, trickle("220 \(long)") + [.hang], "unreachable"),
        Row(
            4, "endless greeting line", .greeting, [.say(String(repeating: "2", count: 400_000)), .hang], "unreachable"),
        Row(
            4, "endless greeting", .greeting, [.say(String(repeating: "220-hello\r\n", count: 60_000)), .hang],
            "unreachable"),
        Row(5, "MAIL 451", .mail, [.say("451 4.3.0 later\r\n")], "unreachable", "451 4.3.0"),
        Row(6, "RCPT 550", .recipient, [.say("550 no\r\n")], "unknown_address", "550"),
        Row(7, "RCPT 421", .recipient, [.say("421 4.3.2 closing\r\n"), .fin], "unreachable", "421 4.3.2"),
        Row(8, "RCPT: reset before 354", .recipient, [.reset], "unreachable"),
        Row(8, "DATA: reset before 354", .data, [.reset], "unreachable"),
        Row(9, "DATA 250", .data, [.say("250 what\r\n"), .hang], "unreachable", "250"),
        Row(9, "DATA 554", .data, [.say("554 5.6.0 no\r\n")], "content_rejected", "554 5.6.0"),
        Row(9, "DATA 451", .data, [.say("451 4.3.0 no\r\n")], "address_busy", "451 4.3.0"),
        Row(
            10, "reset inside DATA, all handed over", .data,
            [.say("354 go\r\n"), .read(10), .pause(.milliseconds(30)), .reset], "no_answer"),
        Row(11, "after the dot: closed", .content, [.fin], "no_answer"),
        Row(11, "after the dot: reset", .content, [.reset], "no_answer"),
        Row(12, "after the dot: silence", .content, [.hang], "no_answer"),
        Row(13, "after the dot: 25 and reset", .content, [.say("25"), .pause(.milliseconds(20)), .reset], "no_answer"),
        Row(14, "after the dot: 250 without its end", .content, [.say("250 ok"), .fin], "no_answer"),
        Row(15, "after the dot: garbage", .content, [.say("what?\r\n"), .hang], "no_answer"),
        Row(16, "after the dot: 421", .content, [.say("421 4.3.2 no\r\n"), .fin], "unreachable", "421 4.3.2"),
        Row(16, "after the dot: 452", .content, [.say("452 4.3.1 no\r\n")], "address_busy", "452 4.3.1"),
        Row(17, "after the dot: 554", .content, [.say("554 5.7.1 spam\r\n")], "content_rejected", "554 5.7.1"),
        Row(18, "after the dot: 250", .content, [.say("250 2.0.0 Ok: queued as ABC\r\n")], "accepted"),

        // Variations.
        Row("greeting 554", .greeting, [.say("554 no service\r\n"), .fin], "unreachable"),
        Row("EHLO: closed", .ehlo, [.fin], "unreachable"),
        Row("MAIL 550", .mail, [.say("550 no such sender\r\n")], "misconfigured", "550"),
        Row("MAIL 530", .mail, [.say("530 5.7.0 log in\r\n")], "bad_credentials", "530 5.7.0"),
        Row("MAIL: closed", .mail, [.fin], "unreachable"),
        Row("MAIL: silence", .mail, [.hang], "unreachable"),
        Row(
            "RCPT 550 5.1.1, several lines", .recipient, [.say("550-5.1.1 no such\r\n550 5.1.1 user\r\n")],
            "unknown_address", "550 5.1.1"),
        Row("RCPT 554 5.7.1", .recipient, [.say("554 5.7.1 spam\r\n")], "content_rejected", "554 5.7.1"),
        Row("RCPT 452 4.2.2", .recipient, [.say("452 4.2.2 full\r\n")], "address_busy", "452 4.2.2"),
        Row("RCPT 451 4.7.1", .recipient, [.say("451 4.7.1 grey\r\n")], "address_busy", "451 4.7.1"),
        Row("RCPT: garbage", .recipient, [.say("hello\r\n"), .hang], "unreachable"),
        Row("DATA: silence", .data, [.hang], "unreachable"),
        Row("DATA: closed", .data, [.fin], "unreachable"),
        Row("after the dot: 354", .content, [.say("354 more\r\n"), .hang], "no_answer", "354"),
        Row("after the dot: one byte at a time", .content, trickle("250 \(long)") + [.hang], "no_answer"),
        Row(
            "after the dot: endless line", .content, [.say("250 " + String(repeating: "x", count: 5000)), .hang],
            "no_answer"),
        Row(
            "after the dot: 101 lines", .content, [.say(String(repeating: "250-x\r\n", count: 101)), .hang], "no_answer"
        ),
        Row("after the dot: 451 4.7.1", .content, [.say("451 4.7.1 grey\r\n")], "address_busy", "451 4.7.1"),
        Row("after the dot: 550", .content, [.say("550 no\r\n")], "content_rejected", "550"),
        Row("after the dot: 552", .content, [.say("552 too big\r\n")], "too_long", "552"),
        Row("after the dot: 550 5.7.26", .content, [.say("550 5.7.26 no DKIM\r\n")], "bad_credentials", "550 5.7.26"),
        Row(
            "after the dot: 250, dripping", .content, [.drip("250-2.0.0 Ok\r\n250 2.0.0 queued as ABC\r\n")], "accepted"
        ),
        Row("closed right after the 250", .content, [.say("250 2.0.0 Ok: queued as ABC\r\n"), .fin], "accepted"),
        Row("reset right after the 250", .content, [.say("250 2.0.0 Ok: queued as ABC\r\n"), .reset], "accepted"),
    ]

    @Test func everyFaultOfTheTableHasARow() {
        #expect(Set(Self.rows.compactMap(\.fault)) == Set(1...18))
        #expect(Set(Self.rows.map(\.name)).count == Self.rows.count)
    }

    @Test(arguments: rows, [SMTPPeer.everything, SMTPPeer.lockStep])
    func inClear(_ row: Row, _ capabilities: [String]) async {
        await check(row, capabilities, secured: false)
    }

    /// The greeting is said before TLS, and was had above. Of a reset right behind an answer a front may pass on only
    /// the reset.
    static let secured = rows.filter { $0.kind != .greeting && $0.name != "reset right after the 250" }

    @Test(arguments: secured, [SMTPPeer.everything, SMTPPeer.lockStep])
    func afterSTARTTLS(_ row: Row, _ capabilities: [String]) async {
        await check(row, capabilities, secured: true)
    }

    private func check(_ row: Row, _ capabilities: [String], secured: Bool) async {
        let once = Shared(true)
        let peer = SMTPPeer(capabilities) { step in
            guard step.kind == row.kind, once.value else { return nil }
            once.change { $0 = false }
            return row.acts
        }
        let account = SMTPAccount.test(
            peer, timeout: row.isSilent ? .milliseconds(1500) : .seconds(20),
            finalReply: row.isSilent ? .seconds(1) : .seconds(20), patience: row.isSilent ? .quick : .long,
            secured: secured)
        let outcome = await account.carry(.mail("first\r\n"))
        #expect(outcome.word == row.word)
        if let code = row.code { #expect(outcome.failure?.code == code) }
        if case .success(let receipt) = outcome { #expect(receipt.providerID == "ABC") }
        // Whatever happened, the next one goes, on the same session or another, and once.
        #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.contents.count { $0 == "first\r\n" } == row.copies)
        #expect(peer.contents.count { $0 == "second\r\n" } == 1)
        #expect(peer.commands.count { $0 == "DATA" } <= 2)
    }

    static let named: [(SMTPPeer.Kind, String, Int?)] = [
        (SMTPPeer.Kind.greeting, "421 4.3.2 busy, try again in 2 minutes", 120), (.mail, "451 4.3.0 wait 9 s", 9),
        (.recipient, "450 4.7.1 greylisted, try again in 300 seconds", 300), (.recipient, "451 4.7.1 grey", 300),
        (.recipient, "421 4.7.0 too fast, retry after 77", 77), (.data, "451 4.3.0 retry in 00:01:30", 90),
        (.content, "452 4.3.1 try again in 10 minutes", 600), (.content, "554 5.7.1 try again in 10 minutes", nil),
    ]
    /// What the server asks us to wait reaches the failure.
    @Test(arguments: named)
    func theTimeTheServerNames(_ row: (kind: SMTPPeer.Kind, reply: String, seconds: Int?)) async {
        let peer = SMTPPeer { $0.kind == row.kind ? [.say(row.reply + "\r\n"), .fin] : nil }
        let account = SMTPAccount.test(peer)
        #expect(await account.carry(.mail()).failure?.retryAfter == row.seconds.map { .seconds($0) })
        await account.shutdown()
    }
}

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct ChaosTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let turn: @Sendable (inout Chaos.Switches) -> Void
        /// How the reply begins; empty: none, connection closed or silent.
        let mail: String
        let http: Int
        /// How many messages the inbox keeps (mail, HTTP), and whether they arrived.
        let kept: (mail: Int, http: Int)
        let arrived: Bool
        var isSilent: Bool { testDescription == "silence" }
        /// Whether an SMTP session ends with it.
        var closes: Bool { ["refuse", "cut"].contains(testDescription) }
    }

    static let rows: [Row] = [
        Row(testDescription: "refuse", turn: { $0.refuse = 100 }, mail: "421", http: 0, kept: (0, 0), arrived: false),
        Row(
            testDescription: "throttle", turn: { $0.throttle = 100 }, mail: "450 4.7.0", http: 429, kept: (0, 1),
            arrived: false),
        Row(
            testDescription: "fail", turn: { $0.fail = 100 }, mail: "451 4.3.0", http: 503, kept: (1, 1), arrived: false
        ),
        Row(testDescription: "cut", turn: { $0.cut = 100 }, mail: "", http: 0, kept: (1, 1), arrived: true),
        Row(testDescription: "silence", turn: { $0.silence = 100 }, mail: "", http: 0, kept: (1, 1), arrived: true),
    ]

    @Test(arguments: rows) func overHTTP(_ row: Row) async throws {
        try await withSandbox { sandbox async throws in
            row.turn(&sandbox.chaos.sms)
            let answer = try await sandbox.http(
                "POST", "/cgi-bin/sendsms", KannelTests.headers, body: "x", patience: row.isSilent ? 1 : 20)
            #expect(answer.status == row.http)
            #expect(try await eventually { sandbox.messages().count == row.kept.http })
            #expect(sandbox.messages().map(\.arrived) == Array(repeating: row.arrived, count: row.kept.http))
            #expect(row.testDescription != "throttle" || answer.headers["retry-after"] == "1")
            // The other channels have fair weather.
            let other = try await sandbox.http("POST", "/messages?user_id=1", MaxTests.token, body: #"{"text":"x"}"#)
            #expect(other.status == 200)
        }
    }

    @Test(arguments: rows) func overSMTP(_ row: Row) async throws {
        try await withSandbox { sandbox async throws in
            row.turn(&sandbox.chaos.email)
            let port = sandbox.smtpPort
            let (refusal, isClosed) = try await offPool {
                let wire = try Wire(port)
                var replies = [wire.reply()]
                for line in ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA", "\r\nx\r\n."] {
                    guard let last = replies.last, last.hasPrefix("2") || last.hasPrefix("3") else { break }
                    try wire.say(line + "\r\n")
                    if row.isSilent, line.hasSuffix(".") { wire.waitsAtMost(1) }
                    replies.append(wire.reply())
                }
                wire.waitsAtMost(row.closes ? 20 : 1)
                _ = wire.everything()
                return (replies.last ?? "", wire.isClosed)
            }
            #expect(row.mail.isEmpty ? refusal.isEmpty : refusal.hasPrefix(row.mail))
            #expect(isClosed == row.closes)
            #expect(try await eventually { sandbox.messages().count == row.kept.mail })
            #expect(sandbox.messages().map(\.arrived) == Array(repeating: row.arrived, count: row.kept.mail))
        }
    }

    @Test func connectionSurvivesARefusalAndKeepsAlive() async throws {
        try await withSandbox { sandbox async throws in
            sandbox.chaos.email.fail = 100
            let talk = ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA", "\r\nx\r\n.", "NOOP"]
            #expect(try await sandbox.smtp(talk).suffix(2).map { String($0.prefix(3)) } == ["451", "250"])
        }
    }

    @Test func delayHoldsEveryAnswer() async throws {
        try await withSandbox { sandbox async throws in
            sandbox.chaos.delay = 50
            let started = ContinuousClock.now
            #expect(try await sandbox.mail().hasPrefix("250"))
            // The greeting and five replies.
            #expect(started.duration(to: .now) >= .milliseconds(300))
            #expect(
                try await sandbox.http("POST", "/messages?user_id=1", MaxTests.token, body: #"{"text":"x"}"#).status
                    == 200)
            #expect(started.duration(to: .now) >= .milliseconds(350))
        }
    }

    @Test func sameSeedSameLuck() {
        func luck(_ seed: UInt64) -> [Bool] {
            var chaos = Chaos()
            chaos.sms.fail = 30
            let dice = ChaosDice(chaos: chaos, seed: seed)
            return (0..<1_000).map { _ in dice.strikes(.fail, \.sms) }
        }
        #expect(luck(1) == luck(1))
        #expect(luck(1) != luck(2))
        #expect((250...350).contains(luck(3).count { $0 }))
    }

    @Test func switchAtZeroLeavesTheLuckOfOthers() {
        var chaos = Chaos()
        chaos.sms.cut = 50
        let (one, other) = (ChaosDice(chaos: chaos, seed: 9), ChaosDice(chaos: chaos, seed: 9))
        let first = (0..<50).map { _ in one.strikes(.cut, \.sms) }
        let second = (0..<50).map { _ in other.first(of: [.throttle, .fail, .cut], \.sms) == .cut }
        #expect(first == second)
    }

    // MARK: JSON

    static let mistakes: [(String, String)] = [
        ("", "the body must be a JSON object"), ("[]", "the body must be a JSON object"),
        (#"{"smss":{}}"#, "unknown switch smss; did you mean sms?"),
        (#"{"sms":{"thottle":1}}"#, "unknown switch sms.thottle; did you mean sms.throttle?"),
        (#"{"sms":{"cut":101}}"#, "sms.cut must be a whole number from 0 to 100"),
        (#"{"sms":{"cut":-1}}"#, "sms.cut must be a whole number from 0 to 100"),
        (#"{"sms":{"cut":true}}"#, "sms.cut must be a whole number from 0 to 100"),
        (#"{"sms":{"cut":1.5}}"#, "sms.cut must be a whole number from 0 to 100"),
        (#"{"sms":5}"#, "sms must be an object"),
        (#"{"delay_ms":60001}"#, "delay_ms must be a whole number from 0 to 60000"),
    ]

    @Test(arguments: mistakes) func refuses(_ json: String, _ detail: String) async throws {
        try await withSandbox { sandbox async throws in
            sandbox.chaos.max.fail = 3
            let answer = try await sandbox.http("PUT", "/sandbox/chaos", body: json.isEmpty ? " " : json)
            #expect(answer.status == 400 && answer.json?["detail"]?.text == detail, "\(answer.body)")
            #expect(sandbox.chaos.max.fail == 3)
        }
    }

    @Test func everySwitchComesBack() async throws {
        try await withSandbox { sandbox async throws in
            var chaos = Chaos()
            chaos.retryAfter = 9
            chaos.delay = 1
            for (number, group) in Chaos.groups.enumerated() {
                for (other, knob) in Chaos.Switches.names.enumerated() {
                    chaos[keyPath: group.path][keyPath: knob.path] = number * 10 + other
                }
            }
            let put = try await sandbox.http("PUT", "/sandbox/chaos", bytes: chaos.json)
            #expect(put.status == 200)
            #expect(sandbox.chaos == chaos)
            #expect(try await sandbox.http("GET", "/sandbox/chaos").body == put.body)
        }
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// How sessions come, stay and go, and that nobody's mail pays for it.
@Suite struct SMTPSessionsTests {
    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func manyMailsOverFewSessions(_ capabilities: [String]) async {
        let peer = SMTPPeer(capabilities)
        let account = SMTPAccount.test(peer, concurrency: 4, mailsPerSession: 1000, finalReply: .seconds(5))
        let answers = await account.carry(
            (1...1000).map { .mail("canary-\($0)\r\n", id: Int64($0), to: "r\($0)@x.ru") })
        await account.shutdown()
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect(Set(answers.map(\.reference)).count == 1000)
        #expect(
            Set(peer.mails.map { "\($0.to) \($0.content)" })
                == Set((1...1000).map { "[\"RCPT TO:<r\($0)@x.ru>\"] canary-\($0)\r\n" }))
        #expect(peer.mails.count == 1000)
        #expect((1...4).contains(peer.connections))
        #expect(peer.commands.count { $0 == "QUIT" } == peer.connections)
    }

    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func sessionsAreRecycled(_ capabilities: [String]) async {
        let peer = SMTPPeer(capabilities)
        let account = SMTPAccount.test(peer, mailsPerSession: 10)
        let answers = await account.carry((1...35).map { .mail(id: Int64($0)) })
        await account.shutdown()
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect(peer.connections == 4)
        #expect(peer.commands.count { $0 == "QUIT" } == 4)
    }

    @Test func idleSessionsSayQuit() async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer, idle: .milliseconds(100))
        #expect(await account.carry(.mail()).word == "accepted")
        #expect(await until { peer.commands.contains("QUIT") })
        #expect(await account.carry(.mail(id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.connections == 2)
    }

    @Test func theSetUpTimeOutDoesNotFireLater() async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer, timeout: .milliseconds(250))
        #expect(await account.carry(.mail()).word == "accepted")
        let later = ContinuousClock.now + .milliseconds(600)
        await until(within: .seconds(2)) { ContinuousClock.now > later }
        #expect(await account.carry(.mail(id: 2)).word == "accepted")
        await account.shutdown()
        #expect(peer.connections == 1)
    }

    @Test func idleSessionsDoNotSpin() async {
        let peer = SMTPPeer()
        let account = SMTPAccount.test(peer, name: "idle-mail", concurrency: 4)
        _ = await account.carry((1...20).map { .mail(id: Int64($0)) })
        let later = ContinuousClock.now + .milliseconds(400)
        // Other tests run beside this one: only threads of this name are looked at.
        let own = Self.ticks(of: "idle-mail")
        await until(within: .seconds(2)) { ContinuousClock.now > later }
        #expect(own > 0 || Self.isRunning("idle-mail"))
        #expect(Self.ticks(of: "idle-mail") - own < 5)
        await account.shutdown()
    }

    /// CPU ticks (10 ms) of all threads of this name.
    private static func ticks(of name: String) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.reduce(0) { sum, task in
            guard let stat = try? String(contentsOfFile: "/proc/self/task/\(task)/stat", encoding: .utf8),
                stat.contains("(\(name))")
            else { return sum }
            let fields = stat.split(separator: " ")
            return sum + (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
        }
    }

    private static func isRunning(_ name: String) -> Bool {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.contains {
            (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == name + "\n"
        }
    }

    @Test func aSessionClosedBetweenMailsCostsNothing() async {
        for farewell in [[Act.say("421 4.4.2 idle too long\r\n"), .fin], [.fin], [.reset]] {
            let peer = SMTPPeer { step in
                step.kind == .content && step.connection == 0 ? [.say("250 2.0.0 queued as A\r\n")] + farewell : nil
            }
            let account = SMTPAccount.test(peer)
            #expect(await account.carry(.mail()).word == "accepted")
            #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
            await account.shutdown()
            #expect(peer.mails.count == 2)
        }
    }

    @Test func aSessionThatDiesUnderTheNextEnvelopeCostsNothing() async {
        // The farewell comes when MAIL has been said already.
        for acts in [[Act.say("421 4.4.2 bye\r\n"), .fin], [.fin]] {
            let peer = SMTPPeer { $0.kind == .mail && $0.connection == 0 && $0.mail == 1 ? acts : nil }
            let account = SMTPAccount.test(peer)
            #expect(await account.carry(.mail()).word == "accepted")
            #expect(await account.carry(.mail("second\r\n", id: 2)).word == "accepted")
            await account.shutdown()
            #expect(peer.mails.map(\.content).last == "second\r\n")
            #expect(peer.mails.count == 2)
        }
    }

    @Test func aServerThatAlwaysClosesIsNotTriedForEver() async {
        let peer = SMTPPeer { $0.kind == .mail ? [.say("421 4.3.2 no\r\n"), .fin] : nil }
        let account = SMTPAccount.test(peer)
        let answers = await account.carry((1...5).map { .mail(id: Int64($0)) })
        await account.shutdown()
        #expect(answers.map(\.outcome.word) == Array(repeating: "unreachable", count: 5))
        #expect(peer.connections <= 10)
    }

    @Test func theCloseAfterTheDotHitsOneMailOnly() async {
        // Pipelined: the second envelope is out when the first content's reply does not come.
        let peer = SMTPPeer { $0.kind == .content && $0.connection == 0 ? [.reset] : nil }
        let account = SMTPAccount.test(peer)
        let answers = await account.carry([.mail("one\r\n"), .mail("two\r\n", id: 2)])
        await account.shutdown()
        #expect(Set(answers.map(\.outcome.word)) == ["no_answer", "accepted"])
        #expect(peer.mails.map(\.content) == ["two\r\n"])
    }

    @Test func whatCannotBeReached() async {
        let gone = SMTPPeer()
        gone.listener.close()
        let account = SMTPAccount.test(gone, concurrency: 3)
        let answers = await account.carry((1...9).map { .mail(id: Int64($0)) })
        await account.shutdown()
        #expect(answers.map(\.outcome.word) == Array(repeating: "unreachable", count: 9))
    }

    @Test func aServerWithFewPlacesIsNotHammered() async {
        let peer = SMTPPeer {
            switch $0.kind {
            case .greeting where $0.connection > 1: [.say("421 4.7.0 too many connections\r\n"), .fin]
            case .content: [.pause(.milliseconds(3)), .say("250 2.0.0 queued as A\r\n")]
            default: nil
            }
        }
        let account = SMTPAccount.test(peer, concurrency: 10, finalReply: .seconds(5))
        let answers = await account.carry((1...200).map { .mail(id: Int64($0)) })
        await account.shutdown()
        // The two sessions carry everything; nobody's mail pays for the refused ones.
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect(peer.connections < 60)
    }

    @Test func shutdownAnswersEverySubmissionOnce() async {
        let peer = SMTPPeer {
            $0.kind == .content ? [.pause(.milliseconds(20)), .say("250 2.0.0 queued as A\r\n")] : nil
        }
        // `pause` comes first in the script: the peer counts those mails by itself here.
        let account = SMTPAccount.test(peer, concurrency: 3, finalReply: .seconds(5))
        let answered = Answered()
        account.submit((1...60).map { .mail(id: Int64($0)) }, answer: answered.add)
        await until { answered.all.count >= 3 }
        await account.shutdown()
        #expect(answered.all.count == 60)
        #expect(Set(answered.all.map(\.reference)).count == 60)
        #expect(answered.all.allSatisfy { ["accepted", "unreachable"].contains($0.outcome.word) })
        #expect(answered.all.count { $0.outcome.word == "accepted" } == peer.commands.count { $0 == "DATA" })
        account.submit([.mail(id: 61)], answer: answered.add)
        #expect(answered.all.count == 61)
    }

    @Test func shutdownDoesNotWaitForEver() async {
        let peer = SMTPPeer { $0.kind == .content ? [.hang] : nil }
        let account = SMTPAccount.test(peer, concurrency: 2, timeout: .milliseconds(300), finalReply: .seconds(60))
        let answered = Answered()
        account.submit((1...8).map { .mail(id: Int64($0)) }, answer: answered.add)
        await until { peer.commands.count { $0 == "DATA" } >= 2 }
        let start = ContinuousClock.now
        await account.shutdown()
        #expect(ContinuousClock.now - start < .seconds(20), "and not the minute of the final reply")
        #expect(answered.all.count == 8)
        #expect(answered.all.count { $0.outcome.word == "no_answer" } == 2)
    }

    @Test func aQUITWithoutAnAnswerDoesNotHoldUpTheOthers() async {
        let peer = SMTPPeer { $0.kind == .quit ? [.hang] : nil }
        let account = SMTPAccount.test(peer, concurrency: 2, mailsPerSession: 1, patience: .quick)
        let answers = await account.carry((1...4).map { .mail(id: Int64($0)) })
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        await account.shutdown()
    }

    // MARK: Two letters on one session

    @Test(arguments: [(1, 2), (8, 16), (256, 512), (0, 2)])
    func twoMailsForEachSession(_ sessions: Int, _ underWay: Int) async {
        let account = SMTPAccount.test(SMTPPeer(), concurrency: sessions)
        #expect(account.profile.concurrency == underWay)
        await account.shutdown()
    }

    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func lettersAreSpreadOverTheSessions(_ capabilities: [String]) async {
        // Slow enough that all sessions stand before one has done its share.
        let peer = SMTPPeer(capabilities) { $0.kind == .mail ? [.pause(.milliseconds(400)), .say("250 ok\r\n")] : nil }
        let account = SMTPAccount.test(peer, concurrency: 4)
        let answers = await account.carry((1...8).map { .mail(id: Int64($0)) })
        await account.shutdown()
        #expect(answers.allSatisfy { $0.outcome.word == "accepted" })
        #expect(peer.connections == 4)
        #expect((0..<4).map { connection in peer.mails.count { $0.connection == connection } } == [2, 2, 2, 2])
    }

    /// What waits behind a final reply that does not come goes by another session, and once.
    @Test func aLetterBehindASilentContentGoesElsewhere() async {
        let peer = SMTPPeer { step in
            switch step.kind {
            case .mail where step.mail == 0: [.pause(.milliseconds(200)), .say("250 ok\r\n")]
            case .content where step.connection == 0: [.hang]
            default: nil
            }
        }
        var patience = SMTPSettings.Patience.long
        patience.envelope = .milliseconds(700)
        let account = SMTPAccount.test(peer, concurrency: 2, finalReply: .seconds(4), patience: patience)
        let answers = await account.carry((1...4).map { .mail("mail \($0)\r\n", id: Int64($0)) })
        await account.shutdown()
        // In their order: it did not wait for the end of the session it was on.
        #expect(answers.map(\.outcome.word) == ["accepted", "accepted", "accepted", "no_answer"])
        #expect(Set(peer.contents) == Set((1...4).map { "mail \($0)\r\n" }))
        #expect(peer.contents.count == 4)
    }

    /// One that finds no session in time is handed back, and nothing of it was said.
    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func aLetterWithoutAPlaceIsHandedBack(_ capabilities: [String]) async {
        let peer = SMTPPeer(capabilities) { $0.kind == .content ? [.hang] : nil }
        var patience = SMTPSettings.Patience.long
        (patience.place, patience.envelope) = (.milliseconds(900), .milliseconds(300))
        let account = SMTPAccount.test(peer, finalReply: .seconds(4), patience: patience)
        let answered = Answered()
        account.submit([.mail("one\r\n"), .mail("two\r\n", id: 2)], answer: answered.add)
        await until { !answered.all.isEmpty }
        let first = answered.all.first
        #expect(first?.reference == MessageID(raw: 2) && first?.outcome.word == "unreachable")
        #expect(first?.outcome.failure?.detail == "no session had a place for it in time")
        let answers = await answered.wait(2)
        await account.shutdown()
        #expect(answers.last?.outcome.word == "no_answer")
        #expect(peer.contents == ["one\r\n"])
    }

    /// A server that closes each connection after its first mail: nobody's mail pays for it.
    @Test(arguments: [SMTPPeer.everything, SMTPPeer.lockStep])
    func aServerOfOneMailEach(_ capabilities: [String]) async {
        let peer = SMTPPeer(capabilities) {
            $0.kind == .mail && $0.mail == 1 ? [.say("421 4.7.0 one each\r\n"), .fin] : nil
        }
        let account = SMTPAccount.test(peer, concurrency: 3)
        let answers = await account.carry((1...6).map { .mail("mail \($0)\r\n", id: Int64($0)) })
        await account.shutdown()
        #expect(answers.allSatisfy { ["accepted", "unreachable"].contains($0.outcome.word) })
        #expect(answers.count { $0.outcome.word == "accepted" } == peer.mails.count)
        #expect(peer.mails.count >= 3)
    }

    @Test func anAccountThatWasNeverUsedStops() async {
        let peer = SMTPPeer()
        await SMTPAccount.test(peer).shutdown()
        _ = SMTPAccount.test(peer)
        #expect(peer.connections == 0)
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Journal
import Policy
import Queue
import Rendering
import StoreSQLite
import Synchronization
import Testing

@testable import Worker

/// The whole path with a real store, the real policy and the real renderer; only the clock and the far side are scripted.
struct EngineTests {
    /// A gateway in a folder of its own, with a clock that the test moves.
    final class Bench: Sendable {
        let store: SQLiteStore
        let clock = Mutex(Moment.noon)
        let news = Mutex<[Happening]>([])
        let wakeup = Wakeup()
        private let folder: Folder

        init(_ folder: Folder = Folder()) throws {
            self.folder = folder
            store = try SQLiteStore.open(folder.url.appending(path: "vestnik.db").path(), holder: "test", at: .noon)
        }

        /// As after the death of the process: the same file, a new owner.
        func reopened() throws -> Bench {
            store.close()
            return try Bench(folder)
        }

        func now() -> Moment { clock.withLock { $0 } }
        func pass(_ seconds: Double) { clock.withLock { $0 = $0.advanced(by: .milliseconds(Int64(seconds * 1000))) } }

        func engine(
            _ providers: [any Provider], onUnconfirmed: Purpose.OnUnconfirmed = .hold, window: Int = 1024,
            mailbox: Mailbox? = nil, workNote: WorkNote = .none
        ) throws -> Engine {
            let template = try Template(
                compiling: TemplateSource(
                    id: "payment-reminder", purpose: "payment_reminder",
                    variables: [VariableDeclaration("word", .text)],
                    samples: [TemplateSample("typical", ["word": .text("слово")])],
                    parts: ["ru": ["sms.txt": "Слово: {{word}}", "messenger.html": "Слово: {{word}}"]]),
                version: "sha256:00")
            let workshop = Workshop(
                purposes: [.paymentReminder: .sample(onUnconfirmed: onUnconfirmed)],
                rules: HouseRules(carried: Set(Channel.allCases)), shelf: OneTemplate(template: template),
                organisation: .init(name: "УК", phone: "+74951234567"),
                retry: RetrySchedule(pauses: [.seconds(60), .seconds(600)], providerPause: .seconds(20)))
            return Engine(
                queue: store, books: store, ledger: store, lanes: Lanes(providers, at: now()), workshop: workshop,
                time: TimeSource { [self] in now() }, random: RandomSource { 1 << 63 },
                limits: EngineLimits(window: window), mailbox: mailbox ?? Mailbox(wakeup), workNote: workNote,
                observe: { [self] in if case .happened(let all) = $0 { news.withLock { $0 += all } } })
        }

        func enqueue(
            _ ids: ClosedRange<Int64>, to destinations: [Destination] = [.sms()], expiresIn: Double = 86_400,
            fallback: Fallback? = nil
        ) async throws {
            let items = ids.map { id in
                var message = Message.sample(
                    id: id, to: destinations, variables: ["word": .text("№ \(id)")],
                    expiresAt: .noon.addingTimeInterval(expiresIn))
                message.idempotencyKey = "k\(id)"
                message.fallback = fallback
                message.channels = destinations.map(\.channel)
                return Enqueue(
                    message: message, requestHash: [UInt8(id & 255)],
                    start: .queued(due: .noon, nil, message.destinations[0].channel))
            }
            _ = try await store.enqueue(items, at: now())
        }

        func state(_ id: Int64) async throws -> MessageState? { try await store.message(MessageID(raw: id))?.state }
    }

    final class Folder: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)")
        init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    struct OneTemplate: TemplateShelf {
        let template: Template
        func current(_ id: String) -> Template? { id == template.ref.id ? template : nil }
        func template(_ ref: TemplateRef) -> Template? { current(ref.id) }
        var ids: [String] { [template.ref.id] }
    }

    /// Turns until nothing is left to do at this moment.
    private func settle(_ engine: inout Engine) async throws {
        for _ in 0..<200 where try await !engine.turn() { return }
        Issue.record("the engine never came to rest")
    }

    @Test func nothingLeavesWhileTheQueueIsHeldAndAllOfItAfter() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider(concurrency: 2, script: { _ in nil })
        let mailbox = Mailbox(bench.wakeup)
        var engine = try bench.engine([provider], mailbox: mailbox)
        mailbox.put(.hold)
        try await bench.enqueue(1...5)
        try await settle(&engine)
        #expect(provider.submissions.isEmpty)
        #expect(try await engine.wake() == nil, "nothing to be woken for")

        mailbox.put(.release)
        try await settle(&engine)
        #expect(provider.submissions.count == 2)
        // Held again in the middle: what has begun comes to its end, the rest goes back to the queue.
        mailbox.put(.hold)
        try await settle(&engine)
        provider.release(.success(Receipt(providerID: "1")))
        try await settle(&engine)
        #expect(provider.submissions.count == 2)
        #expect(try await bench.store.stats(at: bench.now()).states == [.queued: 3, .sent: 2])

        mailbox.put(.release)
        for _ in 0..<3 {
            try await settle(&engine)
            provider.release(.success(Receipt(providerID: "1")))
        }
        try await settle(&engine)
        #expect(try await bench.store.stats(at: bench.now()).states == [.sent: 5])
    }

    @Test func theSameTroubleIsToldOnceAMinute() {
        var complaint = Complaint()
        let told = (0..<150).map { complaint.isDue(.full, at: Int64($0) * 1000) }
        #expect(told.indices.filter { told[$0] } == [0, 60, 120])
        let other = complaint.isDue(.busy, at: 150_000)
        #expect(other, "another trouble is news")
        let (ended, again) = (complaint.end(), complaint.end())
        #expect(ended == 151 && again == nil)
    }

    @Test func whatIsQueuedIsSubmittedOnceAndSent() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider()
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...50)
        try await settle(&engine)
        #expect(provider.submissions.map(\.reference.raw).sorted() == Array(1...50))
        #expect(provider.submissions.first { $0.reference.raw == 7 }?.content.text == "Слово: № 7")
        for id in Int64(1)...50 { #expect(try await bench.state(id) == .sent) }
        let idle = engine.isIdle
        #expect(idle)
    }

    /// Queued for later, paid meanwhile: nothing leaves, and the history says why.
    @Test func whoHasPaidSinceIsNotReminded() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider()
        var engine = try bench.engine([provider])
        let later = Date.noon.addingTimeInterval(3600)
        let items = (Int64(1)...2).map { id in
            var message = Message.sample(id: id, variables: ["word": .text("№ \(id)")]).onDebt
            if id == 2 { message.condition = Condition(account: AccountID("0046")!, "balance > 0") }
            return Enqueue(message: message, requestHash: [], start: .queued(due: later, .sendAt, .sms))
        }
        _ = try await bench.store.enqueue(items, at: bench.now())
        let told: [AccountFacts] = [.sample("3250.50", 0), .sample("100.00", 0, "0046")]
        _ = try await bench.store.note(told, by: "client:billing", at: bench.now())
        try await settle(&engine)
        #expect(provider.submissions.isEmpty)

        _ = try await bench.store.note([.sample("0.00", 60)], by: "client:billing", at: bench.now())
        bench.pass(3601)
        try await settle(&engine)
        let paid = try #require(try await bench.store.message(MessageID(raw: 1)))
        #expect(paid.state == .suppressed && paid.reason == "condition_false")
        let steps = try await bench.store.timeline(of: MessageID(raw: 1)).flatMap(\.facts)
        let step = try #require(steps.first { $0.name == "condition" })
        #expect(step.value.contains("balance 0.00 as of"), "\(step.value)")
        #expect(provider.submissions.map(\.reference.raw) == [2], "who owes is reminded")
    }

    @Test func noMoreIsUnderWayThanThereAreSlots() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider(concurrency: 3) { _ in nil }
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...10)
        try await settle(&engine)
        #expect(provider.submissions.count == 3)
        provider.release(.success(Receipt(providerID: "1")))
        try await settle(&engine)
        #expect(provider.submissions.count == 6)
    }

    @Test func aBusyAddressIsTriedAgainAndThenGivenUp() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider { _ in .failure(DeliveryFailure(.addressBusy)) }
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...1)
        try await settle(&engine)
        #expect(try await bench.state(1) == .queued)
        #expect(try await bench.store.message(MessageID(raw: 1))?.held == .backoff)
        bench.pass(61)
        try await settle(&engine)
        bench.pass(601)
        try await settle(&engine)
        #expect(try await bench.state(1) == .failed)
        #expect(provider.submissions.map(\.number) == [1, 2, 3])
    }

    @Test func theNextDestinationIsTriedAndTheDeadAddressSuppressed() async throws {
        let bench = try Bench()
        let max = ScriptedProvider("max-main", channels: [.max]) { _ in .failure(DeliveryFailure(.unknownAddress)) }
        let sms = ScriptedProvider("sms-a", channels: [.sms])
        var engine = try bench.engine([max, sms])
        try await bench.enqueue(1...1, to: [.max(), .sms()])
        try await settle(&engine)
        #expect(max.submissions.count == 1 && sms.submissions.count == 1)
        #expect(try await bench.state(1) == .sent)
        #expect(try await bench.store.suppressions(limit: 10).map(\.destination) == [.max()])
    }

    @Test func anUnknownOutcomeIsHeld() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider { _ in .failure(DeliveryFailure(.noAnswer)) }
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...1)
        try await settle(&engine)
        bench.pass(7200)
        try await settle(&engine)
        #expect(try await bench.state(1) == .unconfirmed)
        #expect(provider.submissions.count == 1, "one copy at most")
    }

    @Test func anUnknownOutcomeIsSentAgainWhereThePurposeSaysSo() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider { $0.number == 1 ? .failure(DeliveryFailure(.noAnswer)) : .success(Receipt()) }
        var engine = try bench.engine([provider], onUnconfirmed: .resend)
        try await bench.enqueue(1...1)
        try await settle(&engine)
        #expect(try await bench.state(1) == .queued)
        bench.pass(120)
        try await settle(&engine)
        #expect(try await bench.state(1) == .sent)
        #expect(provider.submissions.map(\.number) == [1, 2])
    }

    @Test func aSickProviderRestsAndSpendsNoAttempt() async throws {
        let bench = try Bench()
        let sick = Mutex(true)
        let provider = ScriptedProvider(concurrency: 2) { _ in
            sick.withLock { $0 } ? .failure(DeliveryFailure(.unreachable)) : .success(Receipt())
        }
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...20)
        try await settle(&engine)
        #expect(provider.submissions.count <= 4, "it was left alone after the first failures")
        for id in Int64(1)...20 { #expect(try await bench.state(id) == .queued) }
        let lines = try await bench.store.entries(after: 0, limit: 1000).count
        bench.pass(30)
        for _ in 0..<10 { _ = try await engine.turn() }
        #expect(try await bench.store.entries(after: 0, limit: 1000).count <= lines + 24, "waiting fills no journal")
        sick.withLock { $0 = false }
        for _ in 0..<4 {
            bench.pass(60)
            try await settle(&engine)
        }
        for id in Int64(1)...20 { #expect(try await bench.state(id) == .sent) }
    }

    @Test func oneSickAccountDelaysNoOther() async throws {
        let bench = try Bench()
        let hung = ScriptedProvider("max-main", channels: [.max], concurrency: 2) { _ in nil }
        let sms = ScriptedProvider("sms-a", channels: [.sms])
        var engine = try bench.engine([hung, sms], window: 8)
        try await bench.enqueue(1...100, to: [.max()])
        try await bench.enqueue(101...120, to: [.sms()])
        try await settle(&engine)
        #expect(sms.submissions.count == 20)
        #expect(hung.submissions.count == 2)
        #expect(try await bench.store.stats(at: bench.now()).states[.sending] == 8, "no more is taken than it can hold")
    }

    @Test func whatIsSentAgainIsQueuedInTheSameTransaction() async throws {
        let bench = try Bench()
        let silent = ScriptedProvider(concurrency: 2) { _ in nil }
        var dying = try bench.engine([silent], onUnconfirmed: .resend)
        try await bench.enqueue(1...2)
        try await settle(&dying)
        let heir = try bench.reopened()
        let provider = ScriptedProvider()
        var next = try heir.engine([provider], onUnconfirmed: .resend)
        try await next.recover()
        #expect(try await heir.store.stats(at: heir.now()).states == [.queued: 2], "before the first turn")
        heir.pass(120)
        try await settle(&next)
        #expect(try await heir.state(1) == .sent)
        #expect(provider.submissions.map(\.number) == [2, 2])
    }

    @Test func afterAnUnknownOutcomeNothingIsSaidToBeUnsent() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider { _ in .failure(DeliveryFailure(.noAnswer)) }
        var engine = try bench.engine([provider], onUnconfirmed: .resend)
        try await bench.enqueue(1...1, expiresIn: 90)
        try await settle(&engine)
        #expect(try await bench.state(1) == .queued)
        bench.pass(100)
        try await settle(&engine)
        #expect(try await bench.state(1) == .unconfirmed, "expired, but a copy may be with the resident")
    }

    @Test func aMessageThatProcessesDieOfIsSetAside() async throws {
        var bench = try Bench()
        try await bench.enqueue(1...2)
        for _ in 1...3 {
            _ = try await bench.store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 2)]), at: bench.now())
            bench = try bench.reopened()
            let note = WorkNote(last: MessageID(raw: 1)) { _ in }
            var engine = try bench.engine([ScriptedProvider()], workNote: note)
            try await engine.recover()
        }
        let view = try #require(try await bench.store.message(MessageID(raw: 1)))
        #expect(view.state == .failed && view.failure?.reason == .poison)
        #expect(try await bench.state(2) == .queued)
    }

    @Test func aDeathIsCountedOnce() async throws {
        let bench = try Bench()
        let notes = Mutex<[Int64?]>([])
        let note = WorkNote(last: MessageID(raw: 1)) { id in notes.withLock { $0.append(id?.raw) } }
        var engine = try bench.engine([ScriptedProvider()], workNote: note)
        try await engine.recover()
        #expect(notes.withLock { $0 } == [nil])
    }

    @Test func whatIsBeingPreparedIsNoted() async throws {
        let bench = try Bench()
        let notes = Mutex<[Int64?]>([])
        var engine = try bench.engine(
            [ScriptedProvider()], workNote: WorkNote(last: nil) { id in notes.withLock { $0.append(id?.raw) } })
        try await bench.enqueue(1...3)
        try await settle(&engine)
        #expect(notes.withLock { $0 } == [1, 2, 3, nil])
    }

    @Test func theProviderIsAskedWhatBecameOfIt() async throws {
        for (finding, onUnconfirmed, end) in [
            (Finding.Result.had(Receipt(providerID: "7")), Purpose.OnUnconfirmed.hold, MessageState.sent),
            (.hadNot, .ask, .sent), (.hadNot, .hold, .unconfirmed), (.cannotTell, .ask, .unconfirmed),
        ] {
            let bench = try Bench()
            let provider = ScriptedProvider { $0.number == 1 ? .failure(.init(.noAnswer)) : .success(Receipt()) }
                .knowing { _ in finding }
            var engine = try bench.engine([provider], onUnconfirmed: onUnconfirmed)
            try await bench.enqueue(1...1)
            try await settle(&engine)
            #expect(try await bench.state(1) == .unconfirmed, "not asked at once")
            for _ in 0..<3 {
                bench.pass(61)
                try await settle(&engine)
            }
            #expect(try await bench.state(1) == end, "\(finding) \(onUnconfirmed)")
            #expect(provider.submissions.count == (end == .sent && finding == .hadNot ? 2 : 1))
        }
    }

    @Test func aProviderThatNeverGotItIsTriedNoMoreOftenThanTheScheduleSays() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider { _ in .failure(.init(.noAnswer)) }.knowing { _ in .hadNot }
        var engine = try bench.engine([provider], onUnconfirmed: .ask)
        try await bench.enqueue(1...1)
        for _ in 0..<60 {
            try await settle(&engine)
            bench.pass(300)
        }
        #expect(provider.submissions.count == 3, "two pauses, three attempts")
        #expect(try await bench.state(1) == .unconfirmed, "then a person decides")
    }

    @Test func aLateFindingSaysNothingAboutALaterAttempt() async throws {
        let bench = try Bench()
        let late = Mutex<[@Sendable () -> Void]>([])
        let provider = SlowOracle { answer in late.withLock { $0.append(answer) } }
        var engine = try bench.engine([provider], onUnconfirmed: .ask)
        try await bench.enqueue(1...1)
        try await settle(&engine)
        bench.pass(61)
        try await settle(&engine)
        #expect(late.withLock(\.count) == 1, "asked about the first")
        let again = Change(message: MessageID(raw: 1), event: .resent, by: "operator")
        #expect(try await bench.store.apply([again], at: bench.now()) == [.moved(.queued)])
        try await settle(&engine)
        #expect(provider.submissions == 2)
        for answer in late.withLock({ $0 }) { answer() }
        try await settle(&engine)
        #expect(provider.submissions == 2)
        #expect(try await bench.state(1) == .unconfirmed)
    }

    /// Never answers a submission in words we understand, and an inquiry only when the test says so: "never had it".
    private final class SlowOracle: Provider {
        let profile: ProviderProfile
        private let count = Mutex(0)
        private let keep: @Sendable (@escaping @Sendable () -> Void) -> Void
        var submissions: Int { count.withLock { $0 } }

        init(keep: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) {
            var profile = ProviderProfile(
                id: ProviderID("sms-a")!, channels: [.sms], concurrency: 4, timeout: .seconds(1))
            profile.canBeAsked = true
            self.profile = profile
            self.keep = keep
        }
        func submit(_ batch: [Submission], answer: @escaping @Sendable ([Answer]) -> Void) {
            count.withLock { $0 += batch.count }
            answer(batch.map { Answer(reference: $0.reference, outcome: .failure(DeliveryFailure(.noAnswer))) })
        }
        func ask(_ inquiries: [Inquiry], answer: @escaping @Sendable ([Finding]) -> Void) {
            keep { answer(inquiries.map { Finding(reference: $0.reference, result: .hadNot) }) }
        }
        func shutdown() async {}
    }

    @Test func whatWaitsForAnAccountWhoseDayIsOverGoesBack() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider(concurrency: 1).paced(Pace(rate: 1, burst: 1, dailyCap: 2))
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...5)
        for _ in 0..<4 {
            try await settle(&engine)
            bench.pass(1.5)
        }
        try await settle(&engine)
        #expect(provider.submissions.count == 2)
        #expect(
            try await bench.store.stats(at: bench.now()).states == [.sent: 2, .queued: 3], "none is held past its lease"
        )
        #expect(try await engine.wake() == nil, "it does not wake for what cannot begin")
    }

    @Test func withoutAReportInTimeTheNextDestinationIsTried() async throws {
        let bench = try Bench()
        let sms = ScriptedProvider("sms-a", channels: [.sms]).reporting()
        let mail = ScriptedProvider("smtp-main", channels: [.max])
        var engine = try bench.engine([sms, mail])
        try await bench.enqueue(1...1, to: [.sms(), .max()], fallback: Fallback(after: .seconds(3600)))
        try await settle(&engine)
        let view = try #require(try await bench.store.message(MessageID(raw: 1)))
        #expect(view.state == .sent && view.held == .awaitingReport && view.due == .noon.addingTimeInterval(3600))
        bench.pass(3601)
        for _ in 0..<2 { try await settle(&engine) }
        #expect(sms.submissions.count == 1 && mail.submissions.count == 1)
        #expect(try await bench.state(1) == .sent)
        let late = Change(message: MessageID(raw: 1), event: .reportedDelivered, by: "provider:sms-a")
        #expect(try await bench.store.apply([late], at: bench.now()) == [.moved(.delivered)])
    }

    @Test func aPausedAccountIsLeftAloneUntilItIsResumed() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider()
        let mailbox = Mailbox(bench.wakeup)
        var engine = try bench.engine([provider], mailbox: mailbox)
        mailbox.put(.pause(ProviderID("sms-a")!))
        try await bench.enqueue(1...5)
        try await settle(&engine)
        bench.pass(3000)
        try await settle(&engine)
        #expect(provider.submissions.isEmpty)
        let view = try #require(try await bench.store.message(MessageID(raw: 1)))
        #expect(view.state == .queued && view.held == .providerPaused)
        mailbox.put(.resume(ProviderID("sms-a")!))
        bench.pass(3600)
        try await settle(&engine)
        #expect(provider.submissions.count == 5)
    }

    @Test func whatExpiresInAClosedLineIsSaid() async throws {
        let bench = try Bench()
        let mailbox = Mailbox(bench.wakeup)
        var engine = try bench.engine([ScriptedProvider()], mailbox: mailbox)
        mailbox.put(.pause(ProviderID("sms-a")!))
        try await bench.enqueue(1...3, expiresIn: 100)
        try await settle(&engine)
        bench.pass(101)
        try await settle(&engine)
        #expect(try await bench.store.stats(at: bench.now()).states == [.expired: 3])
    }

    @Test func whatExpiredIsNotSent() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider()
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...3, expiresIn: 10)
        bench.pass(11)
        try await settle(&engine)
        #expect(provider.submissions.isEmpty)
        #expect(try await bench.state(2) == .expired)
    }

    @Test func aWithdrawalBetweenPermitAndBeginningWins() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider(concurrency: 1) { _ in nil }
        var engine = try bench.engine([provider])
        let recipient = Recipient(id: RecipientID("ls:1")!, destinations: [.sms()])
        try await bench.store.put([recipient], at: bench.now())
        let items = (Int64(1)...2).map { id in
            Enqueue(
                message: .sample(id: id, recipient: "ls:1", to: [], variables: ["word": .text("а")]),
                requestHash: [], start: .queued(due: .noon, nil, .sms))
        }
        _ = try await bench.store.enqueue(items, at: bench.now())
        try await settle(&engine)
        #expect(provider.submissions.count == 1, "the second waits for the slot with its permit in hand")

        try await bench.store.record(
            [
                ConsentRecord(
                    id: ConsentID(raw: 9), recipient: recipient.id, purpose: .paymentReminder, action: .withdrawn,
                    occurredAt: .noon, recordedAt: .noon)
            ], at: bench.now())
        provider.release(.success(Receipt()))
        try await settle(&engine)
        #expect(provider.submissions.count == 1)
        #expect(try await bench.state(2) == .suppressed)
    }

    @Test func aStopGivesBackWhatHasNotBegun() async throws {
        let bench = try Bench()
        let provider = ScriptedProvider(concurrency: 2) { _ in nil }
        var engine = try bench.engine([provider])
        try await bench.enqueue(1...5)
        try await settle(&engine)
        engine.stop()
        _ = try await engine.turn()
        provider.release(.success(Receipt()))
        try await settle(&engine)
        let idle = engine.isIdle
        #expect(idle)
        let states = try await bench.store.stats(at: bench.now()).states
        #expect(states[.sent] == 2 && states[.queued] == 3, "\(states)")
    }

    @Test func aDeathLeavesNothingClaimedAndNothingUnsaid() async throws {
        let bench = try Bench()
        let silent = ScriptedProvider(concurrency: 2) { _ in nil }
        var dying = try bench.engine([silent])
        try await bench.enqueue(1...5)
        try await settle(&dying)

        let heir = try bench.reopened()
        let provider = ScriptedProvider()
        var next = try heir.engine([provider])
        try await next.recover()
        try await settle(&next)
        let states = try await heir.store.stats(at: heir.now()).states
        #expect(states[.unconfirmed] == 2 && states[.sent] == 3, "\(states)")
        #expect(provider.submissions.count == 3, "what had begun is not sent again")
    }
}

import Domain
import Foundation
import Journal
import Queue
import Testing

extension StoreConformance {
    /// Channels, unknown outcomes, reports that do not come, caps.
    static var waiting: [StoreCase] {
        [
            StoreCase("each channel is a line of its own") { store async throws in
                _ = try await store.enqueue(
                    [.sample(.sample(id: 1), on: .email), .sample(.sample(id: 2)), .sample(.sample(id: 3))], at: .noon)
                #expect(try await store.claim(on: [Wanted(.max, limit: 9)]).isEmpty)
                #expect(try await store.claim(on: [Wanted(.sms, limit: 1)]).map(\.message.id.raw) == [2])
                #expect(
                    try await store.claim(on: [Wanted(.sms, limit: 9), Wanted(.email, limit: 9)])
                        .map(\.message.id.raw) == [3, 1])
                #expect(try await store.nextDue(on: [.email]) == nil)
            },
            StoreCase("a postponed message may change its line") { store async throws in
                try await store.accept(.sample())
                var postponed = try #require(try await store.claim().first).postponed(to: .noon)
                postponed.channel = .email
                _ = try await store.settle(postponed)
                #expect(try await store.claim().isEmpty)
                #expect(try await store.claim(on: [Wanted(.email, limit: 1)]).count == 1)
            },
            StoreCase("emergencies have room of their own") { store async throws in
                try await store.accept(
                    .sample(id: 1, priority: .bulk), .sample(id: 2, priority: .emergency),
                    .sample(id: 3, priority: .emergency))
                let claims = try await store.claim(on: [Wanted(.sms, limit: 0, emergencies: 2)])
                #expect(claims.map(\.message.id.raw) == [2, 3])
            },
            StoreCase("what goes back untouched keeps its place") { store async throws in
                let early = Date.noon.addingTimeInterval(-60)
                _ = try await store.enqueue(
                    [.sample(.sample(id: 2), due: early), .sample(.sample(id: 1), due: .noon)], at: .noon)
                let claim = try #require(try await store.claim(1).first)
                let back = Settlement(
                    message: claim.message.id, token: claim.token, event: .postponed, progress: claim.progress)
                _ = try await store.settle(back)
                #expect(try await store.claim(1).map(\.message.id.raw) == [2])
            },
            StoreCase("what goes back untouched, or waits on for the same reason, is not news") { store async throws in
                try await store.accept(.sample())
                for held in [nil, HeldReason.providerPaused, .providerPaused, nil] {
                    var postponed = try #require(try await store.claim().first).postponed(to: .noon)
                    postponed.held = held
                    _ = try await store.settle(postponed)
                }
                #expect(try await store.events(1) == ["accepted", "postponed"])
            },
            StoreCase("an unknown outcome that goes again does so in one commit") { store async throws in
                let claim = try await store.begun(.sample())
                var lost = claim.failed(.answerLost, DeliveryFailure(.noAnswer))
                lost.resendAt = .noon.addingTimeInterval(30)
                #expect(try await store.settle(lost).first??.state == .queued)
                #expect(try await store.events(1) == ["accepted", "began", "answerLost", "resent"])
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.state == .queued && view.held == .backoff && view.due == .noon.addingTimeInterval(30))
                let again = try #require(try await store.claim(at: .noon.advanced(by: .seconds(30))).first)
                #expect(again.progress.reach == .perhaps && again.progress.submissions == 1)
            },
            StoreCase("after an unknown outcome nothing ends as if nothing had left") { store async throws in
                for (id, event) in [(Int64(1), MessageEvent.failedPermanently), (2, .refused), (3, .expiryPassed)] {
                    let claim = try await store.begun(.sample(id: id))
                    var lost = claim.failed(.answerLost, DeliveryFailure(.noAnswer))
                    lost.resendAt = .noon
                    _ = try await store.settle(lost)
                    let again = try #require(try await store.claim().first)
                    // Even if the worker forgot.
                    let end = Settlement(
                        message: again.message.id, token: again.token, event: event, progress: Progress())
                    #expect(try await store.settle(end).first??.state == .unconfirmed, "\(event)")
                }
            },
            .overDeath("what is abandoned becomes what the worker decides, in the same commit") {
                store, bench async throws in
                let claim = try await store.begun(.sample(id: 1))
                try await store.accept(.sample(id: 2))
                _ = try await store.claim(on: [Wanted(.sms, limit: 1)])
                let next = try await bench.reopened(store)
                let seen = Log<Abandoned>()
                let happenings = try await next.recover(
                    Aftercare { abandoned in
                        seen.add(abandoned)
                        return abandoned.provider == nil ? .bury(DeliveryFailure(.poison)) : .resend(.noon)
                    }, at: .noon)
                #expect(seen.all.map(\.message.raw) == [1, 2] && seen.all.map(\.provider) == [.sample, nil])
                #expect(seen.all.first?.progress.reach == .perhaps && seen.all.first?.progress.deaths == 1)
                #expect(happenings.map(\.state) == [.queued, .failed])
                #expect(try await next.message(MessageID(raw: 2))?.failure?.reason == .poison)
                #expect(try await next.claim().map(\.message.id) == [claim.message.id])
            },
            StoreCase("a lease that ends is decided about too, and told") { store async throws in
                try await store.accept(.sample())
                _ = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: 1)], lease: .seconds(1)), at: .noon)
                let turn = try await store.turn(TurnRequest(), at: .noon.advanced(by: .seconds(2)))
                #expect(turn.happened.map(\.event) == [.leaseLost])
            },
            StoreCase("an expiry that is met is told") { store async throws in
                try await store.accept(.sample(expiresAt: .noon.addingTimeInterval(5)))
                let turn = try await store.turn(
                    TurnRequest(wanted: [Wanted(.sms, limit: 1)]), at: .noon.advanced(by: .seconds(6)))
                #expect(turn.claims.isEmpty && turn.happened.map(\.state) == [.expired])
            },
            StoreCase("where nothing is claimed, what expired is ended and told") { store async throws in
                try await store.accept(.sample(id: 1, expiresAt: .noon.addingTimeInterval(5)), .sample(id: 2))
                let later = Moment.noon.advanced(by: .seconds(6))
                #expect(try await store.expire(on: [.email], upTo: 9, at: later).isEmpty)
                let ended = try await store.expire(on: [.sms], upTo: 9, at: later)
                #expect(ended.map(\.message.raw) == [1] && ended.map(\.state) == [.expired])
                #expect(try await store.state(1) == .expired)
                #expect(try await store.expire(on: [.sms], upTo: 9, at: later).isEmpty)
            },
            StoreCase("a report that does not come is overdue once") { store async throws in
                let claim = try await store.begun(.sample(fallback: Fallback(after: .seconds(60))))
                var accepted = claim.accepted()
                (accepted.due, accepted.held) = (.noon.addingTimeInterval(60), .awaitingReport)
                _ = try await store.settle(accepted)
                #expect(try await store.overdue(upTo: 9, at: .noon).isEmpty)
                let later = Moment.noon.advanced(by: .seconds(60))
                let late = try #require(try await store.overdue(upTo: 9, at: later).first)
                #expect(late.state == .sent && late.attempt?.provider == .sample)
                #expect(late.message.fallback == Fallback(after: .seconds(60)))
                try await store.wait([Wait(message: late.message.id, until: nil, finding: .nothingLeft)], at: later)
                #expect(try await store.overdue(upTo: 9, at: later).isEmpty)
                #expect(try await store.events(1).last == "waiting")
            },
            StoreCase("the next destination waits in its own line") { store async throws in
                try await store.sent(.sample())
                let fell = Change(
                    message: MessageID(raw: 1), event: .fellBack, by: "gateway", due: .noon, channel: .email)
                #expect(try await store.apply([fell], at: .noon) == [.moved(.queued)])
                #expect(try await store.claim().isEmpty)
                let claim = try #require(try await store.claim(on: [Wanted(.email, limit: 1)]).first)
                #expect(claim.progress.reach == .accepted && claim.progress.exhausted == [.sms()])
            },
            StoreCase("a word about an earlier submission says nothing about a later one") { store async throws in
                let claim = try await store.begun(.sample())
                _ = try await store.settle(claim.failed(.answerLost, DeliveryFailure(.noAnswer)))
                #expect(try await store.apply(1, .resent) == .moved(.queued))
                let again = try #require(try await store.claim().first)
                _ = try await store.settle(again.failed(.answerLost, DeliveryFailure(.noAnswer)))
                var word = Change(message: MessageID(raw: 1), event: .notTaken, by: "provider", attempt: 1)
                #expect(try await store.apply([word], at: .noon) == [.illegal(in: .unconfirmed)])
                let until = Date.noon.addingTimeInterval(60)
                try await store.wait(
                    [
                        Wait(message: word.message, until: until, finding: .asked),
                        Wait(message: word.message, until: nil, finding: .notKnown, attempt: 1),
                    ], at: .noon)
                #expect(try await store.message(word.message)?.due == until)
                word.attempt = 2
                #expect(try await store.apply([word], at: .noon) == [.moved(.queued)])
            },
            StoreCase("the provider's word that it had nothing takes the doubt away") { store async throws in
                let claim = try await store.begun(.sample())
                _ = try await store.settle(claim.failed(.answerLost, DeliveryFailure(.noAnswer)))
                #expect(try await store.apply(1, .notTaken) == .moved(.queued))
                #expect(try await store.claim().first?.progress.reach == .nobody)
            },
            StoreCase("charges add up by account and day, with the beginning that caused them") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2), .sample(id: 3))
                let claims = try await store.claim()
                let beginnings = zip(claims, [7, 7, 8]).map { claim, day in
                    claim.beginning(charge: Charge(day: day, units: 3))
                }
                _ = try await store.turn(TurnRequest(beginning: beginnings), at: .noon)
                #expect(try await store.charged(on: 7) == [.sample: 6])
                #expect(try await store.charged(on: 8) == [.sample: 3])
                #expect(try await store.charged(on: 9).isEmpty)
            },
        ]
    }
}

extension MessageQueue {
    func claim(on wanted: [Wanted], at now: Moment = .noon) async throws -> [Claim] {
        try await turn(TurnRequest(wanted: wanted), at: now).claims
    }
}

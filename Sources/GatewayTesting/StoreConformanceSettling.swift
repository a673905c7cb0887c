import Domain
import Foundation
import Journal
import Policy
import Queue
import Testing

extension StoreConformance {
    static var settling: [StoreCase] {
        [
            StoreCase("accepted: sent, with its attempt and its line") { store async throws in
                let claim = try await store.begun(.sample())
                let happening = try #require(try await store.settle(claim.accepted()).first ?? nil)
                #expect(
                    happening
                        == Happening(
                            message: MessageID(raw: 1), purpose: .paymentReminder, event: .accepted, state: .sent,
                            channel: .sms, provider: .sample))
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.state == .sent && view.channel == .sms && view.provider == .sample)
                #expect(view.attempts == [.sample()])
                #expect(try await store.events(1) == ["accepted", "began", "accepted"])
            },
            StoreCase("a settlement with a foreign token changes nothing") { store async throws in
                let claim = try await store.begun(.sample())
                let before = try await store.timeline(of: MessageID(raw: 1))
                for token in [claim.token - 1, claim.token + 1, 0] {
                    let late = Claim(message: claim.message, progress: claim.progress, token: token)
                    #expect(try await store.settle(late.accepted()) == [nil])
                }
                #expect(try await store.state(1) == .sending)
                #expect(try await store.timeline(of: MessageID(raw: 1)) == before)
                #expect(try await store.message(MessageID(raw: 1))?.attempts == [])
            },
            StoreCase("a result counts once") { store async throws in
                let claim = try await store.begun(.sample())
                #expect(try await store.settle(claim.accepted(), claim.accepted()).map { $0?.state } == [.sent, nil])
                #expect(try await store.message(MessageID(raw: 1))?.attempts.count == 1)
            },
            StoreCase("postponed: queued again with its reason") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                let later = Date.noon.addingTimeInterval(300)
                #expect(try await store.settle(claim.postponed(to: later, .quietHours)).first??.state == .queued)
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.state == .queued && view.due == later && view.held == .quietHours)
                #expect(try await store.claim().isEmpty)
            },
            StoreCase("failed for good keeps the reason for the caller") { store async throws in
                let claim = try await store.begun(.sample())
                let failure = DeliveryFailure(.unknownAddress, code: "7", detail: "no such number")
                let happening = try await store.settle(claim.failed(.failedPermanently, failure)).first ?? nil
                #expect(happening?.state == .failed && happening?.reason == "unknown_address")
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.state == .failed && view.failure == failure && view.reason == "unknown_address")
                #expect(view.attempts.map(\.outcome) == [.failed(failure)])
            },
            StoreCase("no answer: unconfirmed, nothing queued") { store async throws in
                let claim = try await store.begun(.sample())
                _ = try await store.settle(claim.failed(.answerLost, DeliveryFailure(.noAnswer)))
                #expect(try await store.state(1) == .unconfirmed)
                #expect(try await store.claim().isEmpty)
            },
            StoreCase("refused: suppressed, and why rule by rule") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                let refusal = Settlement(
                    message: claim.message.id, token: claim.token, event: .refused, progress: claim.progress,
                    refusal: .consentWithdrawn,
                    decision: [
                        DecisionStep("suppression", "sms: pass"), DecisionStep("consent", "sms: withdrawn (cns_1)"),
                    ])
                let happening = try await store.settle(refusal).first ?? nil
                #expect(happening?.state == .suppressed && happening?.reason == "consent_withdrawn")
                #expect(try await store.message(claim.message.id)?.reason == "consent_withdrawn")
                let facts = try #require(try await store.timeline(of: claim.message.id).last?.facts)
                #expect(
                    facts.prefix(2) == [.init("suppression", "sms: pass"), .init("consent", "sms: withdrawn (cns_1)")])
            },
            StoreCase("after an acceptance nothing ends worse than sent") { store async throws in
                let endings: [(Int64, MessageEvent)] = [(1, .failedPermanently), (2, .refused), (3, .expiryPassed)]
                for (id, event) in endings {
                    try await store.accept(.sample(id: id))
                    let claim = try #require(try await store.claim().first)
                    var settlement = Settlement(
                        message: claim.message.id, token: claim.token, event: event, progress: Progress())
                    settlement.progress.reach = .accepted
                    #expect(try await store.settle(settlement).first??.state == .sent, "\(event)")
                    #expect(try await store.state(id) == .sent)
                }
            },
            StoreCase("an acceptance is remembered even if the next settlement forgets it") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                var postponed = claim.postponed(to: .noon)
                postponed.progress.reach = .accepted
                _ = try await store.settle(postponed)
                let again = try #require(try await store.claim().first)
                var failed = again.failed(.failedPermanently, DeliveryFailure(.optedOut))
                failed.progress.reach = .nobody
                #expect(try await store.settle(failed).first??.state == .sent)
            },
            StoreCase("an event that leads nowhere leaves the message and the others as they were") {
                store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                let claims = try await store.claim()
                let bad = Settlement(
                    message: claims[0].message.id, token: claims[0].token, event: .writtenOff, progress: Progress())
                #expect(try await store.settle(bad, claims[1].accepted()).map { $0?.state } == [nil, .sent])
                #expect(try await store.state(1) == .sending)
                #expect(try await store.events(1).last == "illegal")
            },
            StoreCase("a suppression comes with the settlement") { store async throws in
                let claim = try await store.begun(.sample())
                var settlement = claim.failed(.failedPermanently, DeliveryFailure(.unknownAddress))
                settlement.suppress = Suppression(destination: .sms(), reason: .hardBounce, since: .noon)
                _ = try await store.settle(settlement)
                #expect(try await store.suppressions(limit: 10).map(\.reason) == [.hardBounce])
                let standing = try #require(try await store.standings(of: [claim.message], at: .noon).first)
                #expect(standing.suppressions.map(\.destination) == [.sms()])
                #expect(standing.epoch > Epoch(0))
            },
            StoreCase("an attempt number used twice costs nobody his result") { store async throws in
                try await store.accept(.sample())
                for _ in 1...2 {
                    let claim = try #require(try await store.claim().first)
                    var settlement = claim.failed(.failedTemporarily, DeliveryFailure(.addressBusy))
                    settlement.attempt?.number = 1
                    #expect(try await store.settle(settlement).first??.state == .queued)
                }
                #expect(try await store.message(MessageID(raw: 1))?.attempts.map(\.number) == [1, 2])
            },
            StoreCase("settle, begin and claim in one turn") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2), .sample(id: 3))
                let claims = try await store.claim(2)
                let turn = try await store.turn(
                    TurnRequest(
                        finished: [claims[0].accepted()], beginning: [claims[1].beginning()],
                        wanted: [Wanted(.sms, limit: 5)]),
                    at: .noon)
                #expect(turn.settled.map { $0?.state } == [.sent])
                #expect(turn.begun == [claims[1].token])
                #expect(turn.claims.map(\.message.id.raw) == [3])
            },
        ]
    }
}

import Domain
import Foundation
import Journal
import Queue
import Testing

extension StoreConformance {
    static var changing: [StoreCase] {
        [
            StoreCase("a queued message can be cancelled, one on its way cannot") { store async throws in
                _ = try await store.begun(.sample(id: 1))
                try await store.accept(.sample(id: 2))
                #expect(try await store.apply(1, .cancelled) == .illegal(in: .sending))
                #expect(try await store.apply(2, .cancelled) == .moved(.cancelled))
                #expect(try await store.apply(2, .cancelled) == .illegal(in: .cancelled))
                #expect(try await store.apply(3, .cancelled) == .unknownMessage)
                #expect(try await store.claim().isEmpty)
                let line = try #require(try await store.timeline(of: MessageID(raw: 2)).last)
                #expect(line.event == "cancelled" && line.by == "operator" && line.state == .cancelled)
            },
            StoreCase("a claim can be cancelled until its first byte leaves, and is lost then") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                #expect(try await store.apply(1, .cancelled) == .moved(.cancelled))
                let back = Settlement(
                    message: claim.message.id, token: claim.token, event: .postponed, progress: claim.progress)
                let turn = try await store.turn(
                    TurnRequest(finished: [back], beginning: [claim.beginning()]), at: .noon)
                #expect(turn.begun.isEmpty && turn.lost == [claim.token])
                #expect(turn.settled.compactMap(\.self).isEmpty)
                #expect(try await store.state(1) == .cancelled)
                #expect(try await store.claim().isEmpty)
                let line = try #require(try await store.timeline(of: MessageID(raw: 1)).last)
                #expect(line.event == "cancelled" && line.state == .cancelled)
            },
            StoreCase("superseded by hand is suppressed with its reason") { store async throws in
                try await store.accept(.sample())
                #expect(try await store.apply(1, .superseded) == .moved(.suppressed))
                #expect(try await store.message(MessageID(raw: 1))?.reason == "superseded")
            },
            StoreCase("a report makes delivered, and nothing after it does anything") { store async throws in
                try await store.sent(.sample())
                #expect(try await store.apply(1, .reportedDelivered) == .moved(.delivered))
                #expect(try await store.apply(1, .reportedFailed) == .noted)
                #expect(try await store.apply(1, .reportedDelivered) == .noted)
                #expect(try await store.state(1) == .delivered)
                let line = try #require(try await store.timeline(of: MessageID(raw: 1)).last)
                #expect(line.facts.contains(.init("attempt", "1")), "the report stays with its attempt")
            },
            StoreCase("a bad report makes failed, with the provider's reason") { store async throws in
                try await store.sent(.sample())
                let failure = DeliveryFailure(.unknownAddress, code: "550", detail: "gone")
                let change = Change(
                    message: MessageID(raw: 1), event: .reportedFailed, by: "provider:sms-a", failure: failure)
                #expect(try await store.apply([change], at: .noon) == [.moved(.failed)])
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.failure == failure && view.reason == "unknown_address")
                #expect(try await store.apply(1, .reportedDelivered) == .noted, "an end stays an end")
            },
            StoreCase("a report may overtake our own commit") { store async throws in
                let claim = try await store.begun(.sample())
                #expect(try await store.apply(1, .reportedDelivered) == .moved(.delivered))
                #expect(try await store.settle(claim.accepted()) == [nil])
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.state == .delivered && view.attempts.count == 1, "the copy has its attempt")
            },
            StoreCase("a bad report about a message that waits is only noted") { store async throws in
                try await store.accept(.sample())
                #expect(try await store.apply(1, .reportedFailed) == .noted)
                #expect(try await store.state(1) == .queued)
            },
            StoreCase("resent goes back to the queue with all it has behind it") { store async throws in
                let claim = try await store.begun(.sample())
                var lost = claim.failed(.answerLost, DeliveryFailure(.noAnswer))
                lost.progress.exhausted = [.max()]
                _ = try await store.settle(lost)
                let later = Date.noon.addingTimeInterval(30)
                #expect(try await store.apply(1, .resent, due: later) == .moved(.queued))
                #expect(try await store.message(MessageID(raw: 1))?.due == later)
                let again = try #require(try await store.claim(at: .noon.advanced(by: .seconds(30))).first)
                lost.progress.reach = .perhaps
                #expect(again.progress == lost.progress)
            },
            StoreCase("unconfirmed ends by what a human or the provider says") { store async throws in
                let words: [(Int64, MessageEvent, MessageState)] = [
                    (1, .accepted, .sent), (2, .notTaken, .queued), (3, .writtenOff, .failed),
                    (4, .reportedDelivered, .delivered),
                ]
                for (id, event, state) in words {
                    let claim = try await store.begun(.sample(id: id), at: .noon)
                    _ = try await store.settle(claim.failed(.answerLost, DeliveryFailure(.noAnswer)))
                    #expect(try await store.apply(id, event) == .moved(state), "\(event)")
                    #expect(try await store.state(id) == state)
                    #expect(try await store.events(id).last == event.rawValue)
                    if state == .queued { #expect(try await store.apply(id, .cancelled) == .moved(.cancelled)) }
                }
            },
            StoreCase("a fallback leaves the tried destination behind") { store async throws in
                try await store.sent(.sample())
                #expect(try await store.apply(1, .fellBack) == .moved(.queued))
                let claim = try #require(try await store.claim().first)
                #expect(claim.progress.exhausted == [.sms()] && claim.progress.reach == .accepted)
                #expect(claim.progress.attempts == 0 && claim.progress.submissions == 1)
            },
            StoreCase("the worker's own events are nobody else's") { store async throws in
                try await store.accept(.sample())
                for event in [MessageEvent.claimed, .refused, .leaseLost, .postponed] {
                    #expect(try await store.apply(1, event) == .illegal(in: .queued), "\(event)")
                }
                #expect(try await store.claim().count == 1)
                for event in [MessageEvent.accepted, .failedPermanently, .expiryPassed, .fellBack] {
                    #expect(try await store.apply(1, event) == .illegal(in: .sending), "\(event)")
                }
            },
            StoreCase("results stand in the order of the changes") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                let changes = [2, 9, 1].map { Change(message: MessageID(raw: $0), event: .cancelled, by: "operator") }
                #expect(
                    try await store.apply(changes, at: .noon) == [
                        .moved(.cancelled), .unknownMessage, .moved(.cancelled),
                    ])
                #expect(try await store.apply([], at: .noon) == [])
            },
        ]
    }
}

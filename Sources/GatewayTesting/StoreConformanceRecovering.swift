import Domain
import Foundation
import Journal
import Queue
import Testing

extension StoreConformance {
    static var recovering: [StoreCase] {
        [
            .overDeath("claims of a dead process go back, in their old place") { store, bench async throws in
                _ = try await store.enqueue(
                    [.sample(.sample(id: 1), due: .noon.addingTimeInterval(-60)), .sample(.sample(id: 2))], at: .noon)
                let old = try #require(try await store.claim(1).first)
                let next = try await bench.reopened(store)
                let happenings = try await next.recover(Aftercare(), at: .noon)
                #expect(happenings.map(\.event) == [.leaseLost] && happenings.map(\.state) == [.queued])
                let claims = try await next.claim()
                #expect(claims.map(\.message.id.raw) == [1, 2])
                #expect(claims.map(\.progress.deaths) == [0, 0], "nothing says that it died of them")
                #expect(claims.allSatisfy { $0.token > old.token })
                #expect(try await next.settle(old.accepted()) == [nil], "the dead process's token is worth nothing")
            },
            .overDeath("what had begun becomes unconfirmed, with an attempt of no answer") {
                store, bench async throws in
                _ = try await store.begun(.sample())
                let next = try await bench.reopened(store)
                let happenings = try await next.recover(Aftercare(), at: .noon.advanced(by: .seconds(5)))
                #expect(happenings.map(\.event) == [.answerLost] && happenings.map(\.state) == [.unconfirmed])
                #expect(happenings.map(\.provider) == [.sample])
                let view = try #require(try await next.message(MessageID(raw: 1)))
                #expect(view.state == .unconfirmed && view.failure?.reason == .noAnswer)
                #expect(view.attempts.map(\.number) == [1] && view.attempts.map(\.beganAt) == [.noon])
                #expect(view.attempts.map(\.outcome) == [.failed(DeliveryFailure(.noAnswer))])
                #expect(try await next.claim().isEmpty)
            },
            .overDeath("deaths add up for what was being prepared, and for nobody else") { store, bench async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                var store = store
                for _ in 1...3 {
                    #expect(try await store.claim().count == 2)
                    store = try await bench.reopened(store)
                    _ = try await store.recover(Aftercare(suspect: MessageID(raw: 2)), at: .noon)
                }
                #expect(try await store.claim().map(\.progress.deaths) == [0, 3])
            },
            .overDeath("the death counts for what had begun") { store, bench async throws in
                _ = try await store.begun(.sample())
                let next = try await bench.reopened(store)
                let seen = Log<Abandoned>()
                _ = try await next.recover(
                    Aftercare {
                        seen.add($0)
                        return .resend(.noon)
                    }, at: .noon)
                #expect(seen.all.map(\.progress.deaths) == [1])
                #expect(try await next.claim().map(\.progress.deaths) == [1])
            },
            .overDeath("a destination that is given up in the same commit is not tried again") {
                store, bench async throws in
                _ = try await store.begun(.sample())
                let next = try await bench.reopened(store)
                _ = try await next.recover(Aftercare { _ in .resend(.noon, elsewhere: true) }, at: .noon)
                let progress = try #require(try await next.claim().first?.progress)
                #expect(progress.exhausted == [.sms()] && progress.attempts == 0 && progress.reach == .perhaps)
            },
            StoreCase("recover leaves the claims of this process alone") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                #expect(try await store.recover(Aftercare(), at: .noon) == [])
                #expect(try await store.settle(claim.accepted()).first??.state == .sent)
            },
            .overDeath("everything survives the process") { store, bench async throws in
                try await store.sent(.sample(id: 1))
                try await store.accept(.sample(id: 2))
                let before = try await store.entries(after: 0, limit: 100)
                let next = try await bench.reopened(store)
                #expect(try await next.recover(Aftercare(), at: .noon) == [])
                #expect(try await next.state(1) == .sent)
                #expect(try await next.claim().map(\.message.id.raw) == [2])
                #expect(try await next.entries(after: 0, limit: 100) == before)
                #expect(try await next.isIntact())
            },
            StoreCase("nothing begins after its lease; what begins has a whole lease before it") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                let minute = Duration.seconds(60)
                let claims = try await store.turn(
                    TurnRequest(wanted: [Wanted(.sms, limit: 2)], lease: minute), at: .noon
                ).claims
                _ = try await store.turn(
                    TurnRequest(beginning: [claims[0].beginning()], lease: minute),
                    at: .noon.advanced(by: .seconds(50)))
                let turn = try await store.turn(
                    TurnRequest(beginning: [claims[1].beginning()], lease: minute),
                    at: .noon.advanced(by: .seconds(61)))
                #expect(turn.begun.isEmpty && turn.lost == [claims[1].token])
                #expect(turn.happened.map(\.event) == [.leaseLost])
                #expect(try await store.state(1) == .sending)
                #expect(try await store.state(2) == .queued)
            },
            StoreCase("a lease that is over goes back by uptime, whatever the wall says") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                let claims = try await store.turn(
                    TurnRequest(wanted: [Wanted(.sms, limit: 2)], lease: .seconds(60)), at: .noon
                ).claims
                _ = try await store.turn(
                    TurnRequest(beginning: [claims[1].beginning()], lease: .seconds(60)), at: .noon)
                let tomorrow = Moment(wall: .noon.addingTimeInterval(3600), uptime: Moment.noon.uptime + 59_000)
                #expect(try await store.claim(at: tomorrow).isEmpty)
                #expect(try await store.state(1) == .sending)
                let over = Moment(wall: .noon, uptime: Moment.noon.uptime + 60_001)
                let again = try await store.claim(at: over)
                #expect(again.map(\.message.id.raw) == [1])
                #expect(again.first?.progress.deaths == 0, "nobody died")
                #expect(try await store.state(2) == .unconfirmed)
                #expect(try await store.settle(claims[0].accepted(), claims[1].accepted(), at: over) == [nil, nil])
            },
        ]
    }
}

import Domain
import Foundation
import Journal
import Queue
import Testing

extension StoreConformance {
    static var claiming: [StoreCase] {
        [
            StoreCase("what is claimed is sending and is not claimed again") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2))
                #expect(try await store.claim(1).map(\.message.id.raw) == [1])
                #expect(try await store.state(1) == .sending)
                #expect(try await store.claim().map(\.message.id.raw) == [2])
                #expect(try await store.claim().isEmpty)
            },
            StoreCase("a limit of none claims none") { store async throws in
                try await store.accept(.sample())
                #expect(try await store.claim(0).isEmpty)
                #expect(try await store.state(1) == .queued)
            },
            StoreCase("nothing is claimed before it is due") { store async throws in
                let later = Date.noon.addingTimeInterval(60)
                _ = try await store.enqueue([.sample(.sample(), due: later, held: .sendAt)], at: .noon)
                #expect(try await store.claim().isEmpty)
                let view = try #require(try await store.message(MessageID(raw: 1)))
                #expect(view.due == later && view.held == .sendAt)
                #expect(try await store.claim(at: .noon.advanced(by: .seconds(60))).count == 1)
            },
            StoreCase("earlier due goes first, then the older message") { store async throws in
                _ = try await store.enqueue(
                    [
                        .sample(.sample(id: 1), due: .noon), .sample(.sample(id: 2), due: .noon.addingTimeInterval(-5)),
                        .sample(.sample(id: 3), due: .noon.addingTimeInterval(-5)),
                    ], at: .noon)
                #expect(try await store.claim().map(\.message.id.raw) == [2, 3, 1])
            },
            StoreCase("an emergency overtakes everything") { store async throws in
                try await store.accept(
                    .sample(id: 1, priority: .bulk), .sample(id: 2, priority: .normal), .sample(id: 3, priority: .high),
                    .sample(id: 4, priority: .emergency))
                #expect(try await store.claim().map(\.message.id.raw) == [4, 3, 2, 1])
            },
            StoreCase("a flood of emergencies leaves the others a tenth") { store async throws in
                let flood = (1...200).map { Enqueue.sample(.sample(id: $0, priority: .emergency)) }
                let rest = (201...210).map { Enqueue.sample(.sample(id: $0, priority: .bulk)) }
                _ = try await store.enqueue(flood + rest, at: .noon)
                let claims = try await store.claim(100)
                let bulk = claims.filter { $0.message.priority == .bulk }.count
                #expect(claims.count == 100)
                #expect((1...10).contains(bulk), "\(bulk) of 100")
            },
            StoreCase("one claim at a time starves nobody either") { store async throws in
                let flood = (1...60).map { Enqueue.sample(.sample(id: $0, priority: .emergency)) }
                _ = try await store.enqueue(flood + [.sample(.sample(id: 99, priority: .bulk))], at: .noon)
                var turns = 0
                while try await store.claim(1).first?.message.priority != .bulk { turns += 1 }
                #expect(turns < 40)
            },
            StoreCase("the reserve is not wasted when nobody needs it") { store async throws in
                let items = (1...30).map { Enqueue.sample(.sample(id: $0, priority: .emergency)) }
                _ = try await store.enqueue(items, at: .noon)
                #expect(try await store.claim(20).count == 20)
            },
            StoreCase("what expired is settled as it is met, and takes nobody's place") { store async throws in
                let dead = (1...5).map {
                    Enqueue.sample(.sample(id: $0, expiresAt: .noon), due: .noon.addingTimeInterval(-9))
                }
                _ = try await store.enqueue(dead + [.sample(.sample(id: 6))], at: .noon)
                #expect(try await store.claim(3).map(\.message.id.raw) == [6])
                for id in 1...5 { #expect(try await store.state(Int64(id)) == .expired) }
                #expect(try await store.events(1) == ["accepted", "expiryPassed"])
            },
            StoreCase("what expires while it waits is settled when its end comes") { store async throws in
                let end = Date.noon.addingTimeInterval(60)
                let message = Message.sample(expiresAt: end)
                _ = try await store.enqueue(
                    [.sample(message, due: .noon.addingTimeInterval(9000), held: .sendAt)], at: .noon)
                #expect(try await store.nextDue(on: [.sms]) == end)
                #expect(try await store.claim(at: .noon.advanced(by: .seconds(60))).isEmpty)
                #expect(try await store.state(1) == .expired)
            },
            StoreCase("tokens only grow") { store async throws in
                try await store.accept(.sample(id: 1))
                let first = try #require(try await store.claim().first)
                _ = try await store.settle(first.postponed(to: .noon))
                let second = try #require(try await store.claim().first)
                #expect(second.token > first.token)
            },
            StoreCase("progress travels with the claim") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                var settlement = claim.postponed(to: .noon)
                settlement.progress = Progress(
                    attempts: 2, submissions: 5, exhausted: [.max(), .email()], reach: .accepted)
                _ = try await store.settle(settlement)
                #expect(try await store.claim().first?.progress == settlement.progress)
            },
        ]
    }
}

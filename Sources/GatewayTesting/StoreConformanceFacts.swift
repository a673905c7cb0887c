package import Domain
import Foundation
import Journal
import Policy
import Queue
import Testing

extension StoreConformance {
    static var facts: [StoreCase] {
        [
            StoreCase("of facts the latest are kept, and what is older is said to be") { store async throws in
                let first = AccountFacts.sample("3250.50", 0)
                #expect(try await store.note([first], by: "client:billing", at: .noon) == [.taken])
                #expect(try await store.note([first], by: "client:portal", at: .noon) == [.same])
                let paid = AccountFacts.sample("0.00", 60)
                let late = AccountFacts.sample("9.99", 59)
                #expect(
                    try await store.note([paid, late], by: "client:billing", at: .noon) == [
                        .taken, .older(than: paid),
                    ])
                let corrected = AccountFacts.sample("-5.00", 60)
                #expect(try await store.note([corrected], by: "client:billing", at: .noon) == [.taken], "the same time")
                let other = AccountID("0046")!
                #expect(
                    try await store.facts(of: [corrected.account, other]) == [corrected.account: corrected])
                let lines = try await store.entries(after: 0, limit: 100).filter { $0.event == "facts" }
                #expect(lines.map(\.by) == Array(repeating: "client:billing", count: 3))
                #expect(try await store.isIntact())
            },
            StoreCase("a condition comes back with its message, and its facts with the standing") {
                store async throws in
                let message = Message.sample(recipient: "ls:1").onDebt
                try await store.accept(message)
                #expect(try await store.message(message.id)?.message.condition == message.condition)
                #expect(try await store.standings(of: [message], at: .noon).first?.facts == nil)
                let facts = AccountFacts.sample("0.00", 0)
                _ = try await store.note([facts], by: "client:billing", at: .noon)
                let standings = try await store.standings(of: [message, .sample(id: 2)], at: .noon)
                #expect(standings.map(\.facts) == [facts, nil], "who has no condition asks for none")
                let claim = try #require(try await store.claim().first)
                #expect(claim.message.condition == message.condition)
            },
            StoreCase("facts between permit and first byte win") { store async throws in
                try await store.accept(Message.sample(recipient: "ls:1").onDebt)
                let claim = try #require(try await store.claim().first)
                let before = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                _ = try await store.note([.sample("1.00", 0, "0046")], by: "client:billing", at: .noon)
                _ = try await store.note([.sample("0.00", 0)], by: "client:billing", at: .noon)
                let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: before)]), at: .noon)
                #expect(turn.begun.isEmpty && turn.stale == [claim.token])
                let fresh = try #require(try await store.standings(of: [claim.message], at: .noon).first)
                #expect(fresh.facts?.balance == Kopecks(0) && fresh.epoch > before)
                // Told again, or too late, nothing has changed.
                _ = try await store.note([.sample("0.00", 0), .sample("7.00", -1)], by: "client:billing", at: .noon)
                let again = try await store.turn(TurnRequest(beginning: [claim.beginning(at: fresh.epoch)]), at: .noon)
                #expect(again.begun == [claim.token])
            },
            StoreCase("facts of other accounts hold nobody up") { store async throws in
                try await store.accept(Message.sample(recipient: "ls:1").onDebt)
                let claim = try #require(try await store.claim().first)
                let before = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                _ = try await store.note([.sample("1.00", 0, "0046")], by: "client:billing", at: .noon)
                let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: before)]), at: .noon)
                #expect(turn.begun == [claim.token])
            },
            StoreCase("what a key was used for is found by it") { store async throws in
                var message = Message.sample()
                message.idempotencyKey = "k1"
                _ = try await store.enqueue([.sample(message, hash: [7])], at: .noon)
                let (known, unknown, foreign) = (
                    RequestKey(client: "billing", key: Array("k1".utf8)),
                    RequestKey(client: "billing", key: Array("k2".utf8)),
                    RequestKey(client: "portal", key: Array("k1".utf8))
                )
                #expect(
                    try await store.first(of: [known, unknown, foreign])
                        == [known: FirstRequest(message: message.id, hash: [7])])
            },
        ]
    }
}

extension AccountFacts {
    /// - Parameter seconds: after noon.
    package static func sample(_ balance: String, _ seconds: Double, _ account: String = "0045-12") -> AccountFacts {
        AccountFacts(
            account: AccountID(account)!, balance: Kopecks(balance)!, asOf: .noon.addingTimeInterval(seconds))
    }
}

extension Message {
    /// To be sent while account 0045-12 owes something.
    package var onDebt: Message {
        var message = self
        message.condition = Condition(account: AccountID("0045-12")!, "balance > 0")
        return message
    }
}

import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Policy

/// Whether a message with a condition leaves, and what is said about it.
struct ConditionRuleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// Nil: nothing is known.
        var balance: String?
        var ageInHours = 1.0
        var onDoubt = Purpose.OnDoubt.suppress
        var maxAge: Duration? = .seconds(86_400)
        var goes: Bool
        var says: String
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "in debt", balance: "120.50", goes: true,
            says: "balance > 0.00: pass (balance 120.50 as of 2026-11-24T08:00:00Z)"),
        Row(
            name: "paid", balance: "0.00", goes: false,
            says: "balance > 0.00: false (balance 0.00 as of 2026-11-24T08:00:00Z)"),
        Row(name: "paid ahead", balance: "-5", goes: false, says: "balance -5.00"),
        Row(name: "paid, an emergency", balance: "0.00", onDoubt: .send, goes: false, says: "false"),
        Row(name: "unknown, fails closed", goes: false, says: "nothing is known of 0045-12, not sent"),
        Row(
            name: "unknown, fails open", onDoubt: .send, goes: true,
            says: "nothing is known of 0045-12, sent all the same"),
        Row(
            name: "too old, fails closed", balance: "120.50", ageInHours: 24, goes: false,
            says: "too old: balance 120.50"),
        Row(
            name: "too old, fails open", balance: "0.00", ageInHours: 25, onDoubt: .send, goes: true,
            says: "too old: balance 0.00"),
        Row(name: "just recent enough", balance: "1", ageInHours: 23.99, goes: true, says: "pass"),
        Row(name: "of any age", balance: "1", ageInHours: 5000, maxAge: nil, goes: true, says: "pass"),
    ]

    static func question(_ row: Row, quiet: QuietHours? = nil) -> Question {
        var purpose = Purpose.sample(quietHours: quiet)
        purpose.onDoubt = row.onDoubt
        purpose.factsMaxAge = row.maxAge
        let facts = row.balance.map { AccountFacts.sample($0, -row.ageInHours * 3600) }
        return Question(
            message: Message.sample().onDebt, purpose: purpose, standing: Standing(facts: facts, epoch: Epoch(7)),
            rules: HouseRules(carried: Set(Channel.allCases)))
    }

    @Test(arguments: rows) func decision(row: Row) throws {
        let decision = decide(Self.question(row), at: .noon)
        let step = try #require(decision.steps.last)
        #expect(step.rule == "condition" && step.result.contains(row.says), "\(step.result)")
        switch decision.ending {
        case .success: #expect(row.goes)
        case .failure(let stop): #expect(!row.goes && stop == .refused(.conditionFalse))
        }
    }

    @Test func aPermitEndsWithTheFactsItRestsOn() throws {
        let row = Row(name: "", balance: "1", ageInHours: 20, goes: true, says: "")
        let permit = try decide(Self.question(row), at: .noon).ending.get()
        #expect(permit.until == .noon.addingTimeInterval(4 * 3600))
        var open = row
        open.onDoubt = .send
        #expect(try decide(Self.question(open), at: .noon).ending.get().until == .distantFuture)
    }

    /// What is known at night is not what will be known in the morning, when the message could leave.
    @Test func itIsAskedAfterTheQuietHours() {
        let row = Row(name: "", balance: "0.00", goes: false, says: "")
        let night = Date.noon.addingTimeInterval(11 * 3600)
        guard case .failure(.postponed(_, .quietHours)) = decide(Self.question(row, quiet: .night), at: night).ending
        else {
            Issue.record("it was not postponed")
            return
        }
    }
}

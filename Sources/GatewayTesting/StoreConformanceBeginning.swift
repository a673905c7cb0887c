package import Domain
package import Foundation
import Journal
import Policy
import Queue
import Testing

extension StoreConformance {
    static var beginning: [StoreCase] {
        [
            StoreCase("began is written before anything leaves") { store async throws in
                let claim = try await store.begun(.sample())
                let line = try #require(try await store.timeline(of: claim.message.id).last)
                #expect(line.event == "began" && line.state == .sending)
                #expect(
                    line.facts == [.init("attempt", "1"), .init("provider", "sms-a"), .init("to", "sms +7···4567")])
            },
            StoreCase("a claim that is not ours is lost") { store async throws in
                try await store.accept(.sample())
                let claim = try #require(try await store.claim().first)
                let other = Claim(message: claim.message, progress: claim.progress, token: claim.token + 1)
                let turn = try await store.turn(TurnRequest(beginning: [other.beginning()]), at: .noon)
                #expect(turn.begun.isEmpty && turn.lost == [other.token])
            },
            StoreCase("a message that expired before its first byte is lost and expired") { store async throws in
                try await store.accept(.sample(expiresAt: .noon.addingTimeInterval(10)))
                let claim = try #require(try await store.claim().first)
                let turn = try await store.turn(
                    TurnRequest(beginning: [claim.beginning()]), at: .noon.advanced(by: .seconds(10)))
                #expect(turn.begun.isEmpty && turn.lost == [claim.token])
                #expect(try await store.state(1) == .expired)
            },
            StoreCase("a withdrawal between permit and first byte wins") { store async throws in
                let claim = try await claimed(for: "ls:1", store)
                let permit = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                try await store.record([.sample(1, of: "ls:1", .withdrawn)], at: .noon)
                let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: permit)]), at: .noon)
                #expect(turn.begun.isEmpty && turn.stale == [claim.token])
                #expect(try await store.state(1) == .sending, "still claimed: policy is asked again")
                let fresh = try #require(try await store.standings(of: [claim.message], at: .noon).first)
                #expect(fresh.consents.map(\.action) == [.withdrawn] && fresh.epoch > permit)
                let again = try await store.turn(TurnRequest(beginning: [claim.beginning(at: fresh.epoch)]), at: .noon)
                #expect(again.begun == [claim.token])
            },
            StoreCase("a suppression or a new address between permit and first byte wins too") { store async throws in
                let claim = try await claimed(for: "ls:1", store)
                let before = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                try await store.suppress(
                    [Suppression(destination: .sms(), reason: .manual, since: .noon)], by: "operator", at: .noon)
                #expect(
                    try await store.turn(TurnRequest(beginning: [claim.beginning(at: before)]), at: .noon).stale.count
                        == 1)
                let between = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                try await store.put([Recipient(id: RecipientID("ls:1")!, destinations: [.email()])], at: .noon)
                #expect(
                    try await store.turn(TurnRequest(beginning: [claim.beginning(at: between)]), at: .noon).stale.count
                        == 1)
            },
            StoreCase("so does one of the same mailbox in other letters") { store async throws in
                let anna = Destination.email("Anna@example.ru")
                try await store.accept(.sample(to: [anna]))
                let claim = try #require(try await store.claim().first)
                let before = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                try await store.suppress(
                    [Suppression(destination: .email("anna@example.ru"), reason: .manual, since: .noon)],
                    by: "operator", at: .noon)
                let turn = try await store.turn(
                    TurnRequest(beginning: [claim.beginning(at: before, to: anna)]), at: .noon)
                #expect(turn.begun.isEmpty && turn.stale == [claim.token])
            },
            StoreCase("other people's changes hold nobody up") { store async throws in
                let claim = try await claimed(for: "ls:1", store)
                let permit = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
                try await store.record([.sample(1, of: "ls:2", .withdrawn)], at: .noon)
                try await store.suppress(
                    [Suppression(destination: .email(), reason: .manual, since: .noon)], by: "operator", at: .noon)
                let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: permit)]), at: .noon)
                #expect(turn.begun == [claim.token])
            },
        ]
    }

    private static func claimed(for recipient: String, _ store: any GatewayStore) async throws -> Claim {
        try await store.accept(.sample(recipient: recipient))
        return try #require(try await store.claim().first)
    }
}

extension ConsentRecord {
    package static func sample(
        _ id: Int64, of recipient: String, purpose: PurposeID = .paymentReminder, channel: Channel? = nil,
        _ action: Action, at date: Date = .noon
    ) -> ConsentRecord {
        ConsentRecord(
            id: ConsentID(raw: id), recipient: RecipientID(recipient)!, purpose: purpose, channel: channel,
            action: action, evidence: "scan:sha256:ab", textVersion: "3", occurredAt: date, recordedAt: date)
    }
}

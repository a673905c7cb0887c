import Domain
import Foundation
import Journal
package import Policy
import Queue
import Testing

/// Books that keepers work on.
package typealias PeopleStore = GatewayStore & PeopleBook

package struct PeopleCase: Sendable, CustomTestStringConvertible {
    package let label: String
    package let check: @Sendable (any PeopleStore) async throws -> Void
    package var testDescription: String { label }

    init(_ label: String, _ check: @escaping @Sendable (any PeopleStore) async throws -> Void) {
        self.label = label
        self.check = check
    }
}

extension StoreConformance {
    /// Of `PeopleBook`, for stores that have it.
    package static let people: [PeopleCase] = [
        PeopleCase("a resident is new once, replaced then, removed once, and the ledger stays") { store async throws in
            let id = RecipientID("ls:1")!
            let anna = Recipient(id: id, name: "Анна", destinations: [.sms(), .email()])
            #expect(try await store.put(anna, by: "client:crm", at: .noon))
            #expect(try await store.put(anna, by: "client:crm", at: .noon) == false)
            try await store.record([.sample(1, of: "ls:1", .granted)], at: .noon)
            #expect(try await store.remove(id, by: "client:crm", at: .noon))
            #expect(try await store.remove(id, by: "client:crm", at: .noon) == false)
            #expect(try await store.recipient(id) == nil)
            #expect(try await store.ledger(of: id).count == 1)
            let lines = try await store.entries(after: 0, limit: 100).filter { $0.event == "recipient" }
            #expect(lines.map(\.by) == ["client:crm", "client:crm", "client:crm"])
            #expect(lines.last?.facts.contains(.init("action", "removed")) == true)
            #expect(try await store.put(Recipient(id: id), by: "client:crm", at: .noon), "new again")
            #expect(try await store.recipient(id)?.destinations == [], "no address came back")
            #expect(try await store.isIntact())
        },
        PeopleCase("a removal between permit and first byte wins") { store async throws in
            let id = RecipientID("ls:1")!
            _ = try await store.put(Recipient(id: id, destinations: [.sms()]), by: "client:crm", at: .noon)
            try await store.accept(.sample(recipient: "ls:1", to: []))
            let claim = try #require(try await store.claim().first)
            let before = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
            _ = try await store.remove(id, by: "client:crm", at: .noon)
            let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: before)]), at: .noon)
            #expect(turn.begun.isEmpty && turn.stale == [claim.token])
        },
        PeopleCase("the ledger goes page by page, of one newest first, of all oldest first") { store async throws in
            let id = RecipientID("ls:1")!
            let mine = (1...5).map { ConsentRecord.sample(Int64($0 * 2), of: "ls:1", .granted) }
            let others = (1...3).map { ConsentRecord.sample(Int64($0 * 2 + 1), of: "ls:2", .granted) }
            try await store.record(mine + others, at: .noon)
            let first = try await store.ledger(of: id, limit: 3, before: nil)
            #expect(first.map(\.id.raw) == [10, 8, 6])
            #expect(try await store.ledger(of: id, limit: 3, before: first.last?.id).map(\.id.raw) == [4, 2])
            let all = try await store.ledger(after: nil, limit: 5)
            #expect(all.map(\.id.raw) == [2, 3, 4, 5, 6])
            #expect(try await store.ledger(after: all.last?.id, limit: 5).map(\.id.raw) == [7, 8, 10])
        },
        PeopleCase("a word that was told is told as it stands; one bad record leaves nothing") { store async throws in
            let first = ConsentRecord.sample(1, of: "ls:1", .granted)
            #expect(try await store.append([first], at: .noon) == [first])
            let again = ConsentRecord.sample(2, of: "ls:1", .granted)
            let other = ConsentRecord.sample(3, of: "ls:1", .withdrawn)
            #expect(try await store.append([again, other], at: .noon) == [first, other])
            #expect(try await store.ledger(of: first.recipient).map(\.id.raw) == [1, 3])
            await #expect(throws: StoreError.self) {
                _ = try await store.append(
                    [.sample(4, of: "ls:1", .refused), .sample(3, of: "ls:9", .granted)], at: .noon)
            }
            #expect(try await store.ledger(of: first.recipient).count == 2)
        },
        PeopleCase("of two that saw the same ledger one appends") { store async throws in
            let id = RecipientID("ls:1")!
            #expect(try await store.append([.sample(1, of: "ls:1", .granted)], to: id, holding: 0, at: .noon))
            #expect(
                try await store.append([.sample(2, of: "ls:1", .withdrawn)], to: id, holding: 0, at: .noon) == false)
            #expect(try await store.ledger(of: id).map(\.id.raw) == [1])
            #expect(try await store.append([.sample(3, of: "ls:1", .withdrawn)], to: id, holding: 1, at: .noon))
        },
        PeopleCase("suppressions have ids, newest first; a line that is replaced has a new one") { store async throws in
            let hour = Suppression(
                destination: .email("Anna@example.ru"), reason: .hardBounce, since: .noon,
                until: .noon.addingTimeInterval(3600))
            let forever = Suppression(destination: .email(), reason: .optedOut, since: .noon)
            let first = try await store.list(hour, by: "client:crm", at: .noon)
            let second = try await store.list(
                Suppression(destination: .sms(), reason: .manual, since: .noon), by: "client:crm", at: .noon)
            let third = try await store.list(forever, by: "client:crm", at: .noon)
            #expect(first.isNew && second.isNew && third.isNew)
            #expect(third.line.id > second.line.id && second.line.id > first.line.id)
            let shorter = try await store.list(hour, by: "client:crm", at: .noon)
            #expect(!shorter.isNew && shorter.line == third.line)
            #expect(try await store.suppressions(limit: 10, before: nil) == [third.line, second.line])
            #expect(try await store.suppressions(limit: 1, before: third.line.id) == [second.line])
            #expect(try await store.suppressions(of: [.email("ANNA@example.ru"), .max()]) == [third.line])
            #expect(try await store.lift(first.line.id, by: "client:crm", at: .noon) == false, "another line by now")
            #expect(try await store.lift(third.line.id, by: "client:crm", at: .noon))
            #expect(try await store.lift(third.line.id, by: "client:crm", at: .noon) == false)
            #expect(try await store.suppressions(limit: 10) == [second.line.suppression])
            // What the worker finds out gets a name as well.
            try await store.suppress([hour], by: "provider:mail", at: .noon)
            let fourth = try #require(try await store.suppressions(limit: 1, before: nil).first)
            #expect(fourth.id > third.line.id)
            #expect(try await store.entries(after: 0, limit: 100).last?.by == "provider:mail")
            #expect(try await store.isIntact())
        },
        PeopleCase("what is handed out is noted") { store async throws in
            try await store.note(.resident(RecipientID("ls:1")!), by: "client:crm", at: .noon)
            try await store.note(.ledger, by: "client:crm", at: .noon)
            let lines = try await store.entries(after: 0, limit: 10)
            #expect(lines.map(\.event) == ["exported", "exported"])
            #expect(lines.map(\.facts) == [[.init("recipient", "ls:1")], [.init("what", "consents")]])
        },
    ]
}

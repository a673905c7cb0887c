package import Domain
package import Foundation
import Journal
package import Policy
import Queue
import Testing

/// Books that keep API keys and guest lists.
package typealias KeyStore = GatewayStore & GuestBook & KeyBook

package struct KeyCase: Sendable, CustomTestStringConvertible {
    package let label: String
    /// With the same books opened by the next process.
    package let check:
        @Sendable (any KeyStore, @Sendable (any KeyStore) async throws -> any KeyStore) async throws -> Void
    package var testDescription: String { label }

    init(
        _ label: String,
        _ check:
            @escaping @Sendable (any KeyStore, @Sendable (any KeyStore) async throws -> any KeyStore) async throws
            -> Void
    ) {
        self.label = label
        self.check = check
    }
}

extension StoreConformance {
    /// Of `KeyBook` and `GuestBook`, for stores that have them.
    package static let keys: [KeyCase] = [
        KeyCase("a key comes back as it was made, also for the next process") { store, reopened async throws in
            var key = KeyRecord.sample("aaaa1111")
            (key.templates, key.channels, key.dailyCap) = (["payment-reminder", "news"], [.sms, .maxChat], 500)
            key.networks = [Subnet("10.20.0.0/16")!, Subnet("fd00::/8")!]
            (key.expires, key.note) = (.noon.addingTimeInterval(86_400), "Петров, заявка 12")
            let plain = KeyRecord.sample("bbbb2222", .test, created: .noon.addingTimeInterval(1))
            #expect(try await store.create(key, by: "cli:anna", at: .noon) == .created)
            #expect(try await store.create(plain, by: "cli:anna", at: .noon) == .created)
            #expect(try await store.keys() == [key, plain])
            #expect(try await reopened(store).keys() == [key, plain])
        },
        KeyCase("two keys of one client and mode are active at once, not three") { store, _ async throws in
            for id in ["aaaa1111", "bbbb2222"] {
                #expect(try await store.create(.sample(id), by: "cli", at: .noon) == .created)
            }
            let present = try await store.keys()
            #expect(try await store.create(.sample("cccc3333"), by: "cli", at: .noon) == .tooMany(present))
            #expect(try await store.create(.sample("aaaa1111"), by: "cli", at: .noon) == .idTaken)
            #expect(try await store.create(.sample("dddd4444", .test), by: "cli", at: .noon) == .created)
            #expect(try await store.create(.sample("eeee5555", of: "portal"), by: "cli", at: .noon) == .created)
            _ = try await store.revoke("aaaa1111", by: "cli", at: .noon)
            var short = KeyRecord.sample("cccc3333")
            short.expires = .noon.addingTimeInterval(60)
            #expect(try await store.create(short, by: "cli", at: .noon) == .created, "a revoked one makes room")
            let later = Moment.noon.advanced(by: .seconds(61))
            #expect(try await store.create(.sample("ffff6666"), by: "cli", at: later) == .created, "an expired one too")
        },
        KeyCase("of many keys made at the same moment two stay") { store, _ async throws in
            let outcomes = try await withThrowingTaskGroup(of: KeyCreation.self) { group in
                for number in 0..<20 {
                    group.addTask { try await store.create(.sample("key0\(1000 + number)"), by: "cli", at: .noon) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .created } == 2)
            #expect(try await store.keys().count == 2)
        },
        KeyCase("a revoked key stays revoked, and who keeps a copy learns of it") { store, reopened async throws in
            _ = try await store.create(.sample("aaaa1111"), by: "cli", at: .noon)
            let generation = store.keyGeneration
            let later = Moment.noon.advanced(by: .seconds(5))
            guard case .revoked(let key) = try await store.revoke("aaaa1111", by: "cli:anna", at: later) else {
                Issue.record("it was not revoked")
                return
            }
            #expect(key.status(at: later.wall) == .revoked && store.keyGeneration > generation)
            #expect(try await store.revoke("aaaa1111", by: "cli", at: .noon) == .before(later.wall))
            #expect(try await store.revoke("zzzz9999", by: "cli", at: .noon) == .unknown)
            #expect(try await reopened(store).keys().map(\.revoked) == [later.wall])
        },
        KeyCase("changes stand in the journal, the secret and its hash do not") { store, _ async throws in
            let key = KeyRecord.sample("aaaa1111")
            _ = try await store.create(key, by: "cli:anna", at: .noon)
            _ = try await store.create(key, by: "cli:anna", at: .noon)
            _ = try await store.revoke(key.id, by: "cli:boris", at: .noon)
            _ = try await store.revoke(key.id, by: "cli:boris", at: .noon)
            let lines = try await store.entries(after: 0, limit: 100)
            #expect(lines.map(\.event) == ["key", "key"] && lines.map(\.by) == ["cli:anna", "cli:boris"])
            #expect(lines.map { $0.facts.first { $0.name == "action" }?.value } == ["created", "revoked"])
            let digest = key.digest.map { String(format: "%02x", $0) }.joined()
            for fact in lines.flatMap(\.facts) {
                #expect(!fact.value.lowercased().contains(digest.prefix(12)))
                #expect(!fact.value.contains(Data(key.digest).base64EncodedString().prefix(12)))
            }
            #expect(try await store.isIntact())
        },
        KeyCase("a daily cap is never passed, however many ask at once") { store, reopened async throws in
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<60 {
                    group.addTask { try await store.charge(7, to: "aaaa1111", on: 20_000, cap: 100, at: .noon) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(taken.count { $0 } == 14)
            let heir = try await reopened(store)
            #expect(try await !heir.charge(3, to: "aaaa1111", on: 20_000, cap: 100, at: .noon))
            #expect(try await heir.charge(2, to: "aaaa1111", on: 20_000, cap: 100, at: .noon))
            #expect(try await !heir.charge(1, to: "aaaa1111", on: 20_000, cap: 100, at: .noon))
            #expect(try await heir.charge(100, to: "aaaa1111", on: 20_001, cap: 100, at: .noon), "the next day")
            #expect(try await heir.charge(100, to: "bbbb2222", on: 20_000, cap: 100, at: .noon), "another key")
            #expect(try await !heir.charge(.max, to: "bbbb2222", on: 20_002, cap: 100, at: .noon))
            #expect(try await !heir.charge(-5, to: "bbbb2222", on: 20_000, cap: 100, at: .noon))
        },
        KeyCase("the last use only goes forward and leaves no line") { store, _ async throws in
            _ = try await store.create(.sample("aaaa1111"), by: "cli", at: .noon)
            let lines = try await store.entries(after: 0, limit: 100).count
            for seconds in [60.0, 10, 120] {
                try await store.noteUse(["aaaa1111": .noon.addingTimeInterval(seconds), "nobody00": .noon], at: .noon)
            }
            #expect(try await store.keys().map(\.lastUsed) == [.noon.addingTimeInterval(120)])
            try await store.noteUse(["aaaa1111": .noon], at: .noon)
            #expect(try await store.keys().map(\.lastUsed) == [.noon.addingTimeInterval(120)])
            #expect(try await store.entries(after: 0, limit: 100).count == lines)
        },
        KeyCase("guests come and go, by client") { store, reopened async throws in
            let client = ClientName("billing")!, resident = Guest.recipient(RecipientID("ls:1")!)
            for guest in [resident, .destination(.email("Anna@example.ru")), .destination(.sms())] {
                #expect(try await store.invite(guest, of: client, by: "cli:anna", at: .noon) == .done)
            }
            let again = Guest.destination(.email("anna@EXAMPLE.ru"))
            #expect(try await store.invite(again, of: client, by: "cli:anna", at: .noon) == .nothingToDo)
            #expect(try await store.guests(of: "portal").isEmpty)
            let heir = try await reopened(store)
            #expect(
                try await heir.guests(of: "billing") == [
                    resident, .destination(.email("anna@example.ru")), .destination(.sms()),
                ])
            #expect(try await heir.uninvite(again, of: client, by: "cli:anna", at: .noon) == .done)
            #expect(try await heir.uninvite(again, of: client, by: "cli:anna", at: .noon) == .nothingToDo)
            #expect(try await heir.guests(of: "billing").count == 2)
            let lines = try await heir.entries(after: 0, limit: 100)
            #expect(lines.count == 4 && lines.allSatisfy { $0.event == "key" })
            #expect(!lines.flatMap(\.facts).contains { $0.value.contains("9001234567") || $0.value.contains("anna@") })
        },
        KeyCase("a guest list has an end") { store, _ async throws in
            let client = ClientName("billing")!
            for number in 0..<Guest.limit {
                let guest = Guest.recipient(RecipientID("ls:\(number)")!)
                #expect(try await store.invite(guest, of: client, by: "cli", at: .noon) == .done)
            }
            #expect(try await store.invite(.destination(.sms()), of: client, by: "cli", at: .noon) == .tooMany)
        },
        KeyCase("only a team message meets the guests of its client") { store, _ async throws in
            let client = ClientName("billing")!
            _ = try await store.invite(.destination(.sms()), of: client, by: "cli", at: .noon)
            let standings = try await store.standings(
                of: [.sample(id: 1).under(.team), .sample(id: 2).under(.test), .sample(id: 3)], at: .noon)
            #expect(standings.map { $0.guests?.invites(.sms(), of: nil) } == [true, nil, nil])
        },
        KeyCase("who leaves the list between permit and first byte is not written to") { store, _ async throws in
            let client = ClientName("billing")!
            _ = try await store.invite(.destination(.sms()), of: client, by: "cli", at: .noon)
            try await store.accept(Message.sample().under(.team))
            let claim = try #require(try await store.claim().first)
            let epoch = try #require(try await store.standings(of: [claim.message], at: .noon).first).epoch
            _ = try await store.uninvite(.destination(.sms()), of: client, by: "cli", at: .noon)
            let turn = try await store.turn(TurnRequest(beginning: [claim.beginning(at: epoch)]), at: .noon)
            #expect(turn.begun.isEmpty && turn.stale == [claim.token])
        },
        KeyCase("the mode of a message comes back with it") { store, reopened async throws in
            for (place, mode) in KeyMode.allCases.enumerated() {
                try await store.accept(Message.sample(id: Int64(place + 1)).under(mode))
            }
            #expect(try await store.claim().map(\.message.mode) == KeyMode.allCases)
            let heir = try await reopened(store)
            for (place, mode) in KeyMode.allCases.enumerated() {
                #expect(try await heir.message(MessageID(raw: Int64(place + 1)))?.message.mode == mode)
            }
        },
        KeyCase("each mode has idempotency keys of its own") { store, _ async throws in
            let outcomes = try await store.enqueue(
                KeyMode.allCases.enumerated().map { place, mode in
                    var message = Message.sample(id: Int64(place + 1)).under(mode)
                    message.idempotencyKey = "invoice-1"
                    return .sample(message, hash: [UInt8(place)])
                }, at: .noon)
            #expect(outcomes == [1, 2, 3].map { .new(MessageID(raw: $0)) })
            var again = Message.sample(id: 9).under(.test)
            again.idempotencyKey = "invoice-1"
            #expect(try await store.enqueue([.sample(again, hash: [2])], at: .noon) == [.known(MessageID(raw: 3))])
        },
        KeyCase("a test message supersedes test messages only") { store, _ async throws in
            for (place, mode) in [KeyMode.live, .test, .test].enumerated() {
                var message = Message.sample(id: Int64(place + 1)).under(mode)
                message.supersedes = "reminder"
                try await store.accept(message)
            }
            var states: [MessageState?] = []
            for id in Int64(1)...3 { states.append(try await store.state(id)) }
            #expect(states == [.queued, .suppressed, .queued])
        },
    ]
}

extension KeyRecord {
    /// - Parameter id: 8 characters; also what the digest is made of.
    package static func sample(
        _ id: String, _ mode: KeyMode = .live, of client: String = "billing", created: Date = .noon
    ) -> KeyRecord {
        KeyRecord(
            id: id, client: ClientName(client)!, mode: mode,
            digest: (0..<32).map { Array(id.utf8)[$0 % 8] &* UInt8($0 + 3) },
            scopes: [.messagesWrite, .messagesRead], created: created)
    }
}

extension Message {
    package func under(_ mode: KeyMode) -> Message {
        var message = self
        message.mode = mode
        return message
    }
}

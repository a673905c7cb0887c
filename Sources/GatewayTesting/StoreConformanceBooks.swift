import Domain
import Foundation
import Journal
import Policy
import Queue
import Rendering
import Testing

extension StoreConformance {
    static var books: [StoreCase] {
        [
            StoreCase("a recipient comes back as it was put, and can be replaced") { store async throws in
                let id = RecipientID("ls:0045-12")!
                var recipient = Recipient(
                    id: id, name: "Анна", locale: "en", timeZone: "Asia/Omsk",
                    premises: Premises(house: "ул. Мира, 5", entrance: "2", riser: "3", flat: "45"),
                    destinations: [.max(), .sms(), .email(), .sms("+79007654321")])
                try await store.put([recipient], at: .noon)
                #expect(try await store.recipient(id) == recipient)
                recipient.destinations = [.email()]
                recipient.premises = nil
                recipient.name = nil
                try await store.put([recipient], at: .noon)
                #expect(try await store.recipient(id) == recipient)
                #expect(try await store.recipient(RecipientID("nobody")!) == nil)
            },
            StoreCase("an import stores residents and what they said; a second one says nothing new") {
                store async throws in
                let file = ResidentImport(
                    recipients: [Recipient(id: RecipientID("ls:1")!, destinations: [.sms()])],
                    consents: [
                        .sample(1, of: "ls:1", .granted), .sample(2, of: "ls:1", channel: .sms, .granted),
                        // The same word twice in one file.
                        .sample(3, of: "ls:1", channel: .sms, .granted),
                    ])
                #expect(try await store.take(file, at: .noon) == 2)
                #expect(try await store.recipient(RecipientID("ls:1")!) == file.recipients[0])
                #expect(try await store.ledger(of: RecipientID("ls:1")!).map(\.id.raw) == [1, 2])

                var again = file
                again.recipients[0].destinations = [.email()]
                again.consents = [
                    .sample(11, of: "ls:1", .granted), .sample(12, of: "ls:1", channel: .sms, .granted),
                    .sample(13, of: "ls:1", channel: .sms, .withdrawn),
                    .sample(14, of: "ls:1", channel: .max, .granted), .sample(15, of: "ls:2", .granted),
                    .sample(16, of: "ls:1", purpose: .news, .granted),
                    .sample(17, of: "ls:1", .granted, at: .noon.addingTimeInterval(1)),
                ]
                #expect(try await store.take(again, at: .noon) == 5)
                #expect(try await store.recipient(RecipientID("ls:1")!)?.destinations == [.email()])
                #expect(
                    Set(try await store.ledger(of: RecipientID("ls:1")!).map(\.id.raw)) == [1, 2, 13, 14, 16, 17])
                #expect(try await store.take(again, at: .noon) == 0)
            },
            StoreCase("an import that fails in the middle leaves nothing") { store async throws in
                let before = Recipient(id: RecipientID("ls:1")!, name: "Анна", destinations: [.sms()])
                try await store.put([before], at: .noon)
                try await store.record([.sample(7, of: "ls:9", .granted)], at: .noon)
                let standing = try await store.standings(of: [.sample(recipient: "ls:1")], at: .noon)
                let lines = try await store.entries(after: 0, limit: 100).count

                let file = ResidentImport(
                    recipients: [Recipient(id: RecipientID("ls:1")!), Recipient(id: RecipientID("ls:2")!)],
                    consents: [
                        .sample(1, of: "ls:1", .granted),
                        // Its id is taken by another word.
                        .sample(7, of: "ls:2", .granted), .sample(8, of: "ls:2", .withdrawn),
                    ])
                await #expect(throws: StoreError.self) { _ = try await store.take(file, at: .noon) }
                #expect(try await store.recipient(RecipientID("ls:1")!) == before)
                #expect(try await store.recipient(RecipientID("ls:2")!) == nil)
                #expect(try await store.ledger(of: RecipientID("ls:1")!).isEmpty)
                #expect(try await store.ledger(of: RecipientID("ls:2")!).isEmpty)
                #expect(try await store.standings(of: [.sample(recipient: "ls:1")], at: .noon) == standing)
                #expect(try await store.entries(after: 0, limit: 100).count == lines)
                #expect(try await store.isIntact())
            },
            StoreCase("residents by house, entrance, riser, flat") { store async throws in
                let homes: [(String, Premises?)] = [
                    ("a", Premises(house: "1", entrance: "1", riser: "1", flat: "1")),
                    ("b", Premises(house: "1", entrance: "1", riser: "2", flat: "2")),
                    ("c", Premises(house: "1", entrance: "2")), ("d", Premises(house: "2", entrance: "1", riser: "1")),
                    ("e", nil),
                ]
                try await store.put(homes.map { Recipient(id: RecipientID($0)!, premises: $1) }, at: .noon)
                let questions: [(Premises, [String])] = [
                    (Premises(house: "1"), ["a", "b", "c"]), (Premises(house: "1", entrance: "1"), ["a", "b"]),
                    (Premises(house: "1", riser: "1"), ["a"]), (Premises(house: "1", flat: "2"), ["b"]),
                    (Premises(house: "3"), []),
                ]
                for (premises, expected) in questions {
                    #expect(try await store.residents(of: premises).map(\.text) == expected, "\(premises)")
                }
            },
            StoreCase("a house is found whichever way its й was typed") { store async throws in
                let typed = Recipient(id: RecipientID("a")!, premises: Premises(house: "Майская 1"))
                try await store.put([typed], at: .noon)
                let decomposed = "Маи\u{0306}ская 1"
                #expect(try await store.residents(of: Premises(house: decomposed)).count == 1)
            },
            StoreCase("the standing has the latest word for each channel of the purpose") { store async throws in
                try await store.record(
                    [
                        .sample(1, of: "ls:1", .granted), .sample(2, of: "ls:1", channel: .sms, .withdrawn),
                        .sample(3, of: "ls:1", .refused, at: .noon.addingTimeInterval(60)),
                        .sample(4, of: "ls:1", purpose: .news, .granted), .sample(5, of: "ls:2", .granted),
                    ], at: .noon)
                let message = Message.sample(recipient: "ls:1")
                let standing = try #require(try await store.standings(of: [message], at: .noon).first)
                #expect(Set(standing.consents.map(\.id.raw)) == [2, 3])
                #expect(standing.recipient == nil, "he is not in the books")
                #expect(try await store.ledger(of: RecipientID("ls:1")!).map(\.id.raw) == [1, 2, 4, 3])
            },
            StoreCase("a record of the ledger comes back whole and cannot be written twice") { store async throws in
                let record = ConsentRecord.sample(1, of: "ls:1", channel: .telegram, .granted)
                try await store.record([record], at: .noon)
                #expect(try await store.ledger(of: record.recipient) == [record])
                var forged = record
                forged.action = .withdrawn
                await #expect(throws: StoreError.self) { try await store.record([forged], at: .noon) }
                #expect(try await store.ledger(of: record.recipient) == [record])
            },
            StoreCase("standings come in order, with the recipients' addresses") { store async throws in
                try await store.put([Recipient(id: RecipientID("ls:1")!, destinations: [.sms()])], at: .noon)
                try await store.suppress(
                    [
                        Suppression(destination: .sms(), reason: .optedOut, since: .noon),
                        Suppression(destination: .email(), reason: .complaint, since: .noon, until: .noon),
                    ], by: "operator", at: .noon)
                let messages: [Message] = [
                    .sample(id: 1, recipient: "ls:1", to: []), .sample(id: 2, to: [.email()]),
                    .sample(id: 3, recipient: "ls:1", to: [.email()]), .sample(id: 4, to: [.max()]),
                ]
                let standings = try await store.standings(of: messages, at: .noon)
                #expect(standings.map { $0.recipient?.id.text } == ["ls:1", nil, "ls:1", nil])
                // The second suppression is over already.
                #expect(standings.map { $0.suppressions.map(\.reason) } == [[.optedOut], [], [.optedOut], []])
                #expect(Set(standings.map(\.epoch)).count == 1, "one snapshot")
            },
            StoreCase("suppress and lift") { store async throws in
                let list = Suppression(
                    destination: .sms(), reason: .manual, since: .noon, until: .noon.addingTimeInterval(60),
                    detail: "asked")
                try await store.suppress([list], by: "operator", at: .noon)
                #expect(try await store.suppressions(limit: 10) == [list])
                #expect(try await store.lift(.sms(), by: "operator", at: .noon))
                #expect(try await store.lift(.sms(), by: "operator", at: .noon) == false)
                #expect(try await store.suppressions(limit: 10).isEmpty)
                let events = try await store.entries(after: 0, limit: 10).map(\.event)
                #expect(events == ["suppression", "lifted"])
            },
            StoreCase("a suppressed mailbox is one however it is written") { store async throws in
                let hour = Suppression(
                    destination: .email("Anna@example.ru"), reason: .hardBounce, since: .noon,
                    until: .noon.addingTimeInterval(3600))
                let forever = Suppression(destination: .email("aNNa@example.ru"), reason: .optedOut, since: .noon)
                try await store.suppress([hour, forever], by: "operator", at: .noon)
                // One row, shown as it is compared.
                let listed = Suppression(destination: .email("anna@example.ru"), reason: .optedOut, since: .noon)
                #expect(try await store.suppressions(limit: 10) == [listed])

                let resident = Recipient(id: RecipientID("ls:1")!, destinations: [.email("ANNA@example.ru")])
                try await store.put([resident], at: .noon)
                let standings = try await store.standings(
                    of: [.sample(id: 1, to: [.email("anna@Example.ru")]), .sample(id: 2, recipient: "ls:1", to: [])],
                    at: .noon)
                #expect(standings.map(\.suppressions) == [[listed], [listed]])
                #expect(try await store.recipient(resident.id) == resident, "mail goes to the mailbox as it was given")

                #expect(try await store.lift(.email("ANNA@EXAMPLE.RU"), by: "operator", at: .noon))
                #expect(try await store.suppressions(limit: 10).isEmpty)
            },
            StoreCase("a short suppression does not shorten a long one") { store async throws in
                let forever = Suppression(destination: .sms(), reason: .optedOut, since: .noon)
                let hour = Suppression(
                    destination: .sms(), reason: .hardBounce, since: .noon, until: .noon.addingTimeInterval(3600))
                try await store.suppress([hour], by: "provider:sms-a", at: .noon)
                try await store.suppress([forever], by: "operator", at: .noon)
                try await store.suppress([hour], by: "provider:sms-a", at: .noon)
                #expect(try await store.suppressions(limit: 10) == [forever])
            },
            StoreCase("each change makes the books older") { store async throws in
                func age() async throws -> Epoch? { try await store.standings(of: [.sample()], at: .noon).first?.epoch }
                var ages = [try await age()]
                try await store.put([Recipient(id: RecipientID("ls:1")!)], at: .noon)
                ages.append(try await age())
                try await store.record([.sample(1, of: "ls:1", .granted)], at: .noon)
                ages.append(try await age())
                try await store.suppress(
                    [Suppression(destination: .sms(), reason: .manual, since: .noon)], by: "operator", at: .noon)
                ages.append(try await age())
                _ = try await store.lift(.sms(), by: "operator", at: .noon)
                ages.append(try await age())
                let values = ages.compactMap { $0?.value }
                #expect(values.count == 5 && zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
            },
            StoreCase("a paused provider stays paused") { store async throws in
                #expect(try await store.providerStates().isEmpty)
                let paused = ProviderState(
                    provider: .sample, pausedUntil: .distantFuture, reason: "out_of_funds", since: .noon,
                    note: "счёт оплачен")
                try await store.record(paused, by: "gateway", at: .noon)
                #expect(try await store.providerStates() == [paused])
                let resumed = ProviderState(provider: .sample, since: .noon.addingTimeInterval(60))
                try await store.record(resumed, by: "operator", at: .noon)
                #expect(try await store.providerStates() == [resumed])
                #expect(try await store.entries(after: 0, limit: 9).map(\.by) == ["gateway", "operator"])
            },
            StoreCase("what the worker heard before a person's pause does not end it") { store async throws in
                let rest = ProviderState(
                    provider: .sample, pausedUntil: .noon.addingTimeInterval(15), reason: "throttled", since: .noon)
                let works = ProviderState(provider: .sample, since: .noon)
                let paused = ProviderState(
                    provider: .sample, pausedUntil: .distantFuture, reason: "operator", since: .noon)
                try await store.record(rest, by: ProviderState.worker, at: .noon)
                #expect(try await store.providerStates() == [rest])
                try await store.record(paused, by: "operator", at: .noon)
                for late in [rest, works] { try await store.record(late, by: ProviderState.worker, at: .noon) }
                #expect(try await store.providerStates() == [paused])
                try await store.record(works, by: "operator", at: .noon)
                try await store.record(rest, by: ProviderState.worker, at: .noon)
                #expect(try await store.providerStates() == [rest])
            },
            StoreCase("templates are kept by version, the first source of each") { store async throws in
                let one = TemplateRef(id: "reminder", version: "sha256:01")
                let two = TemplateRef(id: "reminder", version: "sha256:02")
                try await store.keep([(one, [1, 0, 255])])
                try await store.keep([(one, [9]), (two, [2])])
                let kept = try await store.kept()
                #expect(kept.map(\.ref) == [one, two])
                #expect(kept.map(\.source) == [[1, 0, 255], [2]])
            },
        ]
    }
}

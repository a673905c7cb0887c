import Domain
import Foundation
import Journal
import Policy
import Queue
import Testing

extension StoreConformance {
    static var history: [StoreCase] {
        [
            StoreCase("an empty journal is intact") { store async throws in
                #expect(try await store.verify { _, _ in } == .intact(rows: 0))
                #expect(try await store.message(MessageID(raw: 1)) == nil)
                #expect(try await store.timeline(of: MessageID(raw: 1)).isEmpty)
            },
            StoreCase("the chain counts every line") { store async throws in
                for id in 1...20 { try await store.sent(.sample(id: Int64(id))) }
                #expect(try await store.verify { _, _ in } == .intact(rows: 60))
                let page = try await store.entries(after: 57, limit: 2)
                #expect(page.map(\.sequence) == [58, 59])
            },
            StoreCase("a mark proves what was there, and a walk goes on from it") { store async throws in
                for id in 1...4 { try await store.sent(.sample(id: Int64(id))) }
                let whole = try await store.verify(from: .origin) { _, _ in true }
                #expect(whole.report == .intact(rows: 12) && whole.mark.row == 12 && whole.isComplete)
                try await store.sent(.sample(id: 5))
                let rest = try await store.verify(from: whole.mark) { _, _ in true }
                #expect(rest.report == .intact(rows: 15) && rest.rows == 15)
                // Nothing more came, a row that never was, another chain.
                #expect(try await store.verify(from: rest.mark) { _, _ in true }.report == .intact(rows: 15))
                let link = whole.mark.link
                for mark in [ChainMark(row: 16, link: link), ChainMark(row: 11, link: link)] {
                    let check = try await store.verify(from: mark) { _, _ in true }
                    guard case .broken(let row, _, _) = check.report else {
                        Issue.record("\(mark.text) holds")
                        continue
                    }
                    #expect(row == mark.row && check.isComplete)
                }
            },
            StoreCase("lists are newest first and go on from a cursor") { store async throws in
                _ = try await store.enqueue((1...7).map { .sample(.sample(id: $0)) }, at: .noon)
                let first = try await store.messages(MessageFilter(), limit: 3, after: nil).map(\.message.id.raw)
                #expect(first == [7, 6, 5])
                let rest = try await store.messages(MessageFilter(), limit: 9, after: MessageID(raw: 5))
                #expect(rest.map(\.message.id.raw) == [4, 3, 2, 1])
            },
            StoreCase("lists by state, purpose, channel, recipient, reference") { store async throws in
                try await store.sent(.sample(id: 1, recipient: "ls:1"))
                let claim = try await store.begun(.sample(id: 2))
                _ = try await store.settle(claim.failed(.failedPermanently, DeliveryFailure(.optedOut)))
                try await store.accept(.sample(id: 3, purpose: .news))
                #expect(try await store.claim().count == 1)
                var referenced = Message.sample(id: 4)
                referenced.reference = "1C-7"
                try await store.accept(referenced, .sample(id: 5))
                #expect(try await store.apply(5, .cancelled) == .moved(.cancelled))

                func ids(_ change: (inout MessageFilter) -> Void) async throws -> [Int64] {
                    var filter = MessageFilter()
                    change(&filter)
                    return try await store.messages(filter, limit: 50, after: nil).map(\.message.id.raw)
                }
                #expect(try await ids { $0.states = [.sent] } == [1])
                #expect(try await ids { $0.states = [.failed, .sending] } == [3, 2])
                #expect(try await ids { $0.states = [.queued, .cancelled] } == [5, 4])
                #expect(try await ids { $0.states = [.delivered] } == [])
                #expect(try await ids { $0.purpose = .news } == [3])
                #expect(try await ids { $0.channel = .sms } == [2, 1])
                #expect(try await ids { $0.channel = .email } == [])
                #expect(try await ids { $0.recipient = RecipientID("ls:1") } == [1])
                #expect(try await ids { $0.reference = "1C-7" } == [4])
                #expect(
                    try await ids {
                        $0.states = [.sent, .queued]
                        $0.reference = "1C-7"
                    } == [4])
            },
            StoreCase("dead letters are what nobody but a person will move") { store async throws in
                // 1 failed, 2 unknown, 3 unknown and still asked about, 4 sent, 5 queued.
                var claim = try await store.begun(.sample(id: 1))
                _ = try await store.settle(claim.failed(.failedPermanently, DeliveryFailure(.unknownAddress)))
                claim = try await store.begun(.sample(id: 2))
                _ = try await store.settle(claim.failed(.answerLost, DeliveryFailure(.noAnswer)))
                claim = try await store.begun(.sample(id: 3))
                var asked = claim.failed(.answerLost, DeliveryFailure(.noAnswer))
                (asked.due, asked.held) = (.noon.addingTimeInterval(60), .awaitingReport)
                _ = try await store.settle(asked)
                try await store.sent(.sample(id: 4))
                try await store.accept(.sample(id: 5))

                func ids(_ change: (inout DeadLetterFilter) -> Void = { _ in }) async throws -> [Int64] {
                    var filter = DeadLetterFilter()
                    change(&filter)
                    return try await store.deadLetters(filter, limit: 50, after: nil).map(\.message.raw)
                }
                #expect(try await ids() == [2, 1])
                #expect(try await ids { $0.reason = .noAnswer } == [2])
                #expect(try await ids { $0.channel = .sms } == [2, 1])
                #expect(try await ids { $0.channel = .email } == [])
                #expect(try await ids { $0.purpose = .news } == [])
                #expect(try await ids { $0.since = .noon.addingTimeInterval(-1) } == [2, 1])
                #expect(try await ids { $0.since = .noon.addingTimeInterval(3600) } == [])
                let page = try await store.deadLetters(DeadLetterFilter(), limit: 1, after: MessageID(raw: 2))
                #expect(page.map(\.message.raw) == [1] && page.first?.failure?.reason == .unknownAddress)

                // Sent again, or written off by a person: no dead letter any more.
                var retry = Message.sample(id: 6)
                retry.retryOf = MessageID(raw: 1)
                try await store.accept(retry)
                #expect(try await ids() == [2])
                let change = Change(
                    message: MessageID(raw: 2), event: .writtenOff, by: "operator", failure: DeliveryFailure(.noAnswer))
                #expect(try await store.apply([change], at: .noon) == [.moved(.failed)])
                #expect(try await ids() == [])
            },
            StoreCase("the backlog counts what would go, by purpose and channel") { store async throws in
                try await store.accept(.sample(id: 1), .sample(id: 2), .sample(id: 3, purpose: .news))
                let rows = try await store.backlog()
                #expect(rows.allSatisfy { $0.kind == .queued && $0.channel == .sms })
                #expect(rows.reduce(into: [:]) { $0[$1.purpose] = $1.count } == [.paymentReminder: 2, .news: 1])
            },
            StoreCase("stats count what waits, is held, is under way and is over") { store async throws in
                let later = Date.noon.addingTimeInterval(3600)
                _ = try await store.enqueue(
                    [
                        .sample(.sample(id: 1, priority: .emergency)),
                        .sample(.sample(id: 2), due: .noon.addingTimeInterval(-90)),
                        .sample(.sample(id: 3)), .sample(.sample(id: 4), due: later, held: .quietHours),
                        .sample(.sample(id: 5, priority: .bulk), due: later, held: .sendAt),
                    ], at: .noon)
                let claim = try #require(try await store.claim(1).first)
                #expect(claim.message.priority == .emergency)
                let stats = try await store.stats(at: .noon)
                let rows = Dictionary(grouping: stats.rows, by: \.priority)
                #expect(stats.rows.count == Priority.allCases.count)
                #expect(rows[.emergency]?.first?.sending == 1 && rows[.emergency]?.first?.waiting == 0)
                let normal = try #require(rows[.normal]?.first)
                #expect(normal.waiting == 2 && normal.held == 1 && normal.oldest == .seconds(90))
                #expect(rows[.bulk]?.first?.held == 1 && rows[.bulk]?.first?.oldest == nil)
                #expect(stats.states == [.queued: 4, .sending: 1])
                let lines = try await store.queueLines(at: .noon)
                #expect(lines.map(\.priority) == [.normal, .bulk] && lines.allSatisfy { $0.channel == .sms })
                #expect(lines[0].waiting == 2 && lines[0].held == [.quietHours: 1] && lines[0].oldest == .seconds(90))
                #expect(lines[1].waiting == 0 && lines[1].held == [.sendAt: 1] && lines[1].oldest == nil)
                #expect(lines.heldReasons == [.quietHours: 1, .sendAt: 1])
                _ = try await store.settle(claim.accepted())
                #expect(try await store.stats(at: .noon).states == [.queued: 4, .sent: 1])
            },
            StoreCase("the journal holds no address in full and no control bytes") { store async throws in
                let chat = "100200300"
                let message = Message.sample(recipient: "ls:1", to: [.sms(), .email(), .max(chat)])
                try await store.put(
                    [Recipient(id: RecipientID("ls:1")!, name: "Анна", destinations: [.sms(), .email()])], at: .noon)
                let claim = try await store.begun(message)
                let detail = "550 <anna@example.ru> unknown\r\n\u{1B}[31m; 79001234567, +79001234567 \u{202E}"
                var settlement = claim.failed(.failedPermanently, DeliveryFailure(.unknownAddress, detail: detail))
                settlement.suppress = Suppression(
                    destination: .email(), reason: .hardBounce, since: .noon, detail: "anna@example.ru says \u{0}no")
                _ = try await store.settle(settlement)
                try await store.suppress(
                    [Suppression(destination: .max(chat), reason: .manual, since: .noon, detail: "chat \(chat)")],
                    by: "operator\u{0}\n", at: .noon)
                _ = try await store.lift(.max(chat), by: "operator", at: .noon)
                let entries = try await store.entries(after: 0, limit: 100)
                #expect(entries.count >= 6)
                for entry in entries {
                    let words = [entry.by] + entry.facts.flatMap { [$0.name, $0.value] }
                    for word in words {
                        for secret in ["9001234567", "anna@", chat, "Анна"] {
                            #expect(!word.contains(secret), "\(entry.event): \(word)")
                        }
                        #expect(
                            word.unicodeScalars.allSatisfy {
                                $0.value >= 0x20 && $0.value != 0x202E && $0.value != 0x7F
                            })
                    }
                }
                #expect(try await store.isIntact())
            },
        ]
    }
}

import Domain
import Foundation
import Journal
import Queue
import Testing

extension StoreConformance {
    static var accepting: [StoreCase] {
        [
            StoreCase("a message comes back as it was accepted") { store async throws in
                let message = full
                #expect(try await store.enqueue([.sample(message)], at: .noon) == [.new(message.id)])
                #expect(try await store.message(message.id)?.message == message)
                #expect(try await store.claim().map(\.message) == [message])
            },
            StoreCase("times come back to the millisecond") { store async throws in
                var message = Message.sample()
                message.acceptedAt = Date(timeIntervalSince1970: 1_795_510_800.123)
                try await store.accept(message)
                let seen = try #require(try await store.message(message.id)?.message.acceptedAt)
                #expect(abs(seen.timeIntervalSince(message.acceptedAt)) < 0.0005)
            },
            StoreCase("no items, no result") { store async throws in
                #expect(try await store.enqueue([], at: .noon).isEmpty)
            },
            StoreCase("the same key and request give the first message back") { store async throws in
                var first = Message.sample(id: 1)
                first.idempotencyKey = "invoice-1"
                var second = Message.sample(id: 2)
                second.idempotencyKey = "invoice-1"
                #expect(try await store.enqueue([.sample(first)], at: .noon) == [.new(first.id)])
                #expect(try await store.enqueue([.sample(second)], at: .noon) == [.known(first.id)])
                #expect(try await store.message(second.id) == nil)
                #expect(try await store.claim().count == 1)
            },
            StoreCase("the same key with another request is a conflict") { store async throws in
                var first = Message.sample(id: 1)
                first.idempotencyKey = "invoice-1"
                var second = Message.sample(id: 2)
                second.idempotencyKey = "invoice-1"
                _ = try await store.enqueue([.sample(first, hash: [1])], at: .noon)
                #expect(try await store.enqueue([.sample(second, hash: [2])], at: .noon) == [.conflict(with: first.id)])
                #expect(try await store.message(second.id) == nil)
            },
            StoreCase("a key twice in one batch is one message") { store async throws in
                let items = [(1, "a"), (2, "b"), (3, "a"), (4, "a")].map { id, key in
                    var message = Message.sample(id: Int64(id))
                    message.idempotencyKey = key
                    return Enqueue.sample(message, hash: id == 4 ? [9] : [1])
                }
                let one = MessageID(raw: 1)
                #expect(
                    try await store.enqueue(items, at: .noon)
                        == [.new(one), .new(MessageID(raw: 2)), .known(one), .conflict(with: one)])
                #expect(try await store.claim().count == 2)
            },
            StoreCase("two clients may use one key") { store async throws in
                var first = Message.sample(id: 1)
                first.idempotencyKey = "1"
                var second = Message.sample(id: 2)
                second.idempotencyKey = "1"
                second.client = "portal"
                #expect(try await store.accept(first, second) == [.new(first.id), .new(second.id)])
            },
            StoreCase("keys are bytes: composed and decomposed й are two keys") { store async throws in
                var composed = Message.sample(id: 1)
                composed.idempotencyKey = "\u{0439}"
                var decomposed = Message.sample(id: 2)
                decomposed.idempotencyKey = "\u{0438}\u{0306}"
                #expect(composed.idempotencyKey == decomposed.idempotencyKey, "Swift calls them equal")
                #expect(try await store.accept(composed, decomposed) == [.new(composed.id), .new(decomposed.id)])
            },
            StoreCase("50 parallel calls with one key make one message") { store async throws in
                let answers = try await withThrowingTaskGroup(of: Enqueued?.self) { group in
                    for id in 1...50 {
                        group.addTask {
                            var message = Message.sample(id: Int64(id))
                            message.idempotencyKey = "invoice-1"
                            return try await store.accept(message).first
                        }
                    }
                    return try await group.reduce(into: [Enqueued]()) { list, answer in
                        if let answer { list.append(answer) }
                    }
                }
                let claims = try await store.claim(100)
                let only = try #require(claims.first?.message.id)
                #expect(claims.count == 1)
                #expect(answers.filter { $0 == .new(only) }.count == 1)
                #expect(answers.filter { $0 == .known(only) }.count == 49)
            },
            StoreCase("suppressed at once is an acceptance without a queue") { store async throws in
                let message = Message.sample()
                let item = Enqueue(message: message, requestHash: [1], start: .suppressed(.noConsent))
                #expect(try await store.enqueue([item], at: .noon) == [.new(message.id)])
                let view = try #require(try await store.message(message.id))
                #expect(view.state == .suppressed && view.reason == "no_consent")
                #expect(try await store.claim().isEmpty)
            },
            StoreCase("a later message of the same matter supersedes the queued one") { store async throws in
                var old = Message.sample(id: 1)
                old.supersedes = "reminder:0045-12"
                var new = Message.sample(id: 2)
                new.supersedes = "reminder:0045-12"
                try await store.accept(old)
                try await store.accept(new)
                let view = try #require(try await store.message(old.id))
                #expect(view.state == .suppressed && view.reason == "superseded")
                #expect(try await store.claim().map(\.message.id) == [new.id])
                #expect(try await store.events(1) == ["accepted", "superseded"])
            },
            StoreCase("what is being sent, and other clients' matters, are not superseded") { store async throws in
                var old = Message.sample(id: 1)
                old.supersedes = "matter"
                var foreign = Message.sample(id: 2)
                foreign.supersedes = "matter"
                foreign.client = "portal"
                var new = Message.sample(id: 3)
                new.supersedes = "matter"
                _ = try await store.begun(old)
                try await store.accept(foreign, new)
                #expect(try await store.state(1) == .sending)
                #expect(try await store.state(2) == .queued)
            },
            StoreCase("what a worker holds and has not begun is superseded too") { store async throws in
                var old = Message.sample(id: 1)
                old.supersedes = "matter"
                var new = Message.sample(id: 2)
                new.supersedes = "matter"
                try await store.accept(old)
                let claim = try #require(try await store.claim().first)
                try await store.accept(new)
                #expect(try await store.state(1) == .suppressed)
                #expect(
                    try await store.turn(TurnRequest(beginning: [claim.beginning()]), at: .noon).lost == [claim.token])
            },
            StoreCase("nextDue is the earliest of all priorities") { store async throws in
                #expect(try await store.nextDue(on: [.sms]) == nil)
                let later = Date.noon.addingTimeInterval(60)
                let soon = Date.noon.addingTimeInterval(30)
                _ = try await store.enqueue(
                    [
                        .sample(.sample(id: 1, priority: .emergency), due: later),
                        .sample(.sample(id: 2, priority: .bulk), due: soon, held: .sendAt),
                    ], at: .noon)
                #expect(try await store.nextDue(on: [.sms]) == soon)
            },
        ]
    }

    /// Every field holds something that is easy to lose.
    private static let full: Message = {
        let row: [String: Variable] = ["услуга": .text("Отопление"), "sum": .text("1 200,00")]
        let long = String(repeating: "Ёж ", count: 700)
        return Message(
            id: MessageID(raw: 77), client: "billing", idempotencyKey: "счёт\u{0}-1", purpose: .paymentReminder,
            template: TemplateRef(id: "payment-reminder", version: "sha256:ab"), locale: "en",
            recipient: RecipientID("ls:0045-12"), destinations: [.sms(), .email(), .max()], channels: [.max, .sms],
            variables: [
                "amount": .text("3250,50"), "urgent": .flag(true), "paid": .flag(false), "long": .text(long),
                "rows": .list([row, [:], ["inner": .list([row])]]), "": .text("\u{0}\r\n\"'"),
            ], priority: .high, sendAt: .noon, expiresAt: .noon.addingTimeInterval(3600), acceptedAt: .noon,
            thread: "outage-7", supersedes: "reminder", reference: "1C-000123", metadata: ["k": "v", "ключ": ""],
            attachments: [Attachment(name: "счёт.pdf", type: "application/pdf", bytes: [0, 255, 10])],
            retryOf: MessageID(raw: 5))
    }()
}

// The definition of the store's ports, as tests. Each driver runs every case: `StoreConformance.cases` as the arguments
// of one parameterised test, with a bench that opens a store of that driver.

package import Domain
package import Foundation
package import Journal
package import Policy
package import Queue
package import Rendering
import Synchronization
import Testing

/// What a closure saw.
final class Log<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    func add(_ item: Item) { items.withLock { $0.append(item) } }
    var all: [Item] { items.withLock { $0 } }
}

/// All that a driver implements.
package typealias GatewayStore = ConsentBook & FactBook & JournalReader & MessageQueue & ProviderLedger & RecipientBook
    & TemplateArchive

/// Where a driver's stores come from.
package struct StoreBench: Sendable {
    /// A new, empty store.
    package let fresh: @Sendable () async throws -> any GatewayStore
    /// The same books, opened by the next process after this one died.
    package let reopened: @Sendable (any GatewayStore) async throws -> any GatewayStore

    package init(
        fresh: @escaping @Sendable () async throws -> any GatewayStore,
        reopened: @escaping @Sendable (any GatewayStore) async throws -> any GatewayStore
    ) {
        self.fresh = fresh
        self.reopened = reopened
    }
}

package struct StoreCase: Sendable, CustomTestStringConvertible {
    package let label: String
    package let check: @Sendable (StoreBench) async throws -> Void

    package var testDescription: String { label }

    /// Say `{ store async throws in …`: the compiler does not see a `try` that stands inside `#expect` only.
    init(_ label: String, _ check: @escaping @Sendable (any GatewayStore) async throws -> Void) {
        self.init(label: label) { bench in try await check(try await bench.fresh()) }
    }

    private init(label: String, check: @escaping @Sendable (StoreBench) async throws -> Void) {
        self.label = label
        self.check = check
    }

    /// A case that needs a second process.
    static func overDeath(
        _ label: String, _ check: @escaping @Sendable (any GatewayStore, StoreBench) async throws -> Void
    ) -> StoreCase {
        StoreCase(label: label) { bench in try await check(try await bench.fresh(), bench) }
    }
}

package enum StoreConformance {
    package static let cases: [StoreCase] =
        queueAndBooks + history

    /// What a store needs to be worked with; `history` is for people, lists and the proof that nobody edited it.
    package static var queueAndBooks: [StoreCase] {
        accepting + claiming + settling + beginning + recovering + changing + waiting + books + facts
    }
}

// MARK: What the cases have in common

extension Enqueue {
    package static func sample(
        _ message: Message, hash: [UInt8] = [1], due: Date = .noon, held: HeldReason? = nil, on channel: Channel = .sms
    ) -> Enqueue {
        Enqueue(message: message, requestHash: hash, start: .queued(due: due, held, channel))
    }
}

extension ProviderID {
    package static let sample = ProviderID("sms-a")!
}

extension Attempt {
    package static func sample(
        _ number: Int = 1, to destination: Destination = .sms(),
        _ outcome: Outcome = .accepted(Receipt(providerID: "77", parts: 2))
    ) -> Attempt {
        Attempt(
            number: number, provider: .sample, destination: destination, beganAt: .noon,
            endedAt: .noon.addingTimeInterval(1), outcome: outcome)
    }
}

extension Claim {
    /// The provider took it.
    package func accepted() -> Settlement {
        var progress = progress
        progress.submissions += 1
        progress.reach = .accepted
        return Settlement(
            message: message.id, token: token, event: .accepted, attempt: .sample(progress.submissions),
            progress: progress)
    }

    package func postponed(to due: Date, _ held: HeldReason = .backoff) -> Settlement {
        Settlement(message: message.id, token: token, event: .postponed, due: due, held: held, progress: progress)
    }

    package func failed(_ event: MessageEvent, _ failure: DeliveryFailure) -> Settlement {
        var progress = progress
        progress.submissions += 1
        return Settlement(
            message: message.id, token: token, event: event, attempt: .sample(progress.submissions, .failed(failure)),
            progress: progress)
    }

    package func beginning(
        at epoch: Epoch = Epoch(.max), to destination: Destination = .sms(), charge: Charge? = nil
    ) -> Beginning {
        Beginning(
            message: message.id, token: token, provider: .sample, destination: destination,
            recipient: message.recipient, account: message.condition?.account, epoch: epoch, charge: charge)
    }
}

extension MessageQueue {
    @discardableResult
    func accept(_ messages: Message...) async throws -> [Enqueued] {
        try await enqueue(messages.map { .sample($0) }, at: .noon)
    }

    func claim(_ limit: Int = 10, at now: Moment = .noon) async throws -> [Claim] {
        try await turn(TurnRequest(wanted: [Wanted(.sms, limit: limit)]), at: now).claims
    }

    func settle(_ settlements: Settlement..., at now: Moment = .noon) async throws -> [Happening?] {
        try await turn(TurnRequest(finished: settlements), at: now).settled
    }

    /// Claimed, begun and given away.
    func begun(_ message: Message, at now: Moment = .noon) async throws -> Claim {
        try await accept(message)
        let claim = try #require(try await claim(at: now).first)
        #expect(try await turn(TurnRequest(beginning: [claim.beginning()]), at: now).begun == [claim.token])
        return claim
    }

    /// Sent by the first provider.
    func sent(_ message: Message) async throws {
        let claim = try await begun(message)
        #expect(try await settle(claim.accepted()).first??.state == .sent)
    }

    func apply(_ id: Int64, _ event: MessageEvent, due: Date? = nil) async throws -> Applied? {
        try await apply([Change(message: MessageID(raw: id), event: event, by: "operator", due: due)], at: .noon).first
    }
}

extension JournalReader {
    func state(_ id: Int64) async throws -> MessageState? { try await message(MessageID(raw: id))?.state }

    func events(_ id: Int64) async throws -> [String] {
        try await timeline(of: MessageID(raw: id)).map(\.event)
    }

    func isIntact() async throws -> Bool {
        guard case .intact = try await verify(progress: { _, _ in }) else { return false }
        return true
    }
}

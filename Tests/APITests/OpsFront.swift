import API
import Domain
import Foundation
import GatewayTesting
import Policy
import Queue
import StoreSQLite
import Testing

extension Front {
    /// Two accounts that rest nowhere.
    static func board(_ store: SQLiteStore) -> ProviderBoard {
        let accounts = [("sms-a", Channel.sms), ("mail", .email)].map { name, channel in
            ProviderAccount(
                id: ProviderID(name)!, kind: "smsc", channels: [channel],
                limits: .init(weight: 100, concurrency: 8, rate: 2.5, dailyCap: 1000, unit: "requests"))
        }
        return ProviderBoard(accounts, ledger: store, day: { Int($0.timeIntervalSince1970 / 86_400) })
    }

    static func operators(_ key: String) -> Caller? {
        switch key {
        case "vk_live_duty": Caller(client: "monitoring", key: "ops00001", scopes: [.opsRead, .opsWrite])
        case "vk_test_duty": Caller(client: "monitoring", key: "ops00002", mode: .test, scopes: [.opsWrite])
        case "vk_live_bound":
            Caller(client: "billing", key: "bound001", scopes: [.messagesRead], templates: ["meter-request"])
        default: nil
        }
    }

    /// So many messages, each to an address of its own, that end like this.
    /// - Returns: ids, the oldest first.
    @discardableResult
    func dead(
        _ count: Int, _ event: MessageEvent = .failedPermanently, _ failure: DeliveryFailure.Reason = .unknownAddress
    ) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            let sent = await wire.ask("POST", "/v1/messages", json: MessagesTests.body)
            ids.append(try #require(sent.json["id"] as? String))
        }
        let claims = try await store.turn(TurnRequest(wanted: [Wanted(.sms, limit: count)]), at: Self.now()).claims
        try #require(claims.count == count)
        _ = try await store.turn(TurnRequest(beginning: claims.map { $0.beginning() }), at: Self.now())
        let ended = try await store.turn(
            TurnRequest(finished: claims.map { $0.failed(event, DeliveryFailure(failure)) }), at: Self.now())
        try #require(ended.settled.allSatisfy { $0 != nil })
        return ids
    }
}

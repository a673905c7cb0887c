import API
import Domain
import Foundation
import Journal
import Policy
import StoreSQLite
import Testing

/// TRUST 6: what comes under a test or team key stays what it is on its whole way into the queue.
struct ModeTests {
    private func mode(_ id: Any?, _ front: Front) async throws -> KeyMode? {
        let id = try #require((id as? String).flatMap { MessageID($0) })
        return try await front.store.message(id)?.message.mode
    }

    @Test func whatComesUnderATestKeyIsATest() async throws {
        try await withFront { front in
            let one = await front.wire.ask("POST", "/v1/messages", key: "vk_test_billing", json: MessagesTests.body)
            #expect(one.status == 202)
            #expect(try await mode(one.json["id"], front) == .test)
            let batch = await front.wire.ask(
                "POST", "/v1/messages/batch", key: "vk_test_billing", json: #"{"items":[\#(MessagesTests.body)]}"#)
            let ids = batch.text.matches(of: /msg_[0-9A-Z]{13}/).map { String($0.output) }
            #expect(!ids.isEmpty, "\(batch.text)")
            for id in ids {
                let mode = try await mode(id, front)
                #expect(mode == .test)
            }
            let live = await front.wire.ask("POST", "/v1/messages", json: MessagesTests.body)
            #expect(try await mode(live.json["id"], front) == .live)
        }
    }

    @Test func aTeamKeyReachesNoOutsider() async throws {
        try await withFront { front in
            let outside = await front.wire.ask("POST", "/v1/messages", key: "vk_team_billing", json: MessagesTests.body)
            #expect(outside.status == 202 && outside.json["status"] as? String == "suppressed", "\(outside.text)")
            #expect(outside.json["reason"] as? String == "not_in_guest_list")
            _ = try await front.store.invite(
                .recipient(Front.anna.id), of: ClientName("billing")!, by: "test", at: Front.now())
            let guest = await front.wire.ask("POST", "/v1/messages", key: "vk_team_billing", json: MessagesTests.body)
            #expect(guest.status == 202 && guest.json["status"] as? String == "queued")
            #expect(try await mode(guest.json["id"], front) == .team)
        }
    }
}

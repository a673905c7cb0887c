import API
import Domain
import Foundation
import GatewayTesting
import Policy
import StoreSQLite
import Testing

struct SuppressionsTests {
    @Test func anAddressIsSuppressedFoundAndLifted() async throws {
        try await withFront { front async throws in
            let made = await front.crm(
                "POST", "/v1/suppressions",
                #"{"to":{"sms":"8 (900) 765-43-21"},"reason":"opted_out","detail":"asked at +79007654321"}"#)
            #expect(made.status == 201, "\(made.text)")
            let id = try #require(made.json["id"] as? String)
            #expect(id.hasPrefix("sup_") && made.json["address"] as? String == "+7···4321")
            #expect(made.json["until"] is NSNull && !made.text.contains("9007654321"), "\(made.text)")
            let again = await front.crm("POST", "/v1/suppressions", #"{"to":{"sms":"+79007654321"}}"#)
            #expect(again.status == 200 && again.text == made.text, "the one that holds longer stands")

            let found = await front.crm("POST", "/v1/suppressions/lookup", #"{"to":{"sms":"+7 900 765 43 21"}}"#)
            #expect(found.data.compactMap { $0["id"] as? String } == [id])
            #expect(await front.crm("DELETE", "/v1/suppressions/\(id)").status == 204)
            #expect(await front.crm("DELETE", "/v1/suppressions/\(id)").status == 404)
            #expect(await front.crm("DELETE", "/v1/suppressions/+79007654321").status == 404)
            let gone = await front.crm("POST", "/v1/suppressions/lookup", #"{"to":{"sms":"+79007654321"}}"#)
            #expect(gone.status == 200 && gone.data.isEmpty)
            #expect(try await front.journal("lifted") == ["client:crm"])
        }
    }

    @Test func thePagesGoNewestFirst() async throws {
        try await withFront { front async throws in
            var ids: [String] = []
            for number in 1...5 {
                let made = await front.crm("POST", "/v1/suppressions", #"{"to":{"email":"a\#(number)@b.ru"}}"#)
                ids.append(try #require(made.json["id"] as? String))
            }
            var seen: [String] = [], after: String?
            repeat {
                let page = await front.crm("GET", "/v1/suppressions?limit=2" + (after.map { "&after=\($0)" } ?? ""))
                seen += page.data.compactMap { $0["id"] as? String }
                after = page.json["next"] as? String
            } while after != nil
            #expect(seen == ids.reversed())
            #expect(await front.crm("GET", "/v1/suppressions?after=x").status == 400)
            #expect(await front.crm("GET", "/v1/suppressions", key: "vk_live_reader").status == 403)
        }
    }

    @Test func whatHasEndedHoldsNoLonger() async throws {
        try await withFront { front async throws in
            let over = Suppression(
                destination: .sms("+79007654321"), reason: .hardBounce, since: Date().addingTimeInterval(-60),
                until: Date().addingTimeInterval(-1))
            try await front.store.suppress([over], by: "provider:sms-a", at: Front.now())
            #expect(await front.crm("GET", "/v1/suppressions").data.count == 1)
            #expect(
                await front.crm("POST", "/v1/suppressions/lookup", #"{"to":{"sms":"+79007654321"}}"#).data.isEmpty)
        }
    }

    @Test(arguments: [
        ("{}", 422, ["/to required"]), (#"{"to":{}}"#, 422, ["/to required"]),
        (#"{"to":{"sms":"+79001234567","email":"a@b.ru"}}"#, 422, ["/to required"]),
        (#"{"to":{"sms":"12"}}"#, 422, ["/to/sms invalid_phone"]),
        (#"{"to":{"sms":"+79001234567"},"reason":"opted-out"}"#, 422, ["/reason invalid_value"]),
        (#"{"to":{"sms":"+79001234567"},"until":"2020-01-01T00:00:00Z"}"#, 422, ["/until invalid_value"]),
        (#"{"to":{"sms":"+79001234567"},"untill":null}"#, 400, ["/untill unknown_field"]),
    ])
    func refused(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await withFront { front async throws in
            let reply = await front.crm("POST", "/v1/suppressions", body)
            #expect(reply.status == status && reply.errors == errors, "\(reply.text)")
            #expect(
                await front.crm("POST", "/v1/suppressions", #"{"to":{"sms":"+79001234567"}}"#, key: "vk_test_crm")
                    .status == 403)
            #expect(try await front.store.suppressions(limit: 10).isEmpty)
        }
    }
}

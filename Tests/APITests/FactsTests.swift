import API
import Domain
import Foundation
import GatewayTesting
import Journal
import Policy
import StoreSQLite
import Testing

struct FactsTests {
    private static let path = "/v1/accounts/0045-12/facts"

    private func put(_ front: Front, _ balance: String, _ asOf: String? = nil) async -> Wire.Reply {
        let more = asOf.map { #","as_of":"\#($0)""# } ?? ""
        return await front.crm("PUT", Self.path, #"{"balance":"\#(balance)"\#(more)}"#)
    }

    /// What is told, and what is known afterwards.
    @Test func theLatestStands() async throws {
        try await withFront { front async throws in
            let nothing = await front.crm("GET", Self.path)
            #expect(nothing.status == 404 && nothing.code == "not_found")
            let rows: [(balance: String, asOf: String, result: String, stands: String)] = [
                ("3250.50", "2026-01-10T10:00:00+03:00", "taken", "3250.50"),
                ("3250.50", "2026-01-10T07:00:00Z", "same", "3250.50"),
                ("9.99", "2026-01-10T06:59:59Z", "older", "3250.50"),
                ("0.00", "2026-01-10T07:00:01Z", "taken", "0.00"),
                ("-12.00", "2026-01-10T07:00:01Z", "taken", "-12.00"),
            ]
            for (balance, asOf, result, stands) in rows {
                let reply = await put(front, balance, asOf)
                #expect(reply.status == 200 && reply.json["result"] as? String == result, "\(reply.text)")
                #expect(reply.json["balance"] as? String == stands && reply.json["currency"] as? String == "RUB")
                // Under the resident's name the same account is meant.
                for path in [Self.path, "/v1/accounts/ls%3A0045-12/facts"] {
                    let known = await front.crm("GET", path)
                    #expect(known.status == 200 && known.json["balance"] as? String == stands, "\(known.text)")
                    #expect(known.json["account"] as? String == "0045-12" && known.json["result"] == nil)
                }
            }
            #expect(try await front.journal("facts") == ["client:crm", "client:crm", "client:crm"])
        }
    }

    @Test func refused() async throws {
        try await withFront { front async throws in
            let rows: [(String, Int, [String])] = [
                (#"{"balance":"1.00","as_of":"2199-01-01T00:00:00Z"}"#, 422, ["/as_of invalid_value"]),
                (#"{"balance":"1.00","as_of":"yesterday"}"#, 422, ["/as_of invalid_value"]),
                (#"{"balance":"1.00","currency":"USD"}"#, 422, ["/currency invalid_value"]),
                (#"{"balance":1.5}"#, 422, ["/balance invalid_value"]),
                (#"{"balance":"1,50"}"#, 422, ["/balance invalid_value"]),
                ("{}", 422, ["/balance required"]), ("[]", 400, []),
                (#"{"balance":"1.00","asof":null}"#, 400, ["/asof unknown_field"]),
            ]
            for (body, status, errors) in rows {
                let reply = await front.crm("PUT", Self.path, body)
                #expect(reply.status == status && reply.errors == errors, "\(body): \(reply.text)")
            }
            for key in ["vk_test_crm", "vk_live_reader"] {
                let reply = await front.crm("PUT", Self.path, #"{"balance":"1.00"}"#, key: key)
                #expect(reply.status == 403 && reply.code == "forbidden_scope", "\(key)")
            }
            #expect(await front.crm("GET", Self.path).status == 404, "nothing was taken")
        }
    }

    /// Paid since: the reminder stays at home.
    @Test func aConditionIsAskedWhenTheMessageLeaves() async throws {
        try await withFront { front async throws in
            #expect(await put(front, "3250.50", "2026-01-10T10:00:00Z").status == 200)
            let body = MessagesTests.body.dropLast() + #","condition":{"account":"0045-12","if":"balance > 0"}}"#
            let sent = await front.wire.ask("POST", "/v1/messages", json: String(body))
            #expect(sent.status == 202 && sent.json["status"] as? String == "queued", "\(sent.text)")
            #expect(try await front.refusal(of: sent) == nil)
            #expect(await put(front, "0.00", "2026-01-11T10:00:00Z").status == 200)
            #expect(try await front.refusal(of: sent) == .conditionFalse)
        }
    }
}

import API
import Domain
import Foundation
import Policy
import StoreSQLite
import Testing

struct PreferencesTests {
    private static let path = "/v1/recipients/ls%3A1/preferences"

    private func put(_ front: Front, _ body: String, match: String?) async -> Wire.Reply {
        await front.crm("PUT", Self.path, body, headers: match.map { ["If-Match": $0] } ?? [:])
    }

    private func purpose(_ reply: Wire.Reply, _ name: String) -> String {
        let one = (reply.json["purposes"] as? [String: [String: Any]])?[name]
        let channels = (one?["channels"] as? [String: Bool] ?? [:]).filter(\.value).keys.sorted()
        return ([one?["on"] as? Bool == true ? "on" : "off"] + channels).joined(separator: " ")
    }

    @Test func aChangeIsWhatTheLedgerGains() async throws {
        try await withFront { front async throws in
            let seen = await front.crm("GET", Self.path)
            let tag = try #require(seen.headers["etag"])
            #expect(seen.status == 200 && tag.hasPrefix("\"") && tag.count == 34)
            #expect(purpose(seen, "news") == "off email sms" && purpose(seen, "payment_reminder") == "on email sms")

            let same = await put(front, seen.text, match: tag)
            #expect(same.status == 200 && same.headers["etag"] == tag, "\(same.text)")
            #expect(try await front.ledger("ls:1").isEmpty, "what was shown may be sent back")

            let changed = await put(
                front,
                #"{"purposes":{"news":{"on":true,"channels":{"sms":false}},"outage_emergency":{"on":true,"channels":{"sms":false}}},"evidence":"form:9"}"#,
                match: tag)
            #expect(changed.status == 200 && purpose(changed, "news") == "on email", "\(changed.text)")
            #expect(purpose(changed, "outage_emergency") == "on max")
            let now = await front.crm("GET", Self.path)
            #expect(now.text == changed.text && now.headers["etag"] == changed.headers["etag"])
            #expect(now.headers["etag"] != tag)
            let ledger = try await front.ledger("ls:1")
            #expect(
                Set(ledger.map { "\($0.purpose) \($0.channel?.rawValue ?? "*") \($0.action.rawValue)" }) == [
                    "news * granted", "news sms withdrawn", "outage_emergency sms withdrawn",
                ])
            #expect(
                ledger.allSatisfy { $0.recordedBy == "client:crm" && $0.source == .webForm && $0.evidence == "form:9" })
            // Policy says the same.
            let check = await front.crm(
                "POST", "/v1/consents/check", #"{"recipient":"ls:1","purpose":"news","channel":"sms"}"#)
            #expect(check.json["reason"] as? String == "consent_withdrawn")
        }
    }

    @Test func whoHasNotSeenTheStateChangesNothing() async throws {
        try await withFront { front async throws in
            let tag = try #require(await front.crm("GET", Self.path).headers["etag"])
            let on = #"{"purposes":{"news":{"on":true}}}"#, off = #"{"purposes":{"payment_reminder":{"on":false}}}"#
            let missing = await put(front, on, match: nil)
            #expect(missing.status == 428 && missing.code == "precondition_failed")
            for other in ["\"x\"", "W/" + tag, ""] {
                let reply = await put(front, on, match: other)
                #expect([412, 428].contains(reply.status) && reply.code == "precondition_failed", "\(other)")
            }
            #expect(await put(front, on, match: "\"x\", \(tag)").status == 200)
            let late = await put(front, off, match: tag)
            #expect(late.status == 412 && late.code == "precondition_failed")
            #expect(try await front.ledger("ls:1").count == 1)
            #expect(await put(front, off, match: "*").status == 200)
        }
    }

    /// Twenty that saw the same state: one is first.
    @Test func ofTwentyAtOnceOneIsFirst() async throws {
        try await withFront { front async throws in
            let tag = try #require(await front.crm("GET", Self.path).headers["etag"])
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { await put(front, #"{"purposes":{"news":{"on":true}}}"#, match: tag).status }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 412 } == 19, "\(statuses)")
            #expect(try await front.ledger("ls:1").count == 1)
        }
    }

    @Test(arguments: [
        (#"{"purposes":{"outage_emergency":{"on":false}}}"#, 422, ["/purposes/outage_emergency/on invalid_value"]),
        (
            #"{"purposes":{"outage_emergency":{"on":true,"channels":{"sms":false,"max":false}}}}"#, 422,
            ["/purposes/outage_emergency/on invalid_value"]
        ),
        (
            #"{"purposes":{"payment_reminder":{"on":true,"channels":{"sms":false,"email":false}}}}"#, 422,
            ["/purposes/payment_reminder/on invalid_value"]
        ),
        (#"{"purposes":{"nwes":{"on":true}}}"#, 422, ["/purposes/nwes unknown_purpose"]),
        (#"{"purposes":{"nwes":null,"news":null}}"#, 422, ["/purposes/nwes unknown_purpose"]),
        (
            #"{"purposes":{"news":{"on":true,"channels":{"max":null}}}}"#, 422,
            ["/purposes/news/channels/max invalid_value"]
        ),
        (
            #"{"purposes":{"news":{"on":true,"channels":{"max":true}}}}"#, 422,
            ["/purposes/news/channels/max invalid_value"]
        ),
        (#"{"purposes":{"news":{"channels":{"sms":true}}}}"#, 422, ["/purposes/news/on required"]),
        (#"{"purposes":{"news":{"on":true,"mandatory":true}}}"#, 422, ["/purposes/news/mandatory invalid_value"]),
        (#"{"purposes":{},"recipient":"ls:2"}"#, 422, ["/recipient invalid_value"]),
        (#"{"purpose":{}}"#, 400, ["/purposes required", "/purpose unknown_field"]),
    ])
    func refused(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await withFront { front async throws in
            let reply = await put(front, body, match: "*")
            #expect(reply.status == status && reply.errors == errors, "\(reply.text)")
            #expect(try await front.ledger("ls:1").isEmpty)
        }
    }

    @Test func nobodyHasNone() async throws {
        try await withFront { front async throws in
            #expect(await front.crm("GET", "/v1/recipients/ls%3A9/preferences").status == 404)
            let test = await front.crm(
                "PUT", Self.path, #"{"purposes":{"news":{"on":true}}}"#, key: "vk_test_crm", headers: ["If-Match": "*"])
            #expect(test.status == 403)
            #expect(try await front.ledger("ls:1").isEmpty)
        }
    }
}

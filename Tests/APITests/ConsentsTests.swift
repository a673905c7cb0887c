import API
import Domain
import Foundation
import GatewayTesting
import Intake
import Policy
import StoreSQLite
import Testing

struct ConsentsTests {
    private static let paper = #"{"recipient":"ls:1","purpose":"news","action":"granted","source":"paper"}"#

    @Test func aWordIsRecordedAndTold() async throws {
        try await withFront { front async throws in
            let body = #"""
                {"recipient":"ls:1","purpose":"news","channel":"email","action":"granted","source":"web_form",
                "evidence":"form:118","text_version":"2026-03","occurred_at":"2026-03-02T12:00:00+03:00"}
                """#
            let made = await front.crm("POST", "/v1/consents", body)
            #expect(made.status == 201, "\(made.text)")
            #expect((made.json["id"] as? String)?.hasPrefix("cns_") == true)
            #expect(made.json["recorded_by"] as? String == "client:crm")
            #expect(made.json["occurred_at"] as? String == "2026-03-02T09:00:00Z")
            let again = await front.crm("POST", "/v1/consents", body)
            #expect(again.status == 200 && again.text == made.text, "a repeated request says nothing new")
            #expect(try await front.ledger("ls:1").count == 1)
        }
    }

    @Test func severalAreRecordedTogetherOrNotAtAll() async throws {
        try await withFront { front async throws in
            let bad = await front.crm(
                "POST", "/v1/consents",
                #"""
                {"items":[\#(Self.paper),{"recipient":"ls:9","purpose":"news","action":"granted","source":"paper"},
                {"recipient":"ls:1","purpose":"nwes","action":"granted","source":"paper"},
                {"recipient":"ls:1","purpose":"outage_emergency","action":"withdrawn","source":"call"},
                {"recipient":"ls:1","purpose":"news","action":"granted","source":"call","occurred_at":"2199-01-01T00:00:00Z"}]}
                """#)
            #expect(bad.status == 422, "\(bad.text)")
            #expect(
                bad.errors == [
                    "/items/1/recipient unknown_recipient", "/items/2/purpose unknown_purpose",
                    "/items/3/channel invalid_value", "/items/4/occurred_at invalid_value",
                ])
            #expect(try await front.ledger("ls:1").isEmpty)
            let good = await front.crm(
                "POST", "/v1/consents",
                #"{"items":[\#(Self.paper),{"recipient":"ls:1","purpose":"news","channel":"sms","action":"withdrawn","source":"call"}]}"#
            )
            #expect(good.status == 201 && good.data.count == 2, "\(good.text)")

            let page = await front.crm("GET", "/v1/recipients/ls%3A1/consents?limit=1")
            #expect(page.data.first?["action"] as? String == "withdrawn", "newest first")
            let next = try #require(page.json["next"] as? String)
            let rest = await front.crm("GET", "/v1/recipients/ls%3A1/consents?limit=5&after=\(next)")
            #expect(rest.data.map { $0["action"] as? String } == ["granted"] && rest.json["next"] is NSNull)
            #expect(rest.data.first?["channel"] is NSNull, "all channels")
            #expect(await front.crm("GET", "/v1/recipients/ls%3A1/consents?after=msg_1").status == 400)
            #expect(await front.crm("GET", "/v1/recipients/ls%3A9/consents").status == 404)
            #expect(await front.crm("DELETE", "/v1/recipients/ls%3A1").status == 204)
            #expect(await front.crm("GET", "/v1/recipients/ls%3A1/consents").data.count == 2, "evidence stays")
        }
    }

    @Test(
        arguments: [
            (#"{"recipient":"ls:1","purpose":"news","action":"granted"}"#, 422, ["/source required"]),
            (
                #"{"recipient":"ls:1","purpose":"news","action":"grant","source":"paper"}"#, 422,
                ["/action invalid_value"]
            ),
            (
                #"{"recipient":"ls:1","purpose":"news","action":"granted","source":"paper","chanel":"sms"}"#, 400,
                ["/chanel unknown_field"]
            ),
            (#"{"items":[]}"#, 422, ["/items invalid_value"]), (#"{"items":null}"#, 422, ["/items required"]),
            (#"{"items":[{}],"recipient":"ls:1"}"#, 400, nil), ("{}", 422, nil),
        ] as [(String, Int, [String]?)])
    func refused(_ body: String, _ status: Int, _ errors: [String]?) async throws {
        try await withFront { front async throws in
            let reply = await front.crm("POST", "/v1/consents", body)
            #expect(reply.status == status, "\(reply.text)")
            if let errors { #expect(reply.errors == errors, "\(reply.text)") }
            #expect(try await front.ledger("ls:1").isEmpty)
        }
    }

    @Test func aTestKeyChangesNoRealConsent() async throws {
        try await withFront { front async throws in
            let reply = await front.crm("POST", "/v1/consents", Self.paper, key: "vk_test_crm")
            #expect(reply.status == 403 && reply.code == "forbidden_scope")
            #expect(try await front.ledger("ls:1").isEmpty)
        }
    }

    @Test func aFullQueueKeepsNobodyFromForbidding() async throws {
        let full = Problem(.queueFull, Words(ru: "очередь полна", en: "the queue is full"))
        try await withFront(obstacle: { full }) { front async throws in
            #expect(await front.wire.ask("POST", "/v1/messages", json: MessagesTests.body).status == 503)
            let body = Self.paper.replacingOccurrences(of: "granted", with: "withdrawn")
            #expect(await front.crm("POST", "/v1/consents", body).status == 201)
            #expect(try await front.ledger("ls:1").count == 1)
        }
    }

    @Test func theDecisionIsExplained() async throws {
        try await withFront { front async throws in
            func check(_ purpose: String, _ channel: String? = nil) async -> Wire.Reply {
                let more = channel.map { #","channel":"\#($0)""# } ?? ""
                return await front.crm(
                    "POST", "/v1/consents/check", #"{"recipient":"ls:1","purpose":"\#(purpose)"\#(more)}"#,
                    key: "vk_live_reader")
            }
            let no = await check("news", "email")
            #expect(no.status == 200 && no.json["allowed"] as? Bool == false)
            #expect(no.json["reason"] as? String == "no_consent")
            let rules = (no.json["explanation"] as? [[String: String]])?.compactMap { $0["rule"] }
            #expect(rules?.contains("consent") == true)
            _ = await front.crm("POST", "/v1/consents", Self.paper)
            let yes = await check("news")
            #expect(yes.json["allowed"] as? Bool == true && yes.json["channel"] as? String == "email")
            let wrong = await check("nwes")
            #expect(wrong.status == 422 && wrong.errors == ["/purpose unknown_purpose"])
            let nobody = await front.crm("POST", "/v1/consents/check", #"{"recipient":"ls:9","purpose":"news"}"#)
            #expect(nobody.status == 422 && nobody.errors == ["/recipient unknown_recipient"])
        }
    }

    @Test func anInspectorGetsAllOfIt() async throws {
        try await withFront { front async throws in
            let now = Front.now()
            let records = (1...2500).map { number in
                ConsentRecord(
                    id: ConsentID(raw: Int64(number)), recipient: RecipientID("ls:\(number % 7)")!, purpose: .news,
                    action: .granted, recordedBy: "cli:anna", evidence: number == 1 ? "=2+2;\"x\"" : nil,
                    occurredAt: now.wall, recordedAt: now.wall)
            }
            try await front.store.record(records, at: now)
            let lines = await front.crm("GET", "/v1/consents/export")
            #expect(lines.headers["content-type"] == "application/x-ndjson")
            let ids = try #require(lines.whole).split(separator: "\n").compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["id"] as? String
            }
            #expect(ids == records.map(\.id.text))
            let table = try #require(await front.crm("GET", "/v1/consents/export?format=csv").whole)
            let rows = table.components(separatedBy: "\r\n")
            #expect(rows.count == 2502 && rows[0].hasPrefix("\u{FEFF}id;recipient;purpose"))
            #expect(rows[1].contains(#";"'=2+2;""x""";"#), "\(rows[1])")
            #expect(await front.crm("GET", "/v1/consents/export?format=xls").status == 400)
            #expect(try await front.journal("exported") == ["client:crm", "client:crm"])
        }
    }
}

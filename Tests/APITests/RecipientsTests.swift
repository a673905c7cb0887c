import API
import Domain
import Foundation
import GatewayTesting
import Journal
import Policy
import StoreSQLite
import Testing

struct RecipientsTests {
    static let body = #"""
        {"name":"Иванова Анна","premises":{"house":"ул. Мира, 5","entrance":"2","flat":"45"},"destinations":[
        {"sms":"8 (900) 765-43-21"},{"email":"Anna@Example.RU"},{"max":5001234},{"sms":"+79007654321"}]}
        """#

    @Test func writtenShownReplacedRemoved() async throws {
        try await withFront { front async throws in
            let path = "/v1/recipients/ls%3A0045-12", id = RecipientID("ls:0045-12")!
            let made = await front.crm("PUT", path, Self.body)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["id"] as? String == "ls:0045-12" && made.json["time_zone"] as? String == "Europe/Moscow")
            #expect(
                (made.json["destinations"] as? [[String: String]])?.map { $0["address"] }
                    == ["+7···4321", "A···@example.ru", "···34"])
            let kept = try await front.store.recipient(id)
            #expect(kept?.destinations.map(\.address.exposed) == ["+79007654321", "Anna@example.ru", "5001234"])
            let shown = await front.crm("GET", path)
            #expect(shown.status == 200 && shown.text == made.text)
            #expect(await front.crm("GET", "/v1/recipients/ls:0045-12").text == made.text, "a colon needs no escape")

            let replaced = await front.crm("PUT", path, #"{"locale":"en","time_zone":"Asia/Omsk"}"#)
            #expect(replaced.status == 200 && replaced.json["name"] == nil && replaced.json["premises"] == nil)
            #expect((replaced.json["destinations"] as? [Any])?.isEmpty == true, "what is left out is gone")

            let removed = await front.crm("DELETE", path)
            #expect(removed.status == 204 && removed.body.isEmpty)
            for method in ["GET", "DELETE"] {
                let gone = await front.crm(method, path)
                #expect(gone.status == 404 && gone.code == "not_found")
            }
            let lines = try await front.journal("recipient")
            #expect(lines == ["gateway", "client:crm", "client:crm", "client:crm"])
        }
    }

    private static let refusals: [(String, Int, String)] = [
        (#"{"phone":"+79001234567"}"#, 400, "/phone unknown_field"), ("[]", 400, ""),
        (#"{"destinations":[{"sms":"+882123456789"}]}"#, 422, "/destinations/0/sms invalid_phone"),
        (#"{"destinations":[{"email":"a@b.ru\r\nBcc: x"}]}"#, 422, "/destinations/0/email invalid_email"),
        (#"{"destinations":[{"sms":"+7900123456٩"}]}"#, 422, "/destinations/0/sms invalid_phone"),
        (#"{"destinations":[{}]}"#, 422, "/destinations/0 required"),
        (#"{"destinations":[{"fax":"1"}]}"#, 400, "/destinations/0/fax unknown_field"),
        (#"{"time_zone":"UTC+3"}"#, 422, "/time_zone invalid_value"),
        (#"{"time_zone":"Europe/Moskow"}"#, 422, "/time_zone invalid_value"),
        (#"{"locale":"русский"}"#, 422, "/locale invalid_value"),
        (#"{"premises":{"flat":"4"}}"#, 422, "/premises/house required"),
        (#"{"name":"a\u0000b"}"#, 422, "/name invalid_value"),
    ]

    @Test func refused() async throws {
        try await withFront { front async throws in
            for (body, status, error) in Self.refusals {
                let reply = await front.crm("PUT", "/v1/recipients/ls%3A7", body)
                #expect(reply.status == status && (error.isEmpty || reply.errors == [error]), "\(reply.text)")
                #expect(await front.crm("GET", "/v1/recipients/ls%3A7").status == 404)
            }
        }
    }

    @Test func namesThatNameNobody() async throws {
        try await withFront { front async throws in
            for name in ["%0A", "%20x", String(repeating: "x", count: 129)] {
                #expect(await front.crm("PUT", "/v1/recipients/\(name)", "{}").status == 422)
                #expect(await front.crm("GET", "/v1/recipients/\(name)").status == 404)
            }
            // й in both spellings is one resident.
            #expect(await front.crm("PUT", "/v1/recipients/%D0%B9", "{}").status == 201)
            #expect(await front.crm("PUT", "/v1/recipients/%D0%B8%CC%86", "{}").status == 200)
            #expect(await front.crm("PUT", "/v1/recipients/import", "{}").status == 201, "a name like any other")
        }
    }

    @Test func whoMayNot() async throws {
        try await withFront { front async throws in
            for key in ["vk_live_billing", "vk_test_crm"] {
                for (method, path) in [("PUT", "/v1/recipients/ls%3A1"), ("DELETE", "/v1/recipients/ls%3A1")] {
                    let reply = await front.crm(method, path, method == "PUT" ? "{}" : nil, key: key)
                    #expect(reply.status == 403 && reply.code == "forbidden_scope", "\(key) \(method)")
                }
            }
            #expect(await front.crm("GET", "/v1/recipients/ls%3A1/export").status == 403)
            #expect(await front.crm("GET", "/v1/recipients/ls%3A1", key: "vk_test_crm").status == 200)
            let kept = try await front.store.recipient(Front.anna.id)
            #expect(kept == Front.anna)
        }
    }

    @Test func aRemovedResidentIsWrittenToNoMore() async throws {
        try await withFront { front async throws in
            let sent = await front.wire.ask("POST", "/v1/messages", json: MessagesTests.body)
            #expect(sent.status == 202)
            #expect(await front.crm("DELETE", "/v1/recipients/ls%3A1").status == 204)
            let id = try #require((sent.json["id"] as? String).flatMap { MessageID($0) })
            let message = try #require(try await front.store.message(id)).message
            let standing = try #require(try await front.store.standings(of: [message], at: Front.now()).first)
            let decision = decide(
                Question(
                    message: message, purpose: Front.purposes[.paymentReminder]!, standing: standing,
                    rules: front.reception.rules().house), at: Date())
            #expect(throws: Stop.refused(.noAddress)) { try decision.ending.get() }
        }
    }

    // MARK: Files

    private func send(
        _ front: Front, _ body: String, type: String = "text/csv", query: String = "", key: String = "vk_live_crm"
    ) async -> Wire.Reply {
        await front.crm(
            "POST", "/v1/recipients/import" + query, body, key: key, headers: ["Content-Type": type])
    }

    private static let csv =
        "id;phone;email;consents\nls:8;8 900 111 22 33;a@b.ru;news:*=granted@2026-01-10\nls:9;+79001112244;;\n"
    private static let ndjson = """
        {"id":"ls:8","destinations":[{"sms":"8 900 111 22 33"},{"email":"a@b.ru"}],"consents":[{"purpose":"news","action":"granted","occurred_at":"2026-01-09T21:00:00Z"}]}

        {"id":"ls:9","destinations":[{"sms":"+79001112244"}]}
        """

    @Test(arguments: ["text/csv", "text/csv; charset=utf-8", "application/x-ndjson"])
    func aFileIsTakenWhole(_ type: String) async throws {
        try await withFront { front async throws in
            let body = type.hasPrefix("text") ? Self.csv : Self.ndjson
            for key in ["vk_live_crm", "vk_test_crm"] {
                let dry = await send(front, body, type: type, query: "?dry_run=true", key: key)
                #expect(dry.status == 200 && dry.json["stored"] as? Bool == false, "\(dry.text)")
                #expect(dry.json["recipients"] as? Int == 2 && (dry.json["errors"] as? [Any])?.isEmpty == true)
            }
            #expect(try await front.ledger("ls:8").isEmpty)
            #expect(await send(front, body, type: type, key: "vk_test_crm").status == 403)
            for fresh in [1, 0] {
                let taken = await send(front, body, type: type)
                #expect(taken.status == 200 && taken.json["stored"] as? Bool == true, "\(taken.text)")
                #expect(taken.json["new_consents"] as? Int == fresh)
            }
            let kept = try await front.store.recipient(RecipientID("ls:8")!)
            #expect(kept?.destinations.map(\.address.exposed) == ["+79001112233", "a@b.ru"])
            let record = try #require(try await front.ledger("ls:8").first)
            #expect(record.recordedBy == "client:crm" && record.source == .import && record.channel == nil)
            #expect(record.evidence?.hasPrefix("req_") == true, "the request's id and the row")
            #expect(record.occurredAt == Date(timeIntervalSince1970: 1_767_992_400))
            let lines = try await front.journal("recipient")
            #expect(lines.suffix(4) == Array(repeating: "client:crm", count: 4)[...])
        }
    }

    @Test(arguments: [
        ("text/csv", "id;phone\nls:8;+79001112233\nls:9;123\n", ["/3/phone invalid_value"]),
        ("text/csv", "id;phnoe\nls:8;1\n", ["/1/phnoe invalid_value"]), ("text/csv", "", []),
        (
            "application/x-ndjson",
            #"{"id":"ls:8"}"# + "\n" + #"{"id":"ls:8"}"# + "\n"
                + #"{"destinations":[{"sms":"1"}],"consents":[{"purpose":"nwes","action":"granted"}]}"#
                + "\nnonsense\n",
            [
                "/2/id invalid_value", "/3/id invalid_value", "/3/destinations/0/sms invalid_value",
                "/3/consents/0/purpose invalid_value", "/4 invalid_value",
            ]
        ),
    ])
    func aFileWithErrorsIsRefusedWhole(_ type: String, _ body: String, _ errors: [String]) async throws {
        try await withFront { front async throws in
            let reply = await send(front, body, type: type)
            #expect(reply.status == 422 && reply.code == "invalid_value", "\(reply.text)")
            #expect(reply.errors == errors, "\(reply.text)")
            #expect(try await front.store.recipient(RecipientID("ls:8")!) == nil)
            if errors.isEmpty { return }
            let dry = await send(front, body, type: type, query: "?dry_run=true")
            let rows = (dry.json["errors"] as? [[String: Any]] ?? []).compactMap { $0["row"] as? Int }
            #expect(dry.status == 200 && rows == errors.compactMap { Int($0.dropFirst().prefix { $0.isNumber }) })
        }
    }

    @Test func otherBodiesAreNoFiles() async throws {
        try await withFront { front async throws in
            #expect(await send(front, "{}", type: "application/json").status == 415)
            let large = await send(front, String(repeating: "x", count: (16 << 20) + 1))
            #expect(large.status == 413 && large.code == "payload_too_large")
        }
    }

    // MARK: All that is held

    @Test func allThatIsHeldIsToldInFullAndNoted() async throws {
        try await withFront { front async throws in
            var ids: [String] = []
            for _ in 0..<3 {
                let sent = await front.wire.ask("POST", "/v1/messages", json: MessagesTests.body)
                ids.append(try #require(sent.json["id"] as? String))
            }
            _ = await front.crm(
                "POST", "/v1/consents",
                #"{"recipient":"ls:1","purpose":"news","action":"granted","source":"paper","evidence":"scan:7"}"#)
            _ = await front.crm("POST", "/v1/suppressions", #"{"to":{"email":"ANNA@example.ru"}}"#)
            let reply = await front.crm("GET", "/v1/recipients/ls%3A1/export", key: "vk_live_admin")
            #expect(reply.status == 200)
            let text = try #require(reply.whole)
            let all = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let recipient = all["recipient"] as? [String: Any]
            #expect(
                (recipient?["destinations"] as? [[String: String]])?.map { $0["address"] }
                    == ["+79001234567", "anna@example.ru"])
            #expect((all["consents"] as? [[String: Any]])?.first?["evidence"] as? String == "scan:7")
            #expect((all["suppressions"] as? [[String: Any]])?.first?["address"] as? String == "anna@example.ru")
            let messages = try #require(all["messages"] as? [[String: Any]])
            #expect(messages.map { $0["id"] as? String } == ids.reversed())
            #expect((messages.first?["variables"] as? [String: String]) == ["amount": "3250.50"])
            #expect(try await front.journal("exported") == ["client:chief"])
            // Who was removed is still told what was kept.
            #expect(await front.crm("DELETE", "/v1/recipients/ls%3A1").status == 204)
            let later = await front.crm("GET", "/v1/recipients/ls%3A1/export", key: "vk_live_admin")
            #expect(later.whole?.contains(#""recipient":null"#) == true)
            let nobody = await front.crm("GET", "/v1/recipients/ls%3A5/export", key: "vk_live_admin")
            #expect(nobody.status == 404)
        }
    }
}

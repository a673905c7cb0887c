import Foundation
import Testing

/// Keys that are safe to try with: what they promise, seen from the far side of the wire.
struct KeyModesTests {
    static let outcomes: [(phone: String, status: String)] = [
        ("+70000000001", "delivered"), ("+70000000002", "failed"), ("+70000000003", "delivered"),
        ("+70000000004", "unconfirmed"), ("+70000000005", "sent"),
    ]

    @Test(.timeLimit(.minutes(1))) func aTestKeyGivesEachOutcomeAndReachesNobody() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http), worker: "worker: {retry: [1s]}")
        let house = try await site.open()
        let tester = Caller(house, try await site.key("--mode", "test"))
        var ids: [String] = []
        for (phone, _) in Self.outcomes {
            let sent = try await tester.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"\#(phone)"}"#))
            ids.append(try #require(sent.id, "\(sent.text)"))
        }
        for (id, outcome) in zip(ids, Self.outcomes) {
            let shown = try await tester.wait("/v1/messages/\(id)") { $0.json["status"] as? String == outcome.status }
            #expect(shown.json["mode"] as? String == "test")
            let attempts = (shown.json["attempts"] as? [Any])?.count
            #expect(attempts == (outcome.phone == "+70000000003" ? 2 : 1), "\(outcome.phone): \(shown.text)")
        }
        // Under a live key these numbers are nobody's.
        let live = try await Caller(house, site.key()).ask(
            "POST", "/v1/messages", Caller.reminder(#"{"sms":"+70000000001"}"#))
        #expect(live.status == 422 && live.code == "invalid_phone")
        #expect(try await site.stop(house.serve) == 0)
        #expect(try sandbox.arrivals().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aTeamKeyReachesItsGuestsOnly() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        let house = try await site.open()
        #expect(try await site.vestnik("keys", "guests", "add", "--client", "billing", "+79001234567").code == 0)
        let team = Caller(house, try await site.key("--mode", "team"))
        let outsider = try await team.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"+79007654321"}"#))
        #expect(outsider.status == 202 && outsider.json["status"] as? String == "suppressed", "\(outsider.text)")
        #expect(outsider.json["reason"] as? String == "not_in_guest_list")
        let guest = try await team.ask("POST", "/v1/messages", Caller.reminder(#"{"sms":"+79001234567"}"#))
        let id = try #require(guest.id)
        _ = try await team.wait("/v1/messages/\(id)") { $0.json["status"] as? String == "sent" }
        #expect(try await site.stop(house.serve) == 0)
        #expect(try sandbox.arrivals().count == 1)
    }

    /// TRUST §6, 96: whoever writes it may write what he likes.
    @Test(.timeLimit(.minutes(1))) func anAddressThatIsOnlyClaimedOpensNothing() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open()
        #expect(try await Caller(house, site.key("--from", "127.0.0.0/8")).ask("GET", "/v1/messages").status == 200)
        var foreign = Caller(house, try await site.key("--from", "10.20.0.0/16"))
        foreign.headers = ["X-Forwarded-For: 10.20.0.1", "Forwarded: for=10.20.0.1", "X-Real-IP: 10.20.0.1"]
        #expect(try await foreign.ask("GET", "/v1/messages").status == 401)
        #expect(try await site.stop(house.serve) == 0)
    }
}

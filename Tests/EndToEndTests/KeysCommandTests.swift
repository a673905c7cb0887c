import Foundation
import Testing

/// `vestnik keys` as people use it: beside nobody and beside a running gateway.
struct KeysCommandTests {
    private static func site() throws -> Site { try Site(providers: Site.kannel(port: 1)) }

    /// Every byte under the folder of the installation.
    private static func bytes(of site: Site) throws -> Data {
        var all = Data()
        let root = site.folder[""]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            all += FileManager.default.contents(atPath: root + "/" + name) ?? Data()
        }
        return all
    }

    @Test(.timeLimit(.minutes(2))) func aKeyIsShownOnceAndKeptNowhere() async throws {
        let site = try Self.site()
        let made = try await site.vestnik(
            "keys", "create", "--client", "billing-1c", "--expires", "90d", "--note", "n1")
        #expect(made.code == 0, "\(made.err)")
        let key = made.out.trimmingCharacters(in: .newlines)
        let parts = key.split(separator: "_", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        #expect(parts.count == 4 && parts[0] == "vk" && parts[1] == "live" && parts[2].count == 8)
        #expect(
            parts.last?.utf8.count == 43 && made.out.split(separator: "\n").count == 1, "nothing but the key on stdout")
        #expect(!made.err.contains(parts[3]))

        let second = try await site.vestnik("keys", "create", "--client", "billing-1c", "--json", "--mode", "test")
        let object = try #require(second.lines.first)
        #expect(second.lines.count == 1)
        #expect((object["key"] as? String)?.hasPrefix("vk_test_\(object["id"] as? String ?? "?")_") == true)

        let listed = try await site.vestnik("keys", "list", "--json")
        #expect(listed.lines.map { $0["id"] as? String } == [parts[2], object["id"] as? String])
        #expect(listed.lines.map { $0["status"] as? String } == ["active", "active"])
        #expect(listed.lines.first?["scopes"] as? [String] == ["messages:read", "messages:write"])
        let table = try await site.vestnik("keys", "list", "--client", "billing-1c")
        #expect(table.out.contains(parts[2]) && table.out.contains("n1"))
        #expect(try await site.vestnik("keys", "list", "--json", "--client", "portal").out.isEmpty)
        #expect(!listed.out.contains(parts[3]) && !table.out.contains(parts[3]))
        let bytes = try Self.bytes(of: site)
        #expect(bytes.range(of: Data(parts[3].utf8)) == nil, "in no file either")
        #expect(bytes.range(of: Data(parts[2].utf8)) != nil, "where its public part stands")
    }

    @Test(.timeLimit(.minutes(2))) func theThirdWaitsUntilOneIsRevoked() async throws {
        let site = try Self.site()
        let serve = try site.start("serve")
        _ = try await serve.line(with: "ready api=")
        let keys = ["a", "b"]
        var ids: [String] = []
        for note in keys {
            let made = try await site.vestnik("keys", "create", "--client", "billing", "--json", "--note", note)
            ids.append(try #require(made.lines.first?["id"] as? String, "\(made.err)"))
        }
        let third = try await site.vestnik("keys", "create", "--client", "billing")
        #expect(
            third.code == 65 && third.err.contains(ids[0]) && third.err.contains("keys revoke") && third.out.isEmpty)
        #expect(try await site.vestnik("keys", "revoke", ids[0]).code == 0)
        #expect(try await site.vestnik("keys", "revoke", ids[0]).code == 0, "twice does no harm")
        #expect(try await site.vestnik("keys", "create", "--client", "billing").code == 0)
        let statuses = try await site.vestnik("keys", "list", "--json").lines.map { $0["status"] as? String }
        #expect(statuses.sorted { ($0 ?? "") < ($1 ?? "") } == ["active", "active", "revoked"])
        let log = try await site.vestnik("logs", "--json")
        #expect(log.lines.count { $0["event"] as? String == "key" } == 4, "\(log.out)")
        #expect(try await site.stop(serve) == 0)
        #expect(try await site.vestnik("journal", "verify").code == 0)
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            (["create", "--client", "Billing"], 64, "--client"),
            (["create", "--client", "b", "--mode", "prod"], 64, "prod"),
            (["create", "--client", "b", "--scope", "message:write"], 64, "messages:write"),
            (["create", "--client", "b", "--template", "payment-remainder"], 64, "payment-reminder"),
            (["create", "--client", "b", "--channel", "sm"], 64, "sms"),
            (["create", "--client", "b", "--daily-cap", "0"], 64, "--daily-cap"),
            (["create", "--client", "b", "--from", "10.0.0.0/33"], 64, "10.0.0.0/33"),
            (["create", "--client", "b", "--expires", "2020-01-01T00:00:00Z"], 64, "--expires"),
            (["create", "--client", "b", "--expires", "soon"], 64, "soon"), (["revoke", "zzzzzzzz"], 65, "keys list"),
            (["guests", "remove", "--client", "b", "+79001234567"], 65, "guest list"),
            (["guests", "add", "--client", "b", "sms:12"], 65, "sms"),
        ]) func whatIsWrongIsSaid(arguments: [String], code: Int, says: String) async throws
    {
        let site = try Self.site()
        let output = try await Binary.run(["keys"] + arguments + ["--config", site.config])
        #expect(output.code == code && output.err.contains(says), "\(output.code) \(output.err)")
        #expect(output.out.isEmpty)
    }

    @Test(.timeLimit(.minutes(2))) func guestsAreShownMasked() async throws {
        let site = try Self.site()
        for guest in ["8 (900) 123-45-67", "anna@example.ru", "max:100200300", "ls:0045-12"] {
            let typed = guest.hasPrefix("8") ? "sms:" + guest : guest
            #expect(try await site.vestnik("keys", "guests", "add", "--client", "billing", typed).code == 0)
        }
        let listed = try await site.vestnik("keys", "guests", "list", "--client", "billing", "--json")
        #expect(
            listed.lines.compactMap { $0["guest"] as? String } == [
                "ls:0045-12", "email:a···@example.ru", "max:···0300", "sms:+7···4567",
            ], "\(listed.out)")
        #expect(try await site.vestnik("keys", "guests", "remove", "--client", "billing", "Anna@example.ru").code == 0)
        #expect(
            try await site.vestnik("keys", "guests", "list", "--client", "billing").out.split(separator: "\n").count
                == 3)
    }
}

import Foundation
import Testing

/// A monitoring system's way: what it reads over HTTP is what people read at the command line.
struct OperatorsAPITests {
    private static let script = """
        import sys, urllib.request as u, urllib.error as e
        method, url, key, body = sys.argv[1:5]
        headers = {'Authorization': 'Bearer ' + key} if key else {}
        if body: headers['Content-Type'] = 'application/json'
        request = u.Request(url, data=body.encode() if body else None, method=method, headers=headers)
        try: r = u.urlopen(request)
        except e.HTTPError as x: r = x
        sys.stdout.write('%d %s' % (r.status, r.read().decode()))
        """

    private func ask(_ method: String, _ url: String, _ key: String, _ body: String = "") async throws -> String {
        let asked = try Running(
            ["-c", Self.script, method, url, key, body], program: URL(filePath: "/usr/bin/python3"))
        guard try await asked.end(within: 20) == 0 else { throw HarnessError(asked.err.text) }
        return asked.out.text
    }

    @Test(.timeLimit(.minutes(2))) func pausedByAProgramAndSeenByPeople() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let made = try await site.vestnik(
            "keys", "create", "--client", "monitoring", "--scope", "ops:read", "--scope", "ops:write")
        let key = made.out.trimmingCharacters(in: .newlines)
        let serve = try site.start("serve")
        let line = try await serve.line(with: "ready api=")
        let base = try #require(line.split(separator: " ").first { $0.hasPrefix("api=") }).dropFirst(4)

        let paused = try await ask("POST", base + "/v1/providers/sms-a/pause", key, #"{"reason":"звоним"}"#)
        #expect(paused.hasPrefix("200 ") && paused.contains(#""by":"client:monitoring""#), "\(paused)")
        let listed = try await site.vestnik("provider", "list", "--json").lines.first
        #expect(listed?["state"] as? String == "paused" && listed?["by"] as? String == "client:monitoring")
        #expect(listed?["note"] as? String == "звоним")
        let metrics = try await ask("GET", base + "/metrics", "")
        #expect(metrics.contains(#"vestnik_provider_paused{provider="sms-a"} 1"#), "\(metrics)")
        #expect(metrics.contains("vestnik_db_commit_duration_seconds_count"))

        // And the other way round.
        #expect(try await site.vestnik("provider", "resume", "sms-a").code == 0)
        let seen = try await ask("GET", base + "/v1/providers", key)
        #expect(seen.contains(#""status":"works""#), "\(seen)")
        #expect(try await ask("GET", base + "/v1/queues", key).hasPrefix(#"200 {"data":[{"priority":"emergency""#))
        let verified = try await ask("GET", base + "/v1/journal/verify", key)
        #expect(verified.contains(#""intact":true,"complete":true"#), "\(verified)")
        let order = #"{"filter":{},"expected_count":1}"#
        #expect(try await ask("POST", base + "/v1/dead-letters/retry", key, order).hasPrefix("409 "))
        #expect(try await site.stop(serve) == 0)
    }
}

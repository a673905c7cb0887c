import Foundation
import Testing

/// The same key is the same message: over the death of the gateway, and from fifty places at once.
struct OnceTests {
    @Test(.timeLimit(.minutes(2))) func aKeyOutlivesTheProcess() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        var house = try await site.open()
        let key = try await site.key()
        let body = Caller.reminder(#"{"sms":"+79001234567"}"#)
        let first = try await Caller(house, key).ask("POST", "/v1/messages", body, idempotency: "invoice-1")
        #expect(first.status == 202 && first.headers["idempotent-replayed"] == nil)
        // At once: whatever was under way is under way no more.
        house.serve.signal(SIGKILL)
        #expect(try await house.serve.end(within: 20) == -SIGKILL)

        house = try await site.open()
        let billing = Caller(house, key)
        let again = try await billing.ask("POST", "/v1/messages", body, idempotency: "invoice-1")
        #expect(again.status == 202 && again.id == first.id && again.headers["idempotent-replayed"] == "true")
        let other = try await billing.ask(
            "POST", "/v1/messages", body.replacingOccurrences(of: "100.00", with: "1.00"), idempotency: "invoice-1")
        #expect(other.status == 422 && other.code == "idempotency_key_reused")
        #expect(try await billing.ask("GET", "/v1/messages").data.count == 1)
        #expect(try await site.stop(house.serve) == 0)
        #expect(try sandbox.arrivals().count <= 1)
    }

    private static let crowd = """
        import http.client, json, sys, threading
        host, key, body = sys.argv[1:]
        start, lines = threading.Barrier(50), []
        def one():
            c = http.client.HTTPConnection(host, timeout=20); c.connect(); start.wait()
            while True:
                c.request('POST', '/v1/messages', body, {'Authorization': 'Bearer ' + key,
                    'Content-Type': 'application/json', 'Idempotency-Key': 'one'})
                r = c.getresponse(); text = r.read()
                if r.status == 409: assert r.getheader('Retry-After'); continue
                lines.append((r.status, json.loads(text).get('id'), r.getheader('Idempotent-Replayed') == 'true')); return
        threads = [threading.Thread(target=one) for _ in range(50)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(json.dumps({'statuses': sorted({l[0] for l in lines}), 'ids': sorted({l[1] for l in lines}),
            'answers': len(lines), 'replayed': sum(l[2] for l in lines)}))
        """

    @Test(.timeLimit(.minutes(1))) func fiftyAtOnceAreOne() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        let house = try await site.open()
        let key = try await site.key()
        let later = Date.now.addingTimeInterval(3600).ISO8601Format()
        let body = Caller.reminder(#"{"sms":"+79001234567"}"#, #","send_at":"\#(later)""#)
        let crowd = try Running(
            ["-c", Self.crowd, String(house.api.dropFirst("http://".count)), key, body],
            program: URL(filePath: "/usr/bin/python3"))
        #expect(try await crowd.end(within: 40) == 0, "\(crowd.err.text)")
        let told = try #require(try JSONSerialization.jsonObject(with: Data(crowd.out.text.utf8)) as? [String: Any])
        #expect(told["statuses"] as? [Int] == [202] && told["answers"] as? Int == 50, "\(told)")
        #expect((told["ids"] as? [String])?.count == 1 && told["replayed"] as? Int == 49, "\(told)")
        #expect(try await Caller(house, key).ask("GET", "/v1/messages").data.count == 1)
        #expect(try await site.stop(house.serve) == 0)
    }
}

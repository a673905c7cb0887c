import Domain
import Events
import Foundation
import GatewayTesting
import Journal
import Testing

@Suite struct WebhookRulesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let url: String
        let fine: Bool
        var testDescription: String { String(url.prefix(60)) }
        init(_ url: String, _ fine: Bool) { (self.url, self.fine) = (url, fine) }
    }
    /// TRUST §6 rows 59 and 60, and their neighbours.
    static let rows = [
        Row("https://hooks.example/vestnik", true), Row("https://hooks.example:8443/a?b=c", true),
        Row("https://hooks.example:9000/", true), Row("https://xn--e1afmkfd.xn--p1ai/", true),
        Row("http://hooks.example/", false), Row("file:///etc/passwd", false), Row("gopher://hooks.example/", false),
        Row("ftp://hooks.example/", false), Row("javascript:alert(1)", false), Row("HTTPS://hooks.example/", false),
        Row("https://hooks.example:22/", false), Row("https://hooks.example:25/", false),
        Row("https://hooks.example:80/", false), Row("https://hooks.example:0/", false),
        Row("https://hooks.example:65536/", false), Row("https://user@hooks.example/", false),
        Row("https://user:pass@hooks.example/", false), Row("https://:@hooks.example/", false),
        Row("https://hooks.example/#part", false), Row("https:///path", false), Row("https://", false), Row("", false),
        Row("hooks.example", false), Row("//hooks.example/", false), Row("https://hooks.example/ a", false),
        Row("https://hooks.example/\r\nX: y", false), Row("https://пример.рф/", false),
        Row("https://hooks.example/" + String(repeating: "a", count: 2048), false),
    ]
    @Test(arguments: rows) func url(_ row: Row) {
        #expect((WebhookRules(ports: [9000]).objection(to: row.url) == nil) == row.fine)
    }

    @Test func plainHTTPOnlyWhereNetworksAreAllowed() {
        #expect(WebhookRules.loopback.objection(to: "http://127.0.0.1:8090/") == nil)
        #expect(WebhookRules(ports: [8090]).objection(to: "http://127.0.0.1:8090/") != nil)
    }

    @Test func refusesAtTheDesk() async throws {
        let site = try Site()
        await #expect {
            try await site.webhook("https://hooks.example:25/", rules: WebhookRules())
        } throws: { error in
            guard case .invalid(member: "url", _) = error as? WebhookDesk.Refusal else { return false }
            return true
        }
        await #expect {
            try await site.webhook("https://hooks.example/", types: ["message.*", "message.snt"])
        } throws: { error in
            guard case .invalid(member: "types/1", let words) = error as? WebhookDesk.Refusal else { return false }
            return words.en.contains("message.sent")
        }
        for _ in 0..<WebhookDesk.largestCount {
            _ = try await site.webhook("https://hooks.example/", rules: WebhookRules())
        }
        await #expect(throws: WebhookDesk.Refusal.tooMany) {
            try await site.webhook("https://hooks.example/", rules: WebhookRules())
        }
    }

    @Test func secrets() throws {
        #expect(WebhookSecret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")?.bytes.count == 24)
        for wrong in ["C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_", "whsec_AAAA", "whsec_не то"] {
            #expect(WebhookSecret(wrong) == nil)
        }
        let secret = try #require(WebhookSecret(bytes: Array(repeating: 7, count: 32)))
        #expect("\(secret)" == "whsec_···" && WebhookSecret(secret.exposed) == secret)
    }

    /// The example of the specification's own libraries.
    @Test func signature() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: body, secrets: [secret])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        func fault(_ signature: String?, at now: Int = 1_614_265_330) -> WebhookSignature.Fault? {
            do throws(WebhookSignature.Fault) {
                try WebhookSignature.check(
                    id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signature: signature, body: body,
                    secret: secret, now: now)
                return nil
            } catch { return error }
        }
        #expect(fault(header) == nil && fault("v1a,x v1,AAAA " + header) == nil)
        #expect(fault("v1,AAAA") == .wrongSignature && fault(nil) == .missingHeader && fault("") == .wrongSignature)
        #expect(fault(header, at: 1_614_265_931) == .tooOld && fault(header, at: 1_614_264_000) == .tooNew)
    }
}

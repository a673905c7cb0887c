import Foundation
import Testing

/// TRUST §6, 36 and 42–45: what stands in a variable is text, and not too much of it.
struct VariableAttackTests {
    private func notice(_ front: Front, _ variables: String) async -> Wire.Reply {
        await front.wire.ask(
            "POST", "/v1/messages?dry_run=true",
            json: #"{"template":"notice","to":{"recipient":"ls:1"},"channels":["sms"],"variables":\#(variables)}"#)
    }

    @Test(arguments: ["{{#x}}{{{y}}}{{/x}}", "{{text|money}}", "&to=+79001234567", "%0a+%0d", "<b>", "' OR 1=1--"])
    func isTakenLiterally(value: String) async throws {
        try await withFront { front in
            let reply = await notice(front, #"{"text":"\#(value)"}"#)
            let text = (reply.json["texts"] as? [[String: Any]])?.first?["text"] as? String
            #expect(text == value, "\(reply.text)")
        }
    }

    /// Shown or removed, but never at work: the line of a stranger must not turn ours around.
    @Test(arguments: ["\u{202E}", "\u{2066}", "\u{200B}"]) func directionsAreNotObeyed(mark: String) async throws {
        try await withFront { front in
            let reply = await notice(front, "{\"text\":\"a\(mark)b\"}")
            let text = (reply.json["texts"] as? [[String: Any]])?.first?["text"] as? String
            let isRefused = reply.status == 422 && reply.code == "invalid_value"
            #expect(
                isRefused || text.map { !$0.unicodeScalars.contains(mark.unicodeScalars.first!) } == true,
                "\(reply.text)")
        }
    }

    static let refused: [(name: String, variables: String, status: Int, code: String)] = [
        ("none", "{}", 422, "missing_variable"), ("null", #"{"text":null}"#, 422, "missing_variable"),
        ("seventy parts", #"{"text":"\#(String(repeating: "ж", count: 67 * 70))"}"#, 422, "text_too_long"),
        ("over the body", #"{"text":"\#(String(repeating: "a", count: 300_000))"}"#, 413, "payload_too_large"),
        ("a stranger", #"{"text":"a","txet":"b"}"#, 400, "unknown_field"),
    ]

    @Test(arguments: refused) func isRefused(name: String, variables: String, status: Int, code: String) async throws {
        try await withFront { front in
            let reply = await notice(front, variables)
            #expect(reply.status == status && reply.code == code, "\(name): \(reply.status) \(reply.text)")
        }
    }
}

import Foundation
import Testing

/// What a newcomer does first, and what is left behind for a look inside.
@Suite(.serialized) struct DemoTests {
    @Test func demoSendsEverythingAndTellsEachMessage() async throws {
        let folder = try Folder()
        let kept = folder["demo"]
        let demo = try await Binary.run("demo", "--once", "--json", "--keep", kept, within: 120)
        #expect(demo.code == 0, "\(demo.err)")

        let lines = demo.lines
        #expect(lines.count > 400)
        #expect(lines.count == demo.out.split(separator: "\n").count, "every line is a JSON object")
        for key in ["id", "purpose", "channel", "provider", "status", "reason"] {
            #expect(lines.allSatisfy { $0.keys.contains(key) }, "\(key) on each line")
        }
        let purposes = Set(lines.compactMap { $0["purpose"] as? String })
        let left = lines.filter { ["sent", "delivered"].contains($0["status"] as? String) }
        let channels = Set(left.compactMap { $0["channel"] as? String })
        #expect(
            purposes.isSuperset(of: [
                "payment_reminder", "e_receipt", "outage_planned", "outage_emergency", "outage_restored",
            ]))
        #expect(channels.isSuperset(of: ["email", "sms", "max", "max_chat", "telegram"]))
        #expect(Set(lines.compactMap { $0["status"] as? String }).isSubset(of: ["sent", "delivered", "suppressed"]))
        let reasons = Set(lines.compactMap { $0["reason"] as? String })
        #expect(reasons.isSuperset(of: ["no_consent", "consent_withdrawn", "no_address"]))

        try await look(inside: kept, lines)
    }

    /// Every command that reads works on what the demonstration left.
    private func look(inside kept: String, _ lines: [[String: Any]]) async throws {
        let config = kept + "/vestnik.yaml"
        let suppressed = try #require(lines.first { $0["reason"] as? String == "no_consent" }?["id"] as? String)
        let show = try await Binary.run("messages", "show", suppressed, "--config", config)
        #expect(show.code == 0 && show.out.contains("no consent"), "\(show.out)\(show.err)")

        let verify = try await Binary.run("journal", "verify", "--json", "--config", config)
        #expect(verify.code == 0)
        #expect(verify.lines.first?["ok"] as? Bool == true, "\(verify.out)")

        let logs = try await Binary.run("logs", "--limit", "5", "--json", "--config", config)
        #expect(logs.lines.count == 5)
        let stats = try await Binary.run("queue", "stats", "--json", "--config", config)
        #expect((stats.lines.first?["states"] as? [String: Int])?["sent", default: 0] ?? 0 > 200)
        let check = try await Binary.run("config", "check", "--config", config)
        #expect(check.code == 0, "\(check.err)")
    }

    @Test func noAddressStandsInFullInLogsAndLists() async throws {
        let folder = try Folder()
        let kept = folder["demo"]
        let demo = try await Binary.run("demo", "--once", "--json", "--keep", kept, within: 120)
        let config = kept + "/vestnik.yaml"
        let list = try await Binary.run("messages", "list", "--limit", "250", "--json", "--config", config)
        let logs = try await Binary.run("logs", "--limit", "3000", "--json", "--config", config)
        for text in [demo.out, demo.err, list.out, logs.out] {
            #expect(!text.contains("+7999"), "a phone in full")
            #expect(!text.contains("kv1.lenina@"), "a mailbox in full")
            #expect(!text.contains("demo-token-of-the-sandbox"), "a token")
        }
    }
}

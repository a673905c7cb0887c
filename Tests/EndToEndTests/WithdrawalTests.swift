import Foundation
import Testing

/// A resident's word counts until the first byte leaves.
struct WithdrawalTests {
    static let residents = """
        id;phone;email;consents
        ls:1;+79001110001;;news:*=granted@2026-01-10
        ls:2;+79001110002;;
        ls:3;+79001110003;;

        """

    @Test func aWithdrawalStopsWhatIsQueuedAndASuppressedAddressIsNeverContacted() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Site(providers: Site.kannel(port: sandbox.http))
        try site.folder.write(Self.residents, to: "residents.csv")
        #expect(try await site.vestnik("recipient", "import", site.folder["residents.csv"]).code == 0)

        // Nobody sends yet: three reminders wait.
        for resident in ["ls:1", "ls:2", "ls:3"] {
            let arguments = ["send", "--template", "payment-reminder", "--to", resident, "--json"] + BadInputTests.good
            let sent = try await Binary.run(arguments + ["--config", site.config])
            #expect(sent.code == 0 && sent.lines.first?["status"] as? String == "queued", "\(sent.err)\(sent.out)")
        }
        #expect(try await site.vestnik("consent", "withdraw", "ls:1", "payment_reminder").code == 0)
        #expect(try await site.vestnik("suppression", "add", "sms", "8 (900) 111-00-02").code == 0)
        let backlog = try await site.vestnik("queue", "held", "--json").lines.first?["backlog"] as? [[String: Any]]
        let waiting = try #require(backlog?.first)
        #expect(waiting["count"] as? Int == 3 && waiting["goes_out"] as? Int == 1, "\(waiting)")
        #expect((waiting["refused"] as? [String: Int])?.values.reduce(0, +) == 2, "\(waiting)")

        let worker = try site.start("worker")
        let messages = try await site.drained()
        // And while the worker runs, the same command reaches it through its socket.
        #expect(try await site.vestnik("consent", "withdraw", "ls:3", "payment_reminder").code == 0)
        let late = try await Binary.run(
            ["send", "--template", "payment-reminder", "--to", "ls:3", "--json"] + BadInputTests.good + [
                "--config", site.config,
            ])
        #expect(late.code == 0, "\(late.err)")
        let all = try await site.drained()
        #expect(try await site.stop(worker) == 0)

        let byRecipient = Dictionary(grouping: messages) { $0["recipient"] as? String ?? "" }
        #expect(byRecipient["ls:1"]?.first?["status"] as? String == "suppressed")
        #expect(byRecipient["ls:2"]?.first?["status"] as? String == "suppressed")
        #expect(byRecipient["ls:2"]?.first?["reason"] as? String == "on_suppression_list")
        #expect(byRecipient["ls:3"]?.first?["status"] as? String == "sent")
        #expect(
            all.filter { $0["recipient"] as? String == "ls:3" }.map { $0["status"] as? String }.sorted {
                ($0 ?? "") < ($1 ?? "")
            } == ["sent", "suppressed"])

        let arrivals = try sandbox.arrivals()
        #expect(arrivals.count == 1, "only ls:3 was contacted, once: \(arrivals)")
        for message in all where message["status"] as? String == "suppressed" {
            let show = try await site.vestnik("messages", "show", message["id"] as? String ?? "")
            #expect(show.out.contains("not sent"), "\(show.out)")
        }
    }

    @Test func consentBasedPurposesNeedAGrant() async throws {
        let site = try Site(providers: Site.smtp(port: 1))
        try site.folder.write(
            "id;email;consents\nls:1;a@dom.example;news:*=granted@2026-01-10\nls:2;b@dom.example;\n",
            to: "residents.csv")
        for fresh in [1, 0] {
            let taken = try await site.vestnik("recipient", "import", site.folder["residents.csv"], "--json")
            #expect(taken.code == 0)
            #expect(taken.lines.first?["new_consents"] as? Int == fresh, "\(taken.out)")
        }
        #expect(try await site.vestnik("consent", "check", "ls:1", "news").code == 0)
        let no = try await site.vestnik("consent", "check", "ls:2", "news", "--json")
        #expect(no.code == 1 && no.lines.first?["reason"] as? String == "no_consent", "\(no.out)")
        #expect(
            try await site.vestnik("consent", "grant", "ls:2", "news", "--source", "paper", "--evidence", "scan-7").code
                == 0)
        #expect(try await site.vestnik("consent", "check", "ls:2", "news").code == 0)
        let ledger = try await site.vestnik("consent", "show", "ls:2", "--json")
        #expect(ledger.lines.first?["evidence"] as? String == "scan-7")
    }

    @Test func aMandatoryPurposeCannotBeSwitchedOff() async throws {
        let site = try Site(providers: Site.kannel(port: 1))
        try site.folder.write(Self.residents, to: "residents.csv")
        #expect(try await site.vestnik("recipient", "import", site.folder["residents.csv"]).code == 0)
        let all = try await site.vestnik("consent", "withdraw", "ls:1", "outage_emergency")
        #expect(all.code == 65 && all.err.contains("--channel"), "\(all.err)")
        #expect(try await site.vestnik("consent", "withdraw", "ls:1", "outage_emergency", "--channel", "sms").code == 0)
    }
}

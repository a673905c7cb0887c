import Foundation
import Testing

/// SIGHUP reads purposes and templates again; what is not good changes nothing.
struct ReloadTests {
    /// A site with templates of its own.
    private static func site(port: Int) throws -> Site {
        let site = try Site(providers: Site.kannel(port: port))
        try FileManager.default.copyItem(
            atPath: Site.project.appending(path: "Templates").path(), toPath: site.folder["Templates"])
        let text = try site.folder.read("vestnik.yaml")
            .replacingOccurrences(of: "\(Site.project.path())/Templates", with: "Templates")
        try site.folder.write(text, to: "vestnik.yaml")
        return site
    }

    private static let sms = "Templates/payment-reminder/ru/sms.txt"

    private func remind(_ site: Site) async throws -> Binary.Output {
        let arguments = ["send", "--template", "payment-reminder", "--to", "sms:+79001112233", "--json"]
        return try await Binary.run(arguments + BadInputTests.good + ["--config", site.config])
    }

    @Test(.timeLimit(.minutes(2))) func templatesAndPurposesAreReadAgain() async throws {
        let folder = try Folder()
        let sandbox = try await SandboxProcess.start(in: folder)
        let site = try Self.site(port: sandbox.http)
        let serve = try site.start("serve")
        _ = try await serve.line(with: "ready")
        let old = try site.folder.read(Self.sms)

        // A broken template: its place is told, and the old one holds.
        try site.folder.write(old + "{{nonsense|money}}", to: Self.sms)
        serve.signal(SIGHUP)
        let complaint = try await serve.line(with: "the old configuration holds")
        #expect(complaint.contains("sms.txt"), "\(complaint)")
        // The commands read the folder too, and refuse a broken one.
        try site.folder.write(old, to: Self.sms)
        #expect(try await remind(site).code == 0)
        _ = try await site.drained()

        // A good one, a key that waits for a restart, and a purpose that leaves SMS.
        try site.folder.write("NEW " + old, to: Self.sms)
        let settings = try site.folder.read("vestnik.yaml")
        try site.folder.write(settings + "    timeout: 7s\n", to: "vestnik.yaml")
        serve.signal(SIGHUP)
        _ = try await serve.line(with: "configuration read again")
        let waiting = try await serve.line(with: "a restart is needed")
        #expect(waiting.contains("providers.sms-a.timeout") && !waiting.contains("worker"), "\(waiting)")
        // Taken by the worker at its next turn, within a second.
        try await Task.sleep(for: .seconds(2))
        #expect(try await remind(site).code == 0)
        _ = try await site.drained()
        let texts = try sandbox.arrivals().map { $0["text"] as? String ?? "" }
        #expect(texts.map { $0.hasPrefix("NEW ") } == [false, true], "\(texts)")

        // The first purpose of the file is that of the reminder.
        let purposes = try site.folder.read("purposes.yaml")
        let first = try #require(purposes.range(of: "basis: contract"))
        try site.folder.write(purposes.replacingCharacters(in: first, with: "basis: consent"), to: "purposes.yaml")
        serve.signal(SIGHUP)
        while serve.err.text.components(separatedBy: "configuration read again").count < 3 {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await Task.sleep(for: .seconds(2))
        #expect(try await remind(site).code == 0)
        let last = try #require(try await site.drained().first)
        #expect(last["status"] as? String == "suppressed" && last["reason"] as? String == "no_consent", "\(last)")
        #expect(try sandbox.arrivals().count == 2)
        #expect(try await site.stop(serve) == 0)
    }

    /// Programs that call get the new text as soon as the log says so.
    @Test(.timeLimit(.minutes(1))) func theAPIReadsTemplatesAgain() async throws {
        let site = try Self.site(port: 1)
        let house = try await site.open()
        let billing = Caller(house, try await site.key())
        func text() async throws -> String {
            let reply = try await billing.ask(
                "POST", "/v1/messages?dry_run=true", Caller.reminder(#"{"sms":"+79001234567"}"#))
            return (reply.json["texts"] as? [[String: Any]])?.first?["text"] as? String ?? reply.text
        }
        let before = try await text()
        try site.folder.write("NEW " + (try site.folder.read(Self.sms)), to: Self.sms)
        #expect(try await text() == before)
        house.serve.signal(SIGHUP)
        _ = try await house.serve.line(with: "configuration read again")
        #expect(try await text() == "NEW " + before)
        #expect(try await site.stop(house.serve) == 0)
    }
}

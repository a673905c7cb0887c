import Foundation
import Testing

/// Real mail and SMS servers that share no line with us read what we send.
@Suite(.serialized) struct StrangerTests {
    static let amount = "3\u{A0}250,50\u{A0}₽"

    @Test(.enabled(if: Stranger.areHere(.smtpSink, .python), "needs Debian's postfix and python3"))
    func postfixSinkReceivesMailThatAnIndependentParserReads() async throws {
        let folder = try Folder()
        let port = try freePort()
        // smtp-sink gives up root and must still be able to write its dumps.
        chmod(folder.url.path(), 0o777)
        var arguments = ["-d", folder["%M."], "127.0.0.1:\(port)", "100"]
        if getuid() == 0 { arguments = ["-u", "nobody"] + arguments }
        let sink = try Running(arguments, program: Stranger.smtpSink.url)
        try await listening(on: port)
        try await sendReminder(to: "email:anna@sandbox.invalid", providers: Site.smtp(port: port))
        sink.signal(SIGKILL)
        _ = try await sink.end(within: 10)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path())
        #expect(files.count == 1)
        // smtp-sink writes the envelope as X- lines in front of the mail.
        try await check(try await ParsedMail.read(folder[try #require(files.first)]))
    }

    @Test(
        .enabled(
            if: Stranger.areHere(.python) && (Stranger.demanded || Stranger.aiosmtpd), "needs Debian's python3-aiosmtpd"
        ))
    func aiosmtpdReceivesTheSameMail() async throws {
        let folder = try Folder()
        let port = try freePort()
        let script = """
            import sys, threading
            from aiosmtpd.controller import Controller
            class Keep:
                async def handle_DATA(self, server, session, envelope):
                    with open(sys.argv[2] + '/mail.eml', 'wb') as f: f.write(envelope.original_content)
                    return '250 2.0.0 kept'
            c = Controller(Keep(), hostname='127.0.0.1', port=int(sys.argv[1]), enable_SMTPUTF8=False)
            c.start(); threading.Event().wait()
            """
        let server = try Running(["-c", script, "\(port)", folder.url.path()], program: Stranger.python.url)
        try await listening(on: port)
        try await sendReminder(to: "email:anna@sandbox.invalid", providers: Site.smtp(port: port))
        server.signal(SIGKILL)
        _ = try await server.end(within: 10)
        try await check(try await ParsedMail.read(folder["mail.eml"]))
    }

    private func check(_ mail: ParsedMail) async throws {
        #expect(mail.subject.contains("3\u{A0}250,50") || mail.subject.contains("3 250,50"), "\(mail.subject)")
        #expect(mail.subject.contains("К оплате") && mail.subject.contains("декабря"), "\(mail.subject)")
        #expect(mail.from == "УК «Наш дом» <info@nash-dom.example>")
        #expect(mail.to.contains("anna@sandbox.invalid"))
        #expect(mail.text.contains("декабря 2026") && mail.text.contains("УК «Наш дом»"), "\(mail.text)")
        #expect(mail.html.contains(Self.amount) && mail.html.contains("</html>"))
        #expect(mail.messageID.contains("msg_"))
        #expect(mail.defects == 0)
    }

    @Test(.enabled(if: Stranger.areHere(.bearerbox, .smsbox, .fakesmsc), "needs Debian's kannel and kannel-extras"))
    func kannelHandsTheCyrillicTextToTheCentre() async throws {
        let kannel = try await Kannel.start()
        try await sendReminder(to: "sms:+79001112233", providers: Site.kannel(port: kannel.sendsms))
        _ = try await kannel.centre.line(with: "79001112233", within: 20)
        let text = kannel.received
        #expect(text.contains("оплат") && text.contains("3250,50") && text.contains("УК «Наш дом»"), "\(text)")
        await kannel.stop()
    }

    private func sendReminder(to: String, providers: String) async throws {
        let site = try Site(providers: providers)
        try site.folder.write("bar", to: "sandbox-key")
        let sent = try await Binary.run(
            ["send", "--template", "payment-reminder", "--to", to] + BadInputTests.good + ["--config", site.config])
        #expect(sent.code == 0, "\(sent.err)")
        let worker = try site.start("worker")
        let messages = try await site.drained()
        #expect(messages.map { $0["status"] as? String } == ["sent"], "\(messages) \(worker.err.text)")
        #expect(try await site.stop(worker) == 0)
    }
}

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct SMTPTests {
    struct Talk: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
        /// How each reply begins, the greeting first.
        let replies: [String]
        init(_ label: String, _ lines: [String], _ replies: [String]) {
            testDescription = label
            self.lines = lines
            self.replies = ["220 "] + replies
        }
    }

    static let talks: [Talk] = [
        Talk(
            "a plain mail", ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA", "x\r\n.", "QUIT"],
            ["250", "250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "221"]),
        Talk("HELO will do", ["HELO a", "MAIL FROM:<a@b.ru>"], ["250 localhost", "250"]),
        Talk("lower case commands", ["ehlo a", "mail from:<a@b.ru>", "rcpt to:<c@d.ru>"], ["250", "250", "250"]),
        Talk("empty return path", ["EHLO a", "MAIL FROM:<>"], ["250", "250"]),
        Talk("MAIL before EHLO", ["MAIL FROM:<a@b.ru>"], ["503 5.5.1"]),
        Talk("RCPT before MAIL", ["EHLO a", "RCPT TO:<c@d.ru>"], ["250", "503 5.5.1"]),
        Talk("DATA before RCPT", ["EHLO a", "MAIL FROM:<a@b.ru>", "DATA"], ["250", "250", "554 5.5.1"]),
        Talk("second MAIL", ["EHLO a", "MAIL FROM:<a@b.ru>", "MAIL FROM:<a@b.ru>"], ["250", "250", "503"]),
        Talk(
            "RSET forgets", ["EHLO a", "MAIL FROM:<a@b.ru>", "RSET", "RCPT TO:<c@d.ru>"],
            ["250", "250", "250 2.0.0", "503"]),
        Talk("NOOP and VRFY", ["NOOP", "VRFY x"], ["250", "252"]),
        Talk("unknown command", ["BDAT 10 LAST"], ["500 5.5.2"]),
        Talk("no angle brackets", ["EHLO a", "MAIL FROM:a@b.ru"], ["250", "501"]),
        Talk("space after the colon", ["EHLO a", "MAIL FROM: <a@b.ru>"], ["250", "501"]),
        Talk("SIZE and BODY", ["EHLO a", "MAIL FROM:<a@b.ru> SIZE=100 BODY=8BITMIME"], ["250", "250"]),
        Talk("SIZE over the limit", ["EHLO a", "MAIL FROM:<a@b.ru> SIZE=99999999"], ["250", "552 5.3.4"]),
        Talk("SMTPUTF8 was not offered", ["EHLO a", "MAIL FROM:<a@b.ru> SMTPUTF8"], ["250", "555"]),
        Talk("Cyrillic address", ["EHLO a", "MAIL FROM:<а@b.ru>"], ["250", "500"]),
        Talk("AUTH PLAIN at once", ["EHLO a", "AUTH PLAIN AHUAcA=="], ["250", "235"]),
        Talk("AUTH PLAIN asked", ["EHLO a", "AUTH PLAIN", "AHUAcA=="], ["250", "334 ", "235"]),
        Talk("AUTH LOGIN", ["EHLO a", "AUTH LOGIN", "dQ==", "cA=="], ["250", "334", "334", "235"]),
        Talk("AUTH cancelled", ["EHLO a", "AUTH LOGIN", "*"], ["250", "334", "501"]),
        Talk("AUTH unknown", ["EHLO a", "AUTH CRAM-MD5"], ["250", "504"]),
        Talk("AUTH not base64", ["EHLO a", "AUTH PLAIN !!!"], ["250", "501"]),
        Talk("STARTTLS before EHLO", ["STARTTLS"], ["503"]),
        Talk(
            "8-bit header", ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA", "Subject: Ж\r\n\r\nx\r\n."],
            ["250", "250", "250", "354", "554 5.6.7"]),
        Talk(
            "8-bit body", ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA", "Subject: x\r\n\r\nЖ\r\n."],
            ["250", "250", "250", "354", "250"]),
        Talk(
            "a line of 999",
            [
                "EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA",
                "\r\n" + String(repeating: "x", count: 999) + "\r\n.",
            ], ["250", "250", "250", "354", "554 5.6.0"]),
        Talk(
            "a line of 998",
            [
                "EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA",
                "\r\n" + String(repeating: "x", count: 998) + "\r\n.",
            ], ["250", "250", "250", "354", "250"]),
    ]

    @Test(arguments: talks) func replies(to talk: Talk) async throws {
        try await withSandbox { sandbox async throws in
            let replies = try await sandbox.smtp(talk.lines)
            #expect(replies.count == talk.replies.count)
            for (reply, expected) in zip(replies, talk.replies) { #expect(reply.hasPrefix(expected), "\(reply)") }
        }
    }

    @Test func capabilities() async throws {
        try await withSandbox { sandbox async throws in
            let words = try await sandbox.smtp(["EHLO a"])[1].split(separator: "|").dropFirst().map { $0.dropFirst(4) }
            #expect(
                words == [
                    "PIPELINING", "SIZE 26214400", "8BITMIME", "ENHANCEDSTATUSCODES", "STARTTLS", "AUTH PLAIN LOGIN",
                ])
        }
    }

    @Test func onlyTheConfiguredPairMayEnter() async throws {
        let closed = settings { $0.login = .init(user: "u", password: "p") }
        try await withSandbox(closed) { sandbox async throws in
            let replies = try await sandbox.smtp([
                "EHLO a", "MAIL FROM:<a@b.ru>", "AUTH PLAIN AHUAeA==", "AUTH PLAIN AHUAcA==", "MAIL FROM:<a@b.ru>",
            ])
            #expect(replies.dropFirst(2).map { $0.prefix(3) } == ["530", "535", "235", "250"])
        }
    }

    @Test func wholeGroupInOnePacket() async throws {
        try await withSandbox { sandbox async throws in
            let port = sandbox.smtpPort
            let codes = try await offPool {
                let wire = try Wire(port)
                var codes = [wire.reply().prefix(3)]
                try wire.say("EHLO a\r\n")
                codes.append(wire.reply().prefix(3))
                try wire.say("MAIL FROM:<a@b.ru>\r\nRCPT TO:<nouser@d.ru>\r\nRCPT TO:<c@d.ru>\r\nDATA\r\n")
                for _ in 0..<4 { codes.append(wire.reply().prefix(3)) }
                try wire.say("Subject: one\r\n\r\n1\r\n.\r\nMAIL FROM:<a@b.ru>\r\nRCPT TO:<e@d.ru>\r\nDATA\r\n")
                for _ in 0..<4 { codes.append(wire.reply().prefix(3)) }
                // One byte at a time from here.
                for byte in Array("Subject: two\r\n\r\n2\r\n.\r\n".utf8) { try wire.say([byte]) }
                codes.append(wire.reply().prefix(3))
                return codes.map(String.init)
            }
            #expect(codes == ["220", "250", "250", "550", "250", "354", "250", "250", "250", "354", "250"])
            #expect(sandbox.messages().map(\.subject) == ["two", "one", nil])
            #expect(sandbox.messages().map(\.to) == [["e@d.ru"], ["c@d.ru"], ["nouser@d.ru"]])
            #expect(sandbox.messages().map(\.arrived) == [true, true, false])
        }
    }

    @Test func dotsAreUnstuffed() async throws {
        try await withSandbox { sandbox async throws in
            _ = try await sandbox.mail("Subject: dots\r\n\r\n..\r\n..one\r\n...two\r\nend.")
            #expect(sandbox.messages().first?.text == ".\r\n.one\r\n..two\r\nend.\r\n")
        }
    }

    static let breaks = [
        "in a command": ("NOOP\n", false), "before the dot": ("\r\nx\n.\r\n", true),
        "lone CR": ("\r\nx\ry\r\n.\r\n", true), "after the dot": ("\r\nx\r\n.\n", true),
    ]

    @Test(arguments: breaks.keys.sorted()) func bareLineBreakEndsTheSession(where place: String) async throws {
        let (bytes, isContent) = try #require(Self.breaks[place])
        try await withSandbox { sandbox async throws in
            let port = sandbox.smtpPort
            let (reply, isClosed) = try await offPool {
                let wire = try Wire(port)
                _ = wire.reply()
                if isContent {
                    for line in ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<c@d.ru>", "DATA"] {
                        try wire.say(line + "\r\n")
                        _ = wire.reply()
                    }
                }
                try wire.say(bytes)
                let reply = wire.reply()
                _ = wire.everything()
                return (reply, wire.isClosed)
            }
            #expect(reply.hasPrefix("521 5.5.2"))
            #expect(isClosed)
            #expect(!sandbox.messages().contains { $0.arrived })
        }
    }

    @Test func whatComesBehindSTARTTLSInPlainTextIsForgotten() async throws {
        try await withSandbox { sandbox async throws in
            let port = sandbox.smtpPort
            let injected = "EHLO b\r\nMAIL FROM:<a@b.ru>\r\nRCPT TO:<c@d.ru>\r\nDATA\r\n\r\ninjected\r\n.\r\n"
            let (reply, more) = try await offPool {
                let wire = try Wire(port)
                _ = wire.reply()
                try wire.say("EHLO a\r\n")
                _ = wire.reply()
                try wire.say("STARTTLS\r\n" + injected)
                let answer = wire.reply()
                wire.waitsAtMost(1)
                return (answer, wire.reply())
            }
            #expect(reply.hasPrefix("220 2.0.0"))
            #expect(!more.hasPrefix("250"))
            #expect(sandbox.messages().isEmpty)
        }
    }

    // MARK: Magic mailboxes

    static let atRecipient: [(String, String)] = [
        ("nouser", "550 5.1.1"), ("disabled.x", "550 5.2.1"), ("full", "452 4.2.2"), ("grey", "451 4.7.1"),
        ("busy", "421 4.3.2"), ("SPAM", "554 5.7.1"),
    ]

    @Test(arguments: atRecipient) func refusesAtRecipient(_ local: String, _ expected: String) async throws {
        try await withSandbox { sandbox async throws in
            let replies = try await sandbox.smtp(["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<\(local)@d.ru>"])
            #expect(replies.last?.hasPrefix(expected) == true, "\(replies)")
            let trace = try #require(sandbox.messages().first)
            #expect(!trace.arrived && trace.answer.hasPrefix(expected) && trace.to == ["\(local)@d.ru"])
        }
    }

    static let afterDot: [(local: String, reply: String, arrived: Bool)] = [
        ("dkim", "550 5.7.515", false), ("late", "451 4.3.0", false), ("cut", "", true), ("anna", "250 2.0.0", true),
    ]

    @Test(arguments: afterDot) func decidesAfterTheDot(_ row: (local: String, reply: String, arrived: Bool))
        async throws
    {
        try await withSandbox { sandbox async throws in
            let reply = try await sandbox.mail(to: "\(row.local)@d.ru")
            #expect(row.reply.isEmpty ? reply.isEmpty : reply.hasPrefix(row.reply))
            let trace = try #require(sandbox.messages().first)
            #expect(trace.arrived == row.arrived)
            #expect(trace.answer == (row.reply.isEmpty ? "—" : reply))
        }
    }

    @Test func everyMagicMailboxHasARow() {
        let rows = Self.atRecipient.map { $0.0.lowercased() } + Self.afterDot.map(\.local)
        for magic in MagicMailbox.allCases where magic != .silent {
            #expect(rows.contains { $0.hasPrefix(magic.rawValue) })
        }
    }

    @Test func silentMailboxSaysNothing() async throws {
        try await withSandbox { sandbox async throws in
            let port = sandbox.smtpPort
            let (reply, isClosed) = try await offPool {
                let wire = try Wire(port)
                _ = wire.reply()
                try wire.say("EHLO a\r\nMAIL FROM:<a@b.ru>\r\nRCPT TO:<silent@d.ru>\r\nDATA\r\n")
                for _ in 0..<4 { _ = wire.reply() }
                try wire.say("\r\nx\r\n.\r\n")
                wire.waitsAtMost(1)
                return (wire.reply(), wire.isClosed)
            }
            #expect(reply.isEmpty && !isClosed)
            #expect(try await eventually { sandbox.messages().first?.arrived == true })
        }
    }

    @Test func greylistedPairIsTakenLater() async throws {
        let clock = Clock()
        let grey = settings {
            $0.greySeconds = 300
            $0.now = { clock.now }
        }
        try await withSandbox(grey) { sandbox async throws in
            let talk = ["EHLO a", "MAIL FROM:<a@b.ru>", "RCPT TO:<grey@d.ru>"]
            #expect(try await sandbox.smtp(talk).last?.hasPrefix("451") == true)
            clock.advance(by: 299)
            #expect(try await sandbox.smtp(talk).last?.hasPrefix("451") == true)
            clock.advance(by: 2)
            #expect(try await sandbox.smtp(talk).last?.hasPrefix("250") == true)
        }
    }

    // MARK: A stranger

    static let stranger = """
        import sys, ssl, smtplib
        from email.message import EmailMessage
        port, ca = int(sys.argv[1]), sys.argv[2]
        mail = EmailMessage()
        mail["From"] = "УК «Наш дом» <uk@example.ru>"
        mail["To"] = "anna@example.ru"
        mail["Subject"] = "К оплате за ноябрь: 3 250,50 ₽ — срок до 15 декабря, лицевой счёт 0045-12"
        mail["Message-ID"] = "<msg_1@example.ru>"
        mail.set_content("Здравствуйте!\\n\\n.точка в начале строки\\nК оплате 3 250,50 ₽\\n")
        mail.add_alternative("<p style='color:#146c2e'>К оплате <b>3 250,50 ₽</b></p>\\n", subtype="html")
        mail.add_attachment(b"%PDF-1.4 \\x00\\xff", maintype="application", subtype="pdf", filename="Квитанция за ноябрь.pdf")
        with smtplib.SMTP("localhost", port, timeout=10) as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=ca))
            smtp.login("any", "password")
            print(smtp.send_message(mail))
        """

    @Test(.enabled(if: hasPython, "python3 is not installed")) func strangerSendsCyrillicOverTLS() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withSandbox(settings { $0.certificateFolder = folder.path }) { sandbox async throws in
            let ca = try #require(sandbox.caFile)
            let (output, isFine) = try await python(Self.stranger, ["\(sandbox.smtpPort)", ca])
            #expect(isFine, "\(output)")
            let mail = try #require(sandbox.messages().first)
            #expect(mail.subject == "К оплате за ноябрь: 3 250,50 ₽ — срок до 15 декабря, лицевой счёт 0045-12")
            #expect(mail.from == "УК «Наш дом» <uk@example.ru>")
            #expect(mail.to == ["anna@example.ru"])
            #expect(mail.reference == "<msg_1@example.ru>")
            #expect(
                mail.text.replacing("\r\n", with: "\n")
                    == "Здравствуйте!\n\n.точка в начале строки\nК оплате 3 250,50 ₽\n")
            #expect(mail.html?.contains("<b>3 250,50 ₽</b>") == true)
            #expect(
                mail.attachments == [
                    .init(
                        name: "Квитанция за ноябрь.pdf", type: "application/pdf",
                        bytes: Array("%PDF-1.4 \0".utf8) + [0xFF])
                ])
        }
    }

    @Test(.enabled(if: hasPython, "python3 is not installed")) func strangerWithoutTheCARefuses() async throws {
        let script =
            "import sys, ssl, smtplib\ns = smtplib.SMTP('localhost', int(sys.argv[1]), timeout=10)\ns.starttls(context=ssl.create_default_context())"
        try await withSandbox { sandbox async throws in
            let (output, isFine) = try await python(script, ["\(sandbox.smtpPort)"])
            #expect(!isFine && output.contains("CERTIFICATE_VERIFY_FAILED"), "\(output)")
        }
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Providers

@Suite("A mail as bytes") struct MailTests {
    static func composer(_ sender: String = "УК «Наш дом» <info@dom.example>") -> SMTPMail {
        SMTPMail(sender: MailSender(sender)!, time: .noon)
    }

    static func mail(_ content: Content, sender: String = "УК «Наш дом» <info@dom.example>") throws -> Mail {
        try composer(sender).mail(for: .sample(content, to: .email()))
    }

    @Test func `a plain mail, byte for byte`() throws {
        let mail = try Self.mail(
            Content(subject: "Receipt 11/2026", text: "Total = 3250.50 \nThank you"), sender: "info@dom.example")
        let id = MessageID(raw: 1).text
        #expect(
            String(decoding: mail.bytes, as: UTF8.self) == """
                From: info@dom.example\r
                To: anna@example.ru\r
                Subject: Receipt 11/2026\r
                Date: Tue, 24 Nov 2026 09:00:00 +0000\r
                Message-ID: <\(id)@dom.example>\r
                MIME-Version: 1.0\r
                Auto-Submitted: auto-generated\r
                Feedback-ID: payment_reminder:vestnik\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                Total =3D 3250.50=20\r
                Thank you\r

                """)
        #expect(mail.from.exposed == "info@dom.example")
        #expect(mail.to.exposed == "anna@example.ru")
    }

    @Test func `text, HTML and a file, byte for byte`() throws {
        let mail = try Self.mail(
            Content(
                subject: "Счёт", text: "Да\n", html: "<p>a=b</p>",
                attachments: [Attachment(name: "a.pdf", type: "application/pdf", bytes: [1, 2, 3, 4])],
                unsubscribeURL: "https://dom.example/u"))
        let id = MessageID(raw: 1).text
        #expect(
            String(decoding: mail.bytes, as: UTF8.self) == """
                From: =?UTF-8?B?0KPQmiDCq9Cd0LDRiCDQtNC+0LzCuw==?=\r
                 <info@dom.example>\r
                To: anna@example.ru\r
                Subject: =?UTF-8?B?0KHRh9GR0YI=?=\r
                Date: Tue, 24 Nov 2026 09:00:00 +0000\r
                Message-ID: <\(id)@dom.example>\r
                MIME-Version: 1.0\r
                Auto-Submitted: auto-generated\r
                Feedback-ID: payment_reminder:vestnik\r
                List-Unsubscribe: <https://dom.example/u>\r
                List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
                Content-Type: multipart/mixed;\r
                 boundary="=_\(id)_mixed"\r
                \r
                --=_\(id)_mixed\r
                Content-Type: multipart/alternative;\r
                 boundary="=_\(id)_alternative"\r
                \r
                --=_\(id)_alternative\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: base64\r
                \r
                0JTQsA0K\r
                \r
                --=_\(id)_alternative\r
                Content-Type: text/html; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                <p>a=3Db</p>\r
                \r
                --=_\(id)_alternative--\r
                \r
                --=_\(id)_mixed\r
                Content-Type: application/pdf\r
                Content-Transfer-Encoding: base64\r
                Content-Disposition: attachment;\r
                 filename="a.pdf"\r
                \r
                AQIDBA==\r
                \r
                --=_\(id)_mixed--\r

                """)
    }

    static let chrome = Content(
        subject:
            "Напоминание: до 15 декабря оплатите 3250,50 ₽ за ноябрь 2026 года по адресу ул. Ленина, д. 5, кв. 12 😀👨‍👩‍👧 — УК «Наш дом»",
        text: "Здравствуйте!\nК оплате 3250,50 ₽.\r\n.\n..\n\n.\nMAIL FROM:<x@y>\nFrom here\n"
            + String(repeating: "очень длинная строка ", count: 80),
        html: "<p>К оплате <b>3250,50 ₽</b></p>\n" + String(repeating: "<i>x</i>", count: 200),
        attachments: [
            Attachment(
                name: "../Квитанция за ноябрь 2026 года, лицевой счёт № 0045-12, улица Ленина, дом 5.pdf",
                type: "application/pdf", bytes: Array(0...255) + Array("\r\n.\r\n".utf8)),
            Attachment(name: "plain name.pdf", type: "application/pdf", bytes: []),
            Attachment(name: "чек.pdf", type: "bad type\r\nX-Evil: 1", bytes: [1]),
        ],
        unsubscribeURL: "https://dom.example/u/" + String(repeating: "t", count: 120))

    static let samples: [Content] = [
        chrome,
        Content(subject: "Счёт", text: "Счёт"),
        Content(subject: "=?UTF-8?B?0YE=?= not a word", text: "=3D =\n \n\t\nx \n"),
        Content(subject: "", text: ""),
        Content(subject: nil, text: "a"),
        Content(subject: " spaces at the ends ", text: String(repeating: "a", count: 5000)),
        Content(subject: String(repeating: "word ", count: 60) + "end", text: String(repeating: "a b ", count: 500)),
        Content(subject: String(repeating: "😀", count: 90), text: String(repeating: "😀", count: 300), html: "<p>é</p>"),
        Content(
            subject: String(repeating: "Щ", count: 500), text: "mostly ascii, one Щ",
            html: "<p>" + String(repeating: "Щ", count: 99)),
        Content(subject: "a\u{301}\u{323} e\u{301}", text: "й и\u{306}"),
        Content(
            subject: "dots",
            text: ".\r\n..\n.\n\n.a\nQUIT\n" + String(repeating: "x", count: 75) + "."
                + String(repeating: ".", count: 300)),
        Content(
            subject: "x",
            text: String(repeating: "=", count: 300) + " \n" + String(repeating: "z", count: 76) + "\n"
                + String(repeating: "z", count: 75) + " "),
    ]

    @Test(arguments: samples.indices) func `lines are short, ASCII, and end in CR LF`(index: Int) throws {
        let bytes = try Self.mail(Self.samples[index]).bytes
        #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0D || $0 == 0x0A })
        #expect(bytes.suffix(2) == [0x0D, 0x0A])
        for (at, byte) in bytes.enumerated() {
            if byte == 0x0A { #expect(at > 0 && bytes[at - 1] == 0x0D) }
            if byte == 0x0D { #expect(at + 1 < bytes.count && bytes[at + 1] == 0x0A) }
        }
        for line in bytes.split(separator: 0x0A) where !line.starts(with: Array("List-Unsubscribe".utf8)) {
            #expect(line.count - 1 <= 76, "\(String(decoding: line, as: UTF8.self))")
        }
        #expect(!bytes.holds(Array("\r\n.".utf8)), "nothing in a text could end the mail, even if nobody doubled dots")
    }

    /// Python's email package is the independent reader.
    @Test(arguments: samples.indices) func `Python reads what we wrote`(index: Int) throws {
        let content = Self.samples[index]
        let read = try Python.read(try Self.mail(content).bytes)
        #expect(read.defects == [])
        #expect(read.subject.map { Array($0.utf8) } == (content.subject ?? nil).map { Array($0.utf8) })
        #expect(read.fromName == "УК «Наш дом»")
        #expect(read.from == "info@dom.example")
        #expect(read.to == "anna@example.ru")
        #expect(read.date == "2026-11-24T09:00:00+00:00")
        #expect(read.messageID == "<\(MessageID(raw: 1).text)@dom.example>")
        #expect(read.text.utf8.elementsEqual(Self.lines(content.text).utf8))
        #expect(read.html.map { Array($0.utf8) } == content.html.map { Array(Self.lines($0).utf8) })
        #expect(read.files.map(\.name) == content.attachments.map { FileName.clean($0.name) })
        #expect(read.files.map(\.bytes) == content.attachments.map { $0.bytes.map { Int($0) } })
        #expect(Set(read.names).count == read.names.count, "a header stands twice")
        #expect(read.unsubscribe == content.unsubscribeURL.map { "<\($0)>" })
        #expect(read.oneClick == (content.unsubscribeURL == nil ? nil : "List-Unsubscribe=One-Click"))
    }

    /// As a mail carries lines: ended by one kind of line end, the last one too.
    private static func lines(_ text: String) -> String {
        let unix = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return unix.utf8.last == 0x0A ? unix : unix + "\n"
    }

    @Test func `the structure of a rich mail`() throws {
        let read = try Python.read(try Self.mail(Self.chrome).bytes)
        #expect(
            read.types == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
                "application/pdf",
                "application/octet-stream",
            ])
        #expect(read.encodings == ["base64", "quoted-printable", "base64", "base64", "base64"])
        #expect(FileName.clean(Self.chrome.attachments[0].name).hasPrefix("Квитанция"))
        #expect(FileName.clean(Self.chrome.attachments[0].name).hasSuffix(".pdf"))
    }

    @Test func `a resend is the same mail with the same Message-ID`() throws {
        let composer = Self.composer()
        let first = try composer.mail(for: .sample(Self.chrome, to: .email(), number: 1))
        let second = try composer.mail(for: .sample(Self.chrome, to: .email(), number: 2))
        #expect(first == second)
        let other = try composer.mail(for: .sample(Self.chrome, id: 2, to: .email()))
        #expect(other.bytes != first.bytes)
    }

    @Test(arguments: ["a\r\nBcc: x@y", "a\nb", "a\rb", "a\0b", "a\r\n\u{200D}Bcc: x", "\u{7F}", "a\u{1B}[2J"])
    func `a subject with control bytes makes no mail`(subject: String) throws {
        #expect(throws: DeliveryFailure(.contentRejected, detail: "the header Subject holds control bytes")) {
            try Self.mail(Content(subject: subject, text: "x"))
        }
    }

    @Test(arguments: [
        "http://x.example", "https://x.example/\r\nBcc: y", "https://x.example/>", "https://x.example/ a", "mailto:x@y",
        "https://дом.example",
    ])
    func `a bad link to unsubscribe makes no mail`(url: String) {
        #expect(throws: DeliveryFailure.self) { try Self.mail(Content(subject: "a", text: "x", unsubscribeURL: url)) }
    }

    static let senders: [(String, String?, String?)] = [
        ("info@dom.example", nil, "info@dom.example"),
        ("<info@dom.example>", nil, "info@dom.example"),
        ("Our House <info@dom.example>", "Our House", "info@dom.example"),
        ("\"House, Ltd. (1)\" <info@dom.example>", "House, Ltd. (1)", "info@dom.example"),
        (
            "ООО «Управляющая компания \"Наш дом\" Центрального района города Екатеринбурга» <info@dom.example>",
            "ООО «Управляющая компания \"Наш дом\" Центрального района города Екатеринбурга»", "info@dom.example"
        ),
        ("a\\b \" c <info@dom.example>", "a\\b \" c", "info@dom.example"),
        ("=?UTF-8?B?eA==?= <info@dom.example>", "=?UTF-8?B?eA==?=", "info@dom.example"),
        ("x <info@dom.example", nil, nil), ("x <>", nil, nil), ("x\r\nBcc: y <info@dom.example>", nil, nil),
        ("", nil, nil),
        ("x <a@b> <c@d", nil, nil),
    ]

    @Test(arguments: senders.indices) func `who it comes from`(index: Int) throws {
        let (text, name, address) = Self.senders[index]
        guard let address else { return #expect(MailSender(text) == nil) }
        let read = try Python.read(try Self.mail(Content(subject: "a", text: "b"), sender: text).bytes)
        #expect(read.from == address)
        #expect(read.fromName == name ?? "")
        #expect(read.defects == [])
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_795_510_800, "Tue, 24 Nov 2026 09:00:00 +0000"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func `dates`(seconds: Int, text: String) { #expect(MailDate.text(seconds) == text) }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"]) func `base64`(text: String) {
        #expect(Base64.text(text.utf8) == Data(text.utf8).base64EncodedString())
    }

    @Test(arguments: 0...240) func `base64 in lines`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        var lines: [UInt8] = Array("before".utf8)
        Base64.addLines(bytes, to: &lines)
        let standard = Data(bytes).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        #expect(String(decoding: lines, as: UTF8.self) == "before" + standard + (count == 0 ? "" : "\r\n"))
    }

    /// Byte by byte and slowly, as RFC 2045 §6.7 says it.
    private static func slowly(_ text: [UInt8]) -> String {
        var out = ""
        var column = 0
        for (at, byte) in text.enumerated() {
            if byte == 0x0D || byte == 0x0A {
                out.unicodeScalars.append(Unicode.Scalar(byte))
                column = 0
                continue
            }
            let endsLine = at + 1 == text.count || text[at + 1] == 0x0D
            let plain =
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || !endsLine && [9, 32].contains(byte)
            if (endsLine ? 76 : 75) - column < (plain ? 1 : 3) {
                out += "=\r\n"
                column = 0
            }
            let bare = plain && !(column == 0 && byte == UInt8(ascii: "."))
            out += bare ? String(Unicode.Scalar(byte)) : String(format: "=%02X", byte)
            column += bare ? 1 : 3
        }
        return out
    }

    @Test(arguments: 0..<200) func `quoted-printable, fast and slowly`(seed: Int) {
        var state = UInt64(seed + 1)
        func chance(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let letters = Array("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  \t.=é".utf8)
        var text: [UInt8] = []
        for _ in 0..<chance(12) {
            text += (0..<chance(200)).map { _ in letters[chance(letters.count)] }
            if chance(5) == 0 { text += Array(repeating: UInt8(ascii: "."), count: chance(160)) }
            text += [0x0D, 0x0A]
        }
        var out: [UInt8] = []
        QuotedPrintable.add(text, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == Self.slowly(text))
    }

    @Test(arguments: [
        ("invoice.pdf", "invoice.pdf"), ("../x", "x"), ("/etc/passwd", "passwd"), ("..\\..\\x.pdf", "x.pdf"),
        ("..", "file"),
        ("", "file"), ("a\r\nX: y.pdf", "aX y.pdf"), ("a\"b;c.pdf", "abc.pdf"), ("fdp.\u{202E}exe", "fdp.exe"),
        ("a\u{200B}b\u{2066}.pdf", "ab.pdf"), (".htaccess", "htaccess"), ("чек.pdf ", "чек.pdf"),
        ("a/\u{301}b", "\u{301}b"),
    ])
    func `names of files`(name: String, clean: String) { #expect(FileName.clean(name).utf8.elementsEqual(clean.utf8)) }
}

/// The standard library of Python 3 as a reader we did not write.
enum Python {
    struct File: Decodable {
        var name: String
        var bytes: [Int]
    }
    struct Reading: Decodable {
        var subject: String?
        var fromName: String, from: String, to: String, date: String, messageID: String
        var text: String
        var html: String?
        var files: [File]
        var types: [String], encodings: [String], defects: [String], names: [String]
        var unsubscribe: String?
        var oneClick: String?
    }

    private static let program = """
        import sys, json, email, email.policy, email.header, email.utils
        raw = sys.stdin.buffer.read()
        m = email.message_from_bytes(raw, policy=email.policy.default)
        parts = list(m.walk())
        def text(kind):
            p = m.get_body(preferencelist=(kind,))
            return None if p is None else p.get_payload(decode=True).decode("utf-8").replace("\\r\\n", "\\n")
        # The older reader joins encoded words of a name as RFC 2047 wants; the newer one leaves spaces between them.
        old = email.message_from_bytes(raw)
        name, address = email.utils.parseaddr(old["From"])
        name = str(email.header.make_header(email.header.decode_header(name)))
        print(json.dumps({
            "subject": None if m["Subject"] is None else str(m["Subject"]), "fromName": name, "from": address,
            "to": m["To"].addresses[0].addr_spec, "date": m["Date"].datetime.isoformat(), "messageID": str(m["Message-ID"]),
            "text": text("plain"), "html": text("html"),
            "files": [{"name": p.get_filename(), "bytes": list(p.get_payload(decode=True))} for p in m.iter_attachments()],
            "types": [p.get_content_type() for p in parts],
            "encodings": [p["Content-Transfer-Encoding"].cte for p in parts if not p.is_multipart()],
            "defects": [str(d) for p in parts for d in p.defects] + [str(d) for p in parts for h in p.values() for d in getattr(h, "defects", [])],
            "names": [n.lower() for n in m.keys()],
            "unsubscribe": m["List-Unsubscribe"] and str(m["List-Unsubscribe"]).strip(), "oneClick": m["List-Unsubscribe-Post"] and str(m["List-Unsubscribe-Post"])}))
        """

    static func read(_ mail: [UInt8]) throws -> Reading {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(mail))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Reading.self, from: answer)
    }
}

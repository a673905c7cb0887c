import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct PageTests {
    static let attack = #"<script>alert(1)</script><img src=x onerror="a()">'"&"#

    /// One message of each kind, each trying to break out.
    private func fill(_ sandbox: Sandbox) async throws {
        let attack = Self.attack
        let plain = "From: \(attack) <a@b.ru>\r\nSubject: \(attack)\r\nX-\(attack): \(attack)\r\n\r\n\(attack)"
        #expect(try await sandbox.mail(plain).hasPrefix("250"))
        let html =
            "Subject: html\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello \(attack)\r\n--b\r\nContent-Type: x/y; name=\"<script>.pdf\"\r\n\r\nABC\r\n--b--"
        #expect(try await sandbox.mail(html).hasPrefix("250"))
        let sms = KannelTests.headers.merging(["X-Kannel-From": attack]) { $1 }
        try await sandbox.http("POST", "/cgi-bin/sendsms", sms, body: attack)
        let quoted = attack.replacing("\"", with: "\\\"")
        let body =
            #"{"text":"<b>\#(quoted)","format":"html","attachments":[{"type":"inline_keyboard","payload":{"buttons":[[{"text":"\#(quoted)","url":"javascript:alert(1)"}]]}}]}"#
        #expect(try await sandbox.http("POST", "/messages?user_id=1", MaxTests.token, body: body).status == 200)
        let telegram = #"{"chat_id":"\#(quoted)","text":"\#(quoted)"}"#
        #expect(try await sandbox.http("POST", "/bot1:a/sendMessage", TelegramTests.json, body: telegram).status == 200)
        #expect(sandbox.messages().count == 5)
    }

    @Test func whatStrangersWroteIsNeverMarkup() async throws {
        try await withSandbox { sandbox async throws in
            try await fill(sandbox)
            for id in 1...5 {
                for view in PageRequest.View.allCases {
                    let page = try await sandbox.http("GET", "/?id=\(id)&view=\(view.rawValue)")
                    #expect(page.status == 200)
                    #expect(!page.body.contains("<script>alert") && !page.body.contains("<img"), "\(id) \(view)")
                    #expect(
                        !page.body.contains("<script>.pdf") && !page.body.contains("href=\"javascript"), "\(id) \(view)"
                    )
                    #expect(page.body.components(separatedBy: "<script").count == 2)
                }
            }
            let page = try await sandbox.http("GET", "/?id=3")
            #expect(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        }
    }

    @Test func headersOfThePage() async throws {
        try await withSandbox { sandbox async throws in
            let page = try await sandbox.http("GET", "/")
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self';"))
            #expect(!policy.contains("unsafe"))
            #expect(page.headers["cache-control"] == "no-store")
            #expect(page.headers["x-robots-tag"]?.contains("noindex") == true)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("<html lang=\"ru\">"))
            // Our own policy would silently block these.
            #expect(!page.body.contains(" style=") && !page.body.contains("<style") && !page.body.contains(" onclick"))
        }
    }

    @Test func mailIsShownBehindItsOwnPolicy() async throws {
        try await withSandbox { sandbox async throws in
            try await fill(sandbox)
            let page = try await sandbox.http("GET", "/?id=2")
            #expect(page.body.contains(#"<iframe class="letter" sandbox src="/mail/2""#))
            let mail = try await sandbox.http("GET", "/mail/2")
            #expect(mail.headers["content-security-policy"]?.hasPrefix("sandbox; default-src 'none';") == true)
            #expect(mail.body.hasPrefix("<p>Hello "))
            #expect(try await sandbox.http("GET", "/mail/1").status == 404)
            let file = try await sandbox.http("GET", "/sandbox/messages/2/attachments/0")
            #expect(file.body == "ABC" && file.headers["content-type"] == "application/octet-stream")
            #expect(file.headers["content-disposition"] == "attachment; filename*=UTF-8''%3Cscript%3E.pdf")
            #expect(try await sandbox.http("GET", "/sandbox/messages/2/attachments/1").status == 404)
        }
    }

    @Test func assetsAreThere() async throws {
        try await withSandbox { sandbox async throws in
            let page = try await sandbox.http("GET", "/").body
            let paths = page.matches(of: /(?:href|src)="(\/(?:assets\/[^"]+|favicon.svg))"/).map { String($0.1) }
            #expect(paths.count == 3)
            for path in paths + ["/favicon.ico", "/robots.txt"] {
                #expect(try await sandbox.http("GET", path).status == 200, "\(path)")
            }
        }
    }

    @Test func tabsFilterAndCount() async throws {
        try await withSandbox { sandbox async throws in
            try await fill(sandbox)
            let page = try await sandbox.http("GET", "/?channel=email")
            #expect(page.body.contains(#"aria-current="page">Почта <span class="count">2</span>"#))
            #expect(page.body.contains(#"Все <span class="count">5</span>"#))
            #expect(!page.body.contains("class=\"channel sms\""))
            let english = try await sandbox.http("GET", "/?channel=sms&lang=en")
            #expect(
                english.body.contains("<html lang=\"en\">")
                    && english.body.contains(">SMS <span class=\"count\">1</span>"))
            #expect(try await sandbox.http("GET", "/?channel=nonsense&id=99&view=x").status == 404)
        }
    }

    @Test func formTurnsTheSwitches() async throws {
        try await withSandbox { sandbox async throws in
            let done = try await sandbox.form(
                "/chaos", "channel=sms&lang=en&sms.cut=40&email.refuse=&retry_after_seconds=5")
            #expect(done.status == 303 && done.headers["location"] == "/?channel=sms&lang=en")
            #expect(sandbox.chaos.sms.cut == 40 && sandbox.chaos.retryAfter == 5)
            #expect(try await sandbox.http("GET", "/").body.contains(#"name="sms.cut" value="40""#))
            let wrong = try await sandbox.form("/chaos", "sms.cut=140")
            #expect(wrong.headers["location"] == "/?chaos=wrong")
            #expect(try await sandbox.http("GET", "/?chaos=wrong").body.contains("Не применено"))
            #expect(sandbox.chaos.sms.cut == 40)
            _ = try await sandbox.form("/chaos", "calm=1&sms.cut=40")
            #expect(sandbox.chaos.isCalm)
        }
    }

    @Test func clearEmptiesTheInbox() async throws {
        try await withSandbox { sandbox async throws in
            try await fill(sandbox)
            #expect(try await sandbox.form("/clear", "").status == 303)
            #expect(sandbox.messages().isEmpty)
            let page = try await sandbox.http("GET", "/").body
            #expect(page.contains("Пока пусто") && page.contains("smtp://127.0.0.1:\(sandbox.smtpPort)"))
        }
    }

    static let bubbles: [(String, String)] = [
        ("<b>Чек</b> & <i>x</i>", "<b>Чек</b> &amp; <i>x</i>"), ("<b>open", "<b>open</b>"), ("</b>x", "&lt;/b&gt;x"),
        ("<B>x</B>", "<b>x</b>"), ("<b onclick=x>y</b>", "&lt;b onclick=x&gt;y&lt;/b&gt;"),
        ("1 &lt; 2 &amp;amp;", "1 &lt; 2 &amp;amp;"),
        (
            #"<a href="https://a.ru/?x=1&amp;y=2">go</a>"#,
            #"<a href="https://a.ru/?x=1&amp;y=2" rel="noreferrer noopener">go</a>"#
        ),
        (#"<a href="javascript:x">go</a>"#, "&lt;a href=&quot;javascript:x&quot;&gt;go&lt;/a&gt;"),
        (
            #"<a href="https://a.ru/" onclick="x">go</a>"#,
            "&lt;a href=&quot;https://a.ru/&quot; onclick=&quot;x&quot;&gt;go&lt;/a&gt;"
        ),
        ("<", "&lt;"), ("<b><i>x</b></i>", "<b><i>x&lt;/b&gt;</i></b>"),
    ]

    @Test(arguments: bubbles) func bubble(_ text: String, _ expected: String) {
        #expect(String(decoding: MessengerText.html(text).bytes, as: UTF8.self) == expected)
    }

    @Test func escapingIsByteWise() {
        let text = "a<b>&\"'\u{0}\u{1B}\r\n\u{301}<ё"
        let html: HTML = "\(text)"
        #expect(
            String(decoding: html.bytes, as: UTF8.self) == "a&lt;b&gt;&amp;&quot;&#39;\u{FFFD}\u{FFFD}\r\n\u{301}&lt;ё")
    }

    static let parts: [(Int, String)] = [
        (1, "1 часть"), (2, "2 части"), (5, "5 частей"), (11, "11 частей"), (21, "21 часть"), (112, "112 частей"),
    ]

    @Test(arguments: parts) func plural(_ count: Int, _ expected: String) {
        #expect(PageWords.parts(count, .ru) == expected.replacing(" ", with: "\u{A0}"))
    }
}

import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

@testable import Providers

@Suite("MAX and Telegram") struct MessengerTests {
    static let max = MAXProvider(
        base: BaseURL("http://127.0.0.1:9003/max/")!, token: Secret("max-token-1"), time: .noon)
    static let telegram = TelegramProvider(
        base: BaseURL("https://api.telegram.org")!, token: Secret("123:abc_DEF-9"), time: .noon)

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        var body: String
        var headers: [HTTPRequest.Header] = []
        var reason: DeliveryFailure.Reason?
        var id: String?
        var after: Duration?
        var testDescription: String { name }
    }

    static let maxCases = [
        Case(
            name: "taken", status: 200,
            body:
                #"{"message":{"recipient":{"chat_id":1,"chat_type":"dialog","user_id":7},"timestamp":1795338000000,"body":{"mid":"mid.1","seq":1,"text":"x"}}}"#,
            id: "mid.1"),
        Case(
            name: "bad token", status: 401, body: #"{"code":"verify.token","message":"Invalid access_token"}"#,
            reason: .badCredentials),
        Case(
            name: "not an admin", status: 403,
            body: #"{"code":"chat.denied","message":"chat.send.msg.no.permission.because.not.admin"}"#,
            reason: .optedOut),
        Case(
            name: "no chat", status: 404, body: #"{"code":"chat.not.found","message":"Chat not found"}"#,
            reason: .unknownAddress),
        Case(
            name: "attachment not ready", status: 400, body: #"{"code":"attachment.not.ready","message":""}"#,
            reason: .addressBusy, after: .seconds(2)),
        Case(
            name: "bad body", status: 400, body: #"{"code":"proto.payload","message":"text: unexpected type"}"#,
            reason: .contentRejected),
        Case(
            name: "too long", status: 400,
            body: #"{"code":"proto.payload","message":"text: size must be between 0 and 4000"}"#, reason: .tooLong),
        Case(
            name: "rate", status: 429, body: #"{"code":"too.many.requests","message":"x"}"#,
            headers: [.init("retry-after", "2")], reason: .throttled, after: .seconds(2)),
        Case(name: "unknown code with 429", status: 429, body: #"{"code":"new","message":"x"}"#, reason: .throttled),
        Case(name: "service down", status: 503, body: "", reason: .unreachable),
        Case(
            name: "service down, new word", status: 503, body: #"{"code":"new","message":""}"#, reason: .unreachable),
        Case(
            name: "internal error", status: 500, body: #"{"code":"internal.error","message":""}"#, reason: .unreachable),
        Case(name: "a bare 500", status: 500, body: "", reason: .noAnswer),
        Case(name: "a gateway's 502", status: 502, body: "<html>502 Bad Gateway</html>", reason: .noAnswer),
        Case(name: "a gateway's 504", status: 504, body: "<html>504 Gateway Time-out</html>", reason: .noAnswer),
        Case(
            name: "unknown code with 500", status: 500, body: #"{"code":"new","message":""}"#, reason: .noAnswer),
        Case(
            name: "unknown code with 507", status: 507, body: #"{"code":"new","message":""}"#, reason: .unintelligible),
        Case(name: "unknown code", status: 400, body: #"{"code":"brand.new","message":"?"}"#, reason: .unintelligible),
        Case(
            name: "a proxy's 403 says nothing about the resident", status: 403, body: "<html>", reason: .badCredentials),
        Case(name: "a 404 of something else", status: 404, body: "<html>", reason: .unintelligible),
        Case(name: "no mid", status: 200, body: #"{"message":{"body":{}}}"#, reason: .unintelligible),
        Case(name: "error within 200", status: 200, body: #"{"code":"chat.denied"}"#, reason: .unintelligible),
        Case(name: "empty", status: 200, body: "", reason: .unintelligible),
        Case(name: "moved", status: 302, body: "", reason: .misconfigured),
    ]

    static let telegramCases = [
        Case(
            name: "taken", status: 200,
            body: #"{"ok":true,"result":{"message_id":55,"date":1795338000,"chat":{"id":42,"type":"private"}}}"#,
            id: "55"),
        Case(
            name: "group of files taken", status: 200,
            body: #"{"ok":true,"result":[{"message_id":56},{"message_id":57}]}"#, id: "56"),
        Case(
            name: "blocked", status: 403,
            body: #"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#,
            reason: .optedOut),
        Case(
            name: "deactivated", status: 403,
            body: #"{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}"#,
            reason: .unknownAddress),
        Case(
            name: "chat not found", status: 400,
            body: #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#, reason: .unknownAddress
        ),
        Case(
            name: "rate", status: 429,
            body:
                #"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 17","parameters":{"retry_after":17}}"#,
            reason: .throttled, after: .seconds(17)),
        Case(
            name: "rate for ever", status: 429,
            body: #"{"ok":false,"error_code":429,"description":"","parameters":{"retry_after":99999999}}"#,
            reason: .throttled, after: .seconds(3600)),
        Case(
            name: "migrated", status: 400,
            body:
                #"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#,
            reason: .addressBusy),
        Case(
            name: "markup", status: 400,
            body:
                #"{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: unexpected end tag at byte offset 5"}"#,
            reason: .contentRejected),
        Case(
            name: "too long", status: 400,
            body: #"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#, reason: .tooLong),
        Case(
            name: "bad token", status: 401, body: #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
            reason: .badCredentials),
        Case(
            name: "path unknown", status: 404, body: #"{"ok":false,"error_code":404,"description":"Not Found"}"#,
            reason: .badCredentials),
        Case(
            name: "5xx", status: 502, body: #"{"ok":false,"error_code":502,"description":"Bad Gateway"}"#,
            reason: .unreachable),
        Case(name: "a bare 500", status: 500, body: "", reason: .noAnswer),
        Case(name: "a gateway's 502", status: 502, body: "<html>502 Bad Gateway</html>", reason: .noAnswer),
        Case(name: "a gateway's 503", status: 503, body: "<html>503</html>", reason: .noAnswer),
        Case(
            name: "a gateway's 504, as JSON", status: 504, body: #"{"error":"upstream timed out"}"#, reason: .noAnswer),
        Case(name: "page of a proxy", status: 200, body: "<html>blocked by proxy</html>", reason: .unintelligible),
        Case(name: "proxy's 403", status: 403, body: "<html>blocked</html>", reason: .badCredentials),
        Case(
            name: "unknown code", status: 400, body: #"{"ok":false,"error_code":499,"description":"new"}"#,
            reason: .unintelligible),
        Case(name: "ok without an id", status: 200, body: #"{"ok":true,"result":true}"#, reason: .unintelligible),
    ]

    @Test(arguments: maxCases) func `MAX answers`(row: Case) throws {
        check(try Self.max.exchange(for: .sample(to: .max())), row)
    }

    @Test(arguments: telegramCases) func `Telegram answers`(row: Case) throws {
        check(try Self.telegram.exchange(for: .sample(to: .telegram())), row)
    }

    /// A bill whose answer a gateway swallowed may have arrived: nobody sends it again by himself.
    @Test(arguments: [
        ("max", 500, "", DeliveryFailure.Reason.noAnswer), ("max", 502, "<html>", .noAnswer),
        ("max", 504, #"{"code":"new","message":""}"#, .noAnswer), ("max", 503, "", .unreachable),
        ("max", 500, #"{"code":"internal.error","message":""}"#, .unreachable),
        ("telegram", 500, "", .noAnswer), ("telegram", 503, "<html>", .noAnswer), ("telegram", 504, "", .noAnswer),
        ("telegram", 502, #"{"ok":false,"error_code":502,"description":"Bad Gateway"}"#, .unreachable),
    ])
    func `a gateway in front of the messenger, over a socket`(
        kind: String, status: Int, body: String, reason: DeliveryFailure.Reason
    ) async throws {
        let peer = StubPeer(status, body)
        let settings = ProviderSettings.sample(kind, base: peer.url, sender: nil, secret: "123:abc_DEF-9")
        let provider = try Catalog.provider(for: settings, declared: [:], time: .noon)
        let failure = await provider.carry(.sample(to: kind == "max" ? .max() : .telegram())).failure
        await provider.shutdown()
        #expect(failure?.reason == reason)
        #expect(failure?.outlook == (reason == .noAnswer ? .unknown : .temporary))
    }

    private func check(_ exchange: HTTPExchange, _ row: Case) {
        let ending = exchange.ending(HTTPResponse(row.status, row.body, headers: row.headers))
        #expect(ending.reason == row.reason, "\(ending)")
        #expect(ending.receipt?.providerID == row.id)
        if let after = row.after { #expect(ending.failure?.retryAfter == after) }
    }

    static let rich = Content(
        text: "К оплате", html: "<b>К оплате</b> 5 &lt; 6 <blockquote>«Дом»</blockquote>",
        buttons: [
            Button(title: "Оплатить", url: "https://pay.example/1?a=b&c=d"),
            Button(title: "Диспетчер", url: "tel:+74951234567"),
        ])

    @Test func `MAX: request`() throws {
        let request = try Self.max.exchange(for: .sample(Self.rich, to: .max())).request
        #expect(request.method == "POST")
        #expect(request.url == "http://127.0.0.1:9003/max/messages?user_id=100200300&disable_link_preview=true")
        #expect(request.headers == [.init("Authorization", "max-token-1"), .init("Content-Type", "application/json")])
        #expect(
            request.text
                == #"{"text":"<b>К оплате</b> 5 &lt; 6 «Дом»\nДиспетчер: +74951234567","attachments":[{"type":"inline_keyboard","#
                + #""payload":{"buttons":[[{"type":"link","text":"Оплатить","url":"https://pay.example/1?a=b&c=d"}]]}}],"#
                + #""link":null,"notify":true,"format":"html"}"#)
        let plain = try Self.max.exchange(for: .sample(Content(text: "a<b"), to: .maxChat())).request
        #expect(plain.url.contains("/messages?chat_id=-700800900&"))
        #expect(plain.text == #"{"text":"a<b","attachments":null,"link":null,"notify":true}"#)
    }

    @Test func `Telegram: request`() throws {
        let request = try Self.telegram.exchange(for: .sample(Self.rich, to: .telegram())).request
        #expect(request.url == "https://api.telegram.org/bot123:abc_DEF-9/sendMessage")
        #expect(
            request.text
                == #"{"chat_id":42424242,"text":"<b>К оплате</b> 5 &lt; 6 <blockquote>«Дом»</blockquote>\nДиспетчер: +74951234567","#
                + #""link_preview_options":{"is_disabled":true},"parse_mode":"HTML","#
                + #""reply_markup":{"inline_keyboard":[[{"text":"Оплатить","url":"https://pay.example/1?a=b&c=d"}]]}}"#)
    }

    static let receipt = Attachment(
        name: "../чек\r\n\"\u{202E}.pdf", type: "application/pdf", bytes: Array("%PDF\r\n------".utf8))

    @Test func `Telegram: one file, many files, too much text for a caption`() throws {
        let one = try Self.telegram.exchange(
            for: .sample(Content(text: "Чек", attachments: [Self.receipt]), to: .telegram())
        ).request
        let boundary = "----" + MessageID(raw: 1).text
        #expect(one.url.hasSuffix("/sendDocument"))
        #expect(one.header("Content-Type") == "multipart/form-data; boundary=\(boundary)")
        #expect(
            one.text == "--\(boundary)\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42424242\r\n"
                + "--\(boundary)\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nЧек\r\n"
                + "--\(boundary)\r\nContent-Disposition: form-data; name=\"document\"; filename=\"чек.pdf\"\r\n"
                + "Content-Type: application/pdf\r\n\r\n%PDF\r\n------\r\n--\(boundary)--\r\n")
        let two = Content(text: "Чек", buttons: Self.rich.buttons, attachments: [Self.receipt, Self.receipt])
        let group = try Self.telegram.exchange(for: .sample(two, to: .telegram())).request
        #expect(group.url.hasSuffix("/sendMediaGroup"))
        #expect(
            group.text.contains(
                #"[{"type":"document","media":"attach://file0"},{"type":"document","media":"attach://file1","caption":"Чек\nОплатить: https://pay.example/1?a=b&c=d\nДиспетчер: +74951234567"}]"#
            ))
        #expect(group.text.contains("name=\"file1\"; filename="))
        let long = Content(text: String(repeating: "я", count: 1025), attachments: [Self.receipt])
        #expect(reason { try Self.telegram.exchange(for: .sample(long, to: .telegram())) } == .tooLong)
    }

    @Test func `a file that holds the boundary gets another one`() {
        let id = MessageID(raw: 1)
        let nasty = Attachment(name: "a", type: "x", bytes: Array("\r\n------\(id.text)--\r\n".utf8))
        let form = Multipart(for: id, files: [nasty])
        #expect(!nasty.bytes.holds(Array(form.boundary.utf8)))
    }

    @Test func `lengths are counted as the messenger counts them`() {
        let html = "<b>" + String(repeating: "я", count: 4096) + "</b>"
        #expect(
            reason { try Self.telegram.exchange(for: .sample(Content(text: "x", html: html), to: .telegram())) } == nil)
        #expect(
            reason { try Self.telegram.exchange(for: .sample(Content(text: "x", html: html + "я"), to: .telegram())) }
                == .tooLong)
        let emoji = String(repeating: "😀", count: 2049)
        #expect(reason { try Self.telegram.exchange(for: .sample(Content(text: emoji), to: .telegram())) } == .tooLong)
        #expect(
            reason { try Self.max.exchange(for: .sample(Content(text: emoji), to: .max())) } == .tooLong
                || emoji.utf16.count == 4098)
        #expect(
            reason {
                try Self.max.exchange(for: .sample(Content(text: String(repeating: "я", count: 4001)), to: .max()))
            } == .tooLong)
        #expect(reason { try Self.max.exchange(for: .sample(Content(text: ""), to: .max())) } == .contentRejected)
    }

    @Test(arguments: ["javascript:alert(1)", "http://x", "https://x y", "https://x\r\n", "tg://resolve", ""])
    func `a button leads to a page or a phone`(url: String) {
        let content = Content(text: "a", buttons: [Button(title: "b", url: url)])
        #expect(reason { try Self.max.exchange(for: .sample(content, to: .max())) } == .contentRejected)
        #expect(reason { try Self.telegram.exchange(for: .sample(content, to: .telegram())) } == .contentRejected)
    }

    // MARK: uploads

    static let withFile = Content(
        text: "Чек", attachments: [Attachment(name: "чек.pdf", type: "application/pdf", bytes: [1, 2, 3])])

    @Test func `MAX: place, upload, message`() throws {
        let place = try Self.max.exchange(for: .sample(Self.withFile, to: .max()))
        #expect(place.request.url == "http://127.0.0.1:9003/max/uploads?type=file")
        #expect(place.request.header("Authorization") == "max-token-1")
        #expect(!place.delivers)
        let upload = try place.following(HTTPResponse(200, #"{"url":"http://127.0.0.1:9003/up?id=1"}"#))
        #expect(upload.request.url == "http://127.0.0.1:9003/up?id=1")
        #expect(upload.request.header("Authorization") == nil)
        #expect(!upload.delivers)
        #expect(
            upload.request.text.contains(
                "name=\"data\"; filename=\"чек.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\u{1}\u{2}\u{3}\r\n"))
        let message = try upload.following(HTTPResponse(200, #"{"fileId":1,"token":"t-1"}"#))
        #expect(message.delivers)
        #expect(message.request.text.contains(#""attachments":[{"type":"file","payload":{"token":"t-1"}}]"#))
        #expect(message.ending(HTTPResponse(200, #"{"message":{"body":{"mid":"m"}}}"#)).receipt?.providerID == "m")
    }

    @Test func `MAX: the token may come with the place`() throws {
        let place = try Self.max.exchange(for: .sample(Self.withFile, to: .max()))
        let upload = try place.following(HTTPResponse(200, #"{"url":"https://fu.oneme.ru/x","token":"t-2"}"#))
        let message = try upload.following(HTTPResponse(200, #"{}"#))
        #expect(message.request.text.contains(#"{"token":"t-2"}"#))
    }

    @Test(arguments: [
        "http://127.0.0.1:9004/up", "http://127.0.0.1/up", "https://127.0.0.1:9003/up", "http://fu.oneme.ru/x",
        "https://evil.example/", "https://evilmax.ru/", "https://max.ru.evil.example/",
        "https://fu.oneme.ru@evil.example/",
        "https://evil.example\\.max.ru/", "https://evil.example%2F.max.ru/", "file:///etc/passwd", "gopher://x.max.ru/",
        "//fu.oneme.ru/x", "https://evil.example#.max.ru", "https://evil.example?.max.ru", "https://a b.max.ru/",
        "https://evil.example/\r\n.max.ru", "https://", "HTTPS://evil.example", "https://[::1].max.ru.evil.example/",
    ])
    func `MAX: a place that is not MAX's own is not followed`(url: String) throws {
        let place = try Self.max.exchange(for: .sample(Self.withFile, to: .max()))
        let reply = JSONValue.object([.init(key: "url", value: .text(url))])
        #expect(place.ending(HTTPResponse(200, body: reply.bytes)).reason == .misconfigured)
    }

    @Test(arguments: [
        "https://fu.oneme.ru/x", "https://vu.okcdn.ru:443/u?a=1", "https://i.MAX.ru/x", "https://cdn.dom.example/x",
    ])
    func `MAX: its own places`(url: String) throws {
        let provider = MAXProvider(
            base: BaseURL("https://platform-api2.max.ru")!, token: Secret("t"), uploadHosts: ["cdn.dom.example"],
            time: .noon)
        let place = try provider.exchange(for: .sample(Self.withFile, to: .max()))
        #expect(try place.following(HTTPResponse(200, "{\"url\":\"\(url)\"}")).request.url == url)
    }

    @Test(arguments: [
        (200, "", DeliveryFailure.Reason.unreachable), (200, "{}", .unreachable), (500, "", .unreachable),
        (404, "", .unreachable),
        (401, #"{"code":"verify.token","message":""}"#, .badCredentials), (413, "", .tooLong), (429, "", .throttled),
    ])
    func `MAX: a failed upload reached nobody`(status: Int, body: String, reason: DeliveryFailure.Reason) throws {
        let place = try Self.max.exchange(for: .sample(Self.withFile, to: .max()))
        #expect(place.ending(HTTPResponse(status, body)).reason == reason)
        let upload = try place.following(HTTPResponse(200, #"{"url":"http://127.0.0.1:9003/up"}"#))
        #expect(upload.ending(HTTPResponse(status, body)).reason == reason)
    }

    @Test func `no failure repeats a token or a whole address`() throws {
        let said =
            #"{"ok":false,"error_code":400,"code":"x","description":"bot123:abc_DEF-9 max-token-1 to 42424242 100200300","message":"max-token-1 100200300"}"#
        for exchange in [
            try Self.telegram.exchange(for: .sample(to: .telegram())), try Self.max.exchange(for: .sample(to: .max())),
            try Self.max.exchange(for: .sample(Self.withFile, to: .max())),
        ] {
            for status in [200, 400, 403, 500] {
                let shown = String(describing: exchange.ending(HTTPResponse(status, said)).failure)
                let ours =
                    exchange.request.url.contains("telegram")
                    ? ["abc_DEF-9", "42424242"] : ["max-token-1", "100200300"]
                for secret in ours { #expect(!shown.contains(secret), "\(shown)") }
                #expect(shown != "nil")
            }
        }
    }

    private func reason(_ body: () throws -> HTTPExchange) -> DeliveryFailure.Reason? {
        do { _ = try body() } catch let error as DeliveryFailure { return error.reason } catch {
            Issue.record("\(error)")
        }
        return nil
    }
}

@Suite("Messenger HTML") struct MessengerHTMLTests {
    static let rows: [(String, MessengerHTML.Dialect, String, Int)] = [
        ("<b>a</b>", .telegram, "<b>a</b>", 1),
        ("<B>a</B>", .telegram, "<b>a</b>", 1),
        ("lone <b>", .telegram, "lone <b></b>", 5),
        ("</b>x", .telegram, "x", 1),
        ("<b><i>x</b>y</i>", .telegram, "<b><i>x</i></b>y", 2),
        ("a < b & c > d", .telegram, "a &lt; b &amp; c &gt; d", 13),
        ("&amp;&lt;&gt;&quot;&nbsp;&#8470;&#x2116;&bad;", .max, "&amp;&lt;&gt;&quot;\u{A0}№№&amp;bad;", 12),
        ("<script>x</script>", .telegram, "x", 1),
        ("<img src=\"a>b\" onerror='x'>y", .max, "y", 1),
        ("a<br>b<br/>c", .telegram, "a\nb\nc", 5),
        ("<blockquote>q</blockquote>", .max, "q", 1),
        ("<blockquote>q</blockquote>", .telegram, "<blockquote>q</blockquote>", 1),
        (
            "<a href=\"https://x.example/?a=1&amp;b=&quot;2\">l</a>", .telegram,
            "<a href=\"https://x.example/?a=1&amp;b=&quot;2\">l</a>", 1
        ),
        ("<a href=\"tg://user?id=1\">l</a>", .telegram, "l", 1),
        ("<a href=\"javascript:x\">l</a>", .max, "l", 1),
        ("<a href=\"java\u{301}script:x\">l</a>", .max, "l", 1),
        ("<a href='https://x y'>l</a>", .max, "l", 1),
        ("<a href=\"tel:+7495\">l</a>", .max, "l", 1),
        ("<a href=\"tel:+7495\">l</a>", .telegram, "<a href=\"tel:+7495\">l</a>", 1),
        ("<a>l</a>", .telegram, "l", 1),
        ("<b onclick=\"x\">a</b>", .telegram, "<b>a</b>", 1),
        ("<\u{338}b>a", .telegram, "&lt;\u{338}b&gt;a", 5),
        ("<b", .telegram, "&lt;b", 2),
        ("😀я", .telegram, "😀я", 3),
        ("a\u{0}\u{1B}b\r\n", .max, "ab\n", 3),
    ]

    @Test(arguments: rows.indices) func `is made safe`(index: Int) {
        let (html, dialect, text, units) = Self.rows[index]
        let made = MessengerHTML(html, for: dialect)
        #expect(made.text.utf8.elementsEqual(text.utf8), "\(made.text)")
        #expect(made.visibleUnits == units)
    }
}

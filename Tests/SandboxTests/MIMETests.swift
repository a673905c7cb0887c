import Foundation
import Testing

@testable import Sandbox

@Suite struct MIMETests {
    static let headers: [(String, String)] = [
        ("plain", "plain"),
        ("=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет"),
        ("=?UTF-8?Q?=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82?=", "Привет"),
        ("=?utf-8?q?a_b=3F?= <x@y.ru>", "a b? <x@y.ru>"),
        ("=?utf-8?B?0J/RgNC4?= =?utf-8?B?0LLQtdGC?=", "Привет"),
        ("a =?utf-8?B?0J8=?= b", "a П b"),
        // A letter torn between two words.
        ("=?utf-8?B?0J/Q?= =?utf-8?B?vw==?=", "Пп"),
        ("=?koi?broken", "=?koi?broken"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?windows-1251?B?z/Do4uXy?=", "Привет"),
        ("=?utf-8*ru?B?0J8=?=", "П"),
        ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
    ]

    @Test(arguments: headers) func decodesHeader(_ raw: String, _ expected: String) {
        #expect(HeaderText.decode(raw) == expected)
    }

    static let parameters: [(String, [String: String])] = [
        ("text/plain; charset=utf-8", ["charset": "utf-8"]),
        (#"text/plain; charset="utf-8"; name="a;b""#, ["charset": "utf-8", "name": "a;b"]),
        (#"x/y; name="a\"b""#, ["name": "a\"b"]),
        ("attachment; filename*=utf-8''%D0%9A%D0%B2.pdf", ["filename": "Кв.pdf"]),
        ("attachment; filename*0*=utf-8''%D0%9A; filename*1*=%D0%B2; filename*2=.pdf", ["filename": "Кв.pdf"]),
        ("text/plain", [:]),
        ("; ;=;", [:]),
    ]

    @Test(arguments: parameters) func readsParameters(_ raw: String, _ expected: [String: String]) {
        #expect(HeaderText.parameters(raw).parameters.filter { !$0.key.isEmpty } == expected)
    }

    static let quoted: [(String, String)] = [
        ("a=3Db", "a=b"), ("soft=\r\nbreak", "softbreak"), ("soft=  \r\nbreak", "softbreak"), ("=zz", "=zz"),
        ("end=", "end"),
        ("=D0=96=\n!", "Ж!"),
    ]

    @Test(arguments: quoted) func decodesQuotedPrintable(_ raw: String, _ expected: String) {
        let decoded = TransferEncoding.quotedPrintable(ArraySlice(Array(raw.utf8)))
        #expect(String(decoding: decoded, as: UTF8.self) == expected)
    }

    @Test func nestedParts() {
        let raw = """
            Subject: nested\r
            Content-Type: multipart/mixed;\r
            \tboundary="out side"\r
            \r
            preamble\r
            --out side\r
            Content-Type: multipart/alternative; boundary=in\r
            \r
            --in\r
            \r
            text\r
            --in\r
            Content-Type: text/html\r
            \r
            <p>html\r
            --in--\r
            --out side\r
            Content-Type: application/pdf; name="a.pdf"\r
            Content-Transfer-Encoding: base64\r
            \r
            QUJD\r
            --out side--\r
            epilogue
            """
        let mail = ReceivedMail(Array(raw.utf8))
        #expect(mail.text == "text")
        #expect(mail.html == "<p>html")
        #expect(mail.attachments == [.init(name: "a.pdf", type: "application/pdf", bytes: [65, 66, 67])])
    }

    static let oddities = [
        "", "\r\n", "no headers at all", "Content-Type: multipart/mixed\r\n\r\nno boundary",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nnever closed",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x--", " folded first\r\nA: b\r\n\r\nx", ":\r\n\r\n",
        "Content-Transfer-Encoding: base64\r\n\r\n!!!!",
    ]

    @Test(arguments: oddities) func neverFails(_ raw: String) {
        let mail = ReceivedMail(Array(raw.utf8))
        #expect(mail.text.utf8.count <= raw.utf8.count)
    }

    @Test func bottomlessNestingEnds() {
        let layers = (0..<200).map { "Content-Type: multipart/mixed; boundary=b\($0)\r\n\r\n--b\($0)\r\n" }.joined()
        #expect(ReceivedMail(Array((layers + "\r\ndeep").utf8)).text.isEmpty)
    }
}

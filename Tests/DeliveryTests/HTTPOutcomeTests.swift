import Delivery
import Domain
import Foundation
import GatewayTesting
import Testing

/// The order of questions, as a table.
@Suite struct HTTPOutcomeTests {
    typealias End = HTTPTransferEnd
    static let rows: [(String, End, String)] = [
        ("refused", End(code: 7), "unreachable"), ("no name", End(code: 6), "unreachable"),
        ("proxy's name", End(code: 5), "unreachable"), ("time-out while connecting", End(code: 28), "unreachable"),
        ("TLS 35", End(code: 35, distrust: true), "untrusted"), ("TLS 60", End(code: 60, distrust: true), "untrusted"),
        ("not a URL", End(code: 3, misuse: true), "misconfigured"),
        ("proxy wants a login", End(code: 56, proxyStatus: 407), "bad_credentials"),
        ("proxy refuses", End(code: 56, proxyStatus: 503), "unreachable"),
        ("success without a request", End(code: 0), "no_answer"),
        ("lock before the counter", End(code: 42, bodyHandedOver: true), "no_answer"),
        ("reset in the body", End(code: 55, requestBytes: 90), "unreachable"),
        ("reset in the body, seen on reading", End(code: 56, requestBytes: 90), "unreachable"),
        ("time-out in the body", End(code: 28, requestBytes: 90), "unreachable"),
        ("second try, PREREQ", End(code: 42, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        ("second try, SEEK", End(code: 65, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        ("FIN", End(code: 52, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        ("RST", End(code: 56, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        ("silence", End(code: 28, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        ("garbage", End(code: 1, requestBytes: 90, bodyHandedOver: true), "no_answer"),
        (
            "only 100", End(code: 52, requestBytes: 90, bodyHandedOver: true, status: 100, headersComplete: false),
            "no_answer"
        ),
        (
            "short body", End(code: 18, requestBytes: 90, bodyHandedOver: true, status: 200, headersComplete: true),
            "unintelligible"
        ),
        (
            "bad chunk", End(code: 56, requestBytes: 90, bodyHandedOver: true, status: 200, headersComplete: true),
            "unintelligible"
        ),
        (
            "drip", End(code: 28, requestBytes: 90, bodyHandedOver: true, status: 200, headersComplete: true),
            "unintelligible"
        ),
        ("rc 0, headers cut", End(code: 0, requestBytes: 90, bodyHandedOver: true, status: 200), "unintelligible"),
        (
            "oversized",
            End(code: 23, requestBytes: 90, bodyHandedOver: true, status: 200, headersComplete: true, oversized: true),
            "unintelligible"
        ),
        (
            "complete", End(code: 0, requestBytes: 90, bodyHandedOver: true, status: 500, headersComplete: true),
            "complete"
        ),
        ("complete, body not wanted", End(code: 0, requestBytes: 90, status: 413, headersComplete: true), "complete"),
    ]

    @Test(arguments: rows) func word(_ row: (name: String, end: End, word: String)) {
        #expect(row.end.failure?.reason.rawValue ?? "complete" == row.word, "\(row.name)")
    }

    @Test(arguments: DeliveryFailure.Reason.allCases) func exchangesThatDoNotDeliver(_ reason: DeliveryFailure.Reason) {
        let failure = DeliveryFailure(reason, code: "x", retryAfter: .seconds(3))
        #expect(failure.forExchange(delivers: true) == failure)
        let repeatable = failure.forExchange(delivers: false)
        #expect(repeatable.outlook != .unknown && repeatable.retryAfter == .seconds(3))
        #expect((repeatable == failure) == (failure.outlook != .unknown))
    }
}

@Suite struct HTTPAnswerTests {
    static let statuses: [(Int, String, String)] = [
        (200, "unintelligible", "unintelligible"), (204, "unintelligible", "unintelligible"),
        (301, "misconfigured", "misconfigured"), (302, "misconfigured", "misconfigured"),
        (303, "unintelligible", "unintelligible"), (304, "unintelligible", "unintelligible"),
        (307, "misconfigured", "misconfigured"), (308, "misconfigured", "misconfigured"),
        (400, "unintelligible", "unintelligible"), (401, "bad_credentials", "bad_credentials"),
        (402, "out_of_funds", "out_of_funds"), (403, "bad_credentials", "bad_credentials"),
        (404, "unintelligible", "unintelligible"), (407, "bad_credentials", "bad_credentials"),
        (408, "throttled", "throttled"), (413, "too_long", "too_long"), (418, "unintelligible", "unintelligible"),
        (429, "throttled", "throttled"), (500, "no_answer", "unreachable"), (501, "unintelligible", "unintelligible"),
        (502, "no_answer", "unreachable"), (503, "no_answer", "unreachable"), (504, "no_answer", "unreachable"),
        (599, "unintelligible", "unintelligible"),
    ]

    @Test(arguments: statuses) func statusesAllProvidersShare(_ row: (status: Int, word: String, retried: String)) {
        let response = HTTPResponse(row.status, body: [])
        #expect(HTTPAnswer.common(response, at: .noon).reason.rawValue == row.word)
        #expect(HTTPAnswer.common(response, serverErrorsMeanRetry: true, at: .noon).reason.rawValue == row.retried)
        #expect(HTTPAnswer.common(response, at: .noon).code == "HTTP \(row.status)")
    }

    struct Pause: Sendable, CustomTestStringConvertible {
        var label: String, asked: String?, date: String?, body = "", seconds: Double?
        var testDescription: String { label }
        init(_ label: String, _ asked: String?, date: String? = nil, body: String = "", _ seconds: Double?) {
            (self.label, self.asked, self.date, self.body, self.seconds) = (label, asked, date, body, seconds)
        }
    }

    /// Our clock stands at 2026-11-24 09:00:00 GMT.
    static let pauses = [
        Pause("seconds", "7", 7), Pause("an hour", "3600", 3600), Pause("more than an hour", "3601", 3600),
        Pause("10^9", "1000000000", 3600), Pause("more digits than an Int", "99999999999999999999999999", 3600),
        Pause("now", "0", 1), Pause("absent", nil, nil), Pause("empty", "", nil), Pause("negative", "-1", nil),
        Pause("a word", "soon", nil), Pause("a fraction", "7.5", nil), Pause("Arabic digits", "٧", nil),
        Pause("a plus", "+7", nil), Pause("two numbers", "7, 8", nil),
        Pause("a date, by our clock", "Tue, 24 Nov 2026 09:00:30 GMT", 30),
        Pause("a far date, by our clock", "Tue, 24 Nov 2027 09:00:30 GMT", 3600),
        Pause("a past date, by our clock", "Tue, 24 Nov 2026 08:59:59 GMT", nil),
        Pause("this very moment", "Tue, 24 Nov 2026 09:00:00 GMT", nil),
        Pause("a date of 1969", "Wed, 31 Dec 1969 23:59:59 GMT", nil),
        Pause("no day 99", "Tue, 99 Nov 2026 09:00:30 GMT", nil),
        Pause("an obsolete form", "Sunday, 06-Nov-94 08:49:37 GMT", nil),
        Pause("another zone", "Tue, 24 Nov 2026 12:00:30 MSK", nil),
        Pause("by the server's clock", "Tue, 24 Nov 2026 12:00:30 GMT", date: "Tue, 24 Nov 2026 12:00:00 GMT", 30),
        Pause("past midnight", "Wed, 25 Nov 2026 00:00:10 GMT", date: "Tue, 24 Nov 2026 23:59:50 GMT", 20),
        Pause("a leap day", "Fri, 01 Mar 2024 00:00:00 GMT", date: "Thu, 29 Feb 2024 23:59:00 GMT", 60),
        Pause("past, by the server's", "Tue, 24 Nov 2026 11:00:00 GMT", date: "Tue, 24 Nov 2026 12:00:00 GMT", nil),
        Pause("a server without a clock", "Tue, 24 Nov 2026 09:00:40 GMT", date: "yesterday", 40),
        Pause("only in words", nil, body: "Too Many Requests: retry after 37", 37),
        Pause("only in JSON", nil, body: #"{"ok":false,"parameters":{"retry_after":37}}"#, 37),
        Pause("the header is more exact", "9", body: "retry after 37", 9),
        Pause("a senseless header, and words", "soon", body: "retry after 37", 37),
    ]

    @Test(arguments: pauses, [429, 408]) func retryAfter(_ row: Pause, _ status: Int) {
        let failure = HTTPAnswer.common(row.response(status), at: .noon)
        #expect(failure == DeliveryFailure(.throttled, code: "HTTP \(status)", retryAfter: row.expected))
    }

    @Test(arguments: pauses) func overload(_ row: Pause) {
        // With a time, even a senseless one, the server speaks of itself; without one it may have taken the message.
        for retry in [false, true] {
            let failure = HTTPAnswer.common(row.response(503), serverErrorsMeanRetry: retry, at: .noon)
            let reason: DeliveryFailure.Reason = row.asked != nil ? .throttled : retry ? .unreachable : .noAnswer
            #expect(failure.reason == reason)
            #expect(failure.retryAfter == (reason == .noAnswer ? nil : row.expected))
        }
    }

    @Test(arguments: [200, 301, 303, 401, 402, 404, 413, 500, 504])
    func waitingIsNoUseElsewhere(_ status: Int) {
        let response = HTTPResponse(
            status, headers: [.init("retry-after", "7")], body: Array("try again in 5 minutes".utf8))
        #expect(HTTPAnswer.common(response, at: .noon).retryAfter == nil)
    }
}

extension HTTPAnswerTests.Pause {
    var expected: Duration? { seconds.map { .seconds($0) } }
    func response(_ status: Int) -> HTTPResponse {
        var headers = asked.map { [HTTPRequest.Header("retry-after", $0)] } ?? []
        headers += date.map { [HTTPRequest.Header("date", $0)] } ?? []
        return HTTPResponse(status, headers: headers, body: Array(body.utf8))
    }
}

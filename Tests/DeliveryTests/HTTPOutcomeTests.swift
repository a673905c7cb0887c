import Delivery
import Domain
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
        #expect(HTTPAnswer.common(response).reason.rawValue == row.word)
        #expect(HTTPAnswer.common(response, serverErrorsMeanRetry: true).reason.rawValue == row.retried)
        #expect(HTTPAnswer.common(response).code == "HTTP \(row.status)")
    }

    static let pauses: [(String?, String?, Int)] = [
        ("7", nil, 7), ("0", nil, 0), ("3600", nil, 3600), ("3601", nil, 3600), ("1000000000", nil, 3600),
        ("99999999999999999999999999", nil, 3600), ("-1", nil, 60), ("soon", nil, 60), ("", nil, 60), (nil, nil, 60),
        ("7.5", nil, 60), ("٧", nil, 60), ("+7", nil, 60),
        ("Tue, 24 Nov 2026 12:00:30 GMT", "Tue, 24 Nov 2026 12:00:00 GMT", 30),
        ("Wed, 25 Nov 2026 00:00:10 GMT", "Tue, 24 Nov 2026 23:59:50 GMT", 20),
        ("Fri, 01 Mar 2024 00:00:00 GMT", "Thu, 29 Feb 2024 23:59:00 GMT", 60),
        ("Tue, 24 Nov 2027 12:00:30 GMT", "Tue, 24 Nov 2026 12:00:00 GMT", 3600),
        ("Tue, 24 Nov 2026 11:00:00 GMT", "Tue, 24 Nov 2026 12:00:00 GMT", 60),
        ("Tue, 24 Nov 2026 12:00:30 GMT", nil, 60),
        ("Tue, 99 Nov 2026 12:00:30 GMT", "Tue, 24 Nov 2026 12:00:00 GMT", 60),
    ]

    @Test(arguments: pauses, [429, 408]) func retryAfter(
        _ row: (text: String?, date: String?, seconds: Int), _ status: Int
    ) {
        var headers = row.text.map { [HTTPRequest.Header("retry-after", $0)] } ?? []
        headers += row.date.map { [HTTPRequest.Header("date", $0)] } ?? []
        let failure = HTTPAnswer.common(HTTPResponse(status, headers: headers, body: []))
        #expect(failure.retryAfter == .seconds(row.seconds))
    }

    @Test func overloadWithATimeIsThrottled() {
        let reply = HTTPResponse(503, headers: [.init("retry-after", "soon")], body: [])
        #expect(
            HTTPAnswer.common(reply, serverErrorsMeanRetry: true)
                == DeliveryFailure(.throttled, code: "HTTP 503", retryAfter: .seconds(60)))
    }
}

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct KannelTests {
    static let headers = [
        "Content-Type": "text/plain; charset=UTF-8", "X-Kannel-Username": "u", "X-Kannel-Password": "p",
        "X-Kannel-To": "79001234567", "X-Kannel-From": "DOM", "X-Kannel-Coding": "2",
    ]

    struct Order: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var change: [String: String] = [:]
        var text = "К оплате 3250,50 руб."
        var answer: (Int, String) = (202, "0: Accepted for delivery")
        var arrives: String?
    }

    static let orders: [Order] = [
        Order(testDescription: "Cyrillic with coding 2", arrives: "К оплате 3250,50 руб."),
        Order(
            testDescription: "Cyrillic without coding", change: ["X-Kannel-Coding": ""],
            arrives: "? ?????? 3250,50 ???."),
        Order(
            testDescription: "Latin without coding", change: ["X-Kannel-Coding": "0"], text: "Pay {3250}",
            arrives: "Pay {3250}"),
        Order(
            testDescription: "no charset is Latin-1", change: ["Content-Type": "text/plain"], text: "Ж",
            arrives: "Ð\u{96}"),
        Order(testDescription: "empty text is accepted", text: "", arrives: ""),
        Order(
            testDescription: "form", change: ["Content-Type": "application/x-www-form-urlencoded"],
            answer: (400, "Invalid content-type")),
        Order(
            testDescription: "no name", change: ["X-Kannel-Username": ""],
            answer: (403, "Authorization failed for sendsms")),
        Order(
            testDescription: "no number", change: ["X-Kannel-To": ""],
            answer: (400, "Missing receiver number, rejected")),
        Order(
            testDescription: "700 letters are cut to 8 parts", text: String(repeating: "Ж", count: 700),
            arrives: String(repeating: "Ж", count: 536)),
    ]

    @Test(arguments: orders) func post(_ order: Order) async throws {
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.http(
                "POST", "/cgi-bin/sendsms", Self.headers.merging(order.change) { $1 }, body: order.text)
            #expect(answer.status == order.answer.0)
            #expect(answer.body == order.answer.1)
            #expect(sandbox.messages().map(\.text) == (order.arrives.map { [$0] } ?? []))
        }
    }

    @Test func get() async throws {
        try await withSandbox { sandbox async throws in
            let query =
                "username=u&password=p&to=79001234567+79007654321&from=DOM&coding=2&charset=UTF-8&text=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82+%2B1"
            #expect(try await sandbox.http("GET", "/cgi-bin/sendsms?\(query)").status == 202)
            #expect(sandbox.messages().map(\.text) == ["Привет +1", "Привет +1"])
            #expect(sandbox.messages().map(\.to) == [["79007654321"], ["79001234567"]])
            #expect(sandbox.messages().first?.from == "DOM")
        }
    }

    @Test func configuredPair() async throws {
        try await withSandbox(settings { $0.login = .init(user: "u", password: "secret") }) { sandbox async throws in
            let wrong = try await sandbox.http("POST", "/cgi-bin/sendsms", Self.headers, body: "x")
            #expect(wrong.status == 403 && sandbox.messages().isEmpty)
            let right = Self.headers.merging(["X-Kannel-Password": "secret"]) { $1 }
            #expect(try await sandbox.http("POST", "/cgi-bin/sendsms", right, body: "x").status == 202)
        }
    }

    // MARK: Reports

    private func order(_ sandbox: Sandbox, to number: String = "79001234567", mask: Int = 31, url: String) async throws
        -> HTTPAnswer
    {
        let more = ["X-Kannel-To": number, "X-Kannel-DLR-Mask": "\(mask)", "X-Kannel-DLR-Url": url]
        return try await sandbox.http("POST", "/cgi-bin/sendsms", Self.headers.merging(more) { $1 }, body: "x")
    }

    @Test func reportComesToTheGivenAddress() async throws {
        let receiver = try Receiver()
        try await withSandbox(settings { $0.reportDelay = .zero }) { sandbox async throws in
            let url = "http://127.0.0.1:\(receiver.port)/callbacks/kannel/tok?id=msg_7&type=%d&ans=%A&n=%n&odd=%2F"
            _ = try await order(sandbox, url: url)
            let report = try #require(try await receiver.next())
            #expect(report.hasPrefix("GET /callbacks/kannel/tok?id=msg_7&type=1&ans=id%3A"))
            #expect(report.contains("stat%3ADELIVRD%20err%3A000&n=u&odd=%2F HTTP/1.1"))
            #expect(report.contains("User-Agent: Kannel/1.4.5"))
            #expect(sandbox.messages().first?.reference == "msg_7")
        }
    }

    static let numbers: [(magic: MagicNumber, statuses: [Int], type: String?)] = [
        (.delivered, [202, 202], "type=1"), (.permanent, [400, 400], nil),
        (.temporaryThenDelivered, [503, 202], "type=1"), (.acceptedWithoutReport, [202, 202], nil),
        (.reportedFailed, [202, 202], "type=2"),
    ]

    @Test(arguments: numbers) func magicNumber(_ row: (magic: MagicNumber, statuses: [Int], type: String?)) async throws
    {
        let receiver = try Receiver()
        try await withSandbox(settings { $0.reportDelay = .zero }) { sandbox async throws in
            let url = "http://127.0.0.1:\(receiver.port)/r?id=msg_1&type=%d"
            var statuses: [Int] = []
            for _ in 0..<2 { statuses.append(try await order(sandbox, to: "+\(row.magic.rawValue)", url: url).status) }
            #expect(statuses == row.statuses)
            #expect(sandbox.messages().reversed().map(\.arrived) == row.statuses.map { $0 == 202 })
            let report = try await receiver.next(within: row.type == nil ? 300 : 5_000)
            #expect(row.type == nil ? report == nil : report?.contains(row.type ?? "") == true)
        }
    }

    @Test func magicNumberWithoutAnswer() async throws {
        try await withSandbox { sandbox async throws in
            let more = ["X-Kannel-To": "8 (000) 000-00-04".replacing(" ", with: "")]
            let answer = try await sandbox.http(
                "POST", "/cgi-bin/sendsms", Self.headers.merging(more) { $1 }, body: "x", patience: 1)
            #expect(answer.isNothing)
            #expect(try await eventually { sandbox.messages().first?.arrived == true })
            #expect(sandbox.messages().first?.answer == "—")
        }
    }

    @Test func everyMagicNumberHasARow() {
        #expect(Set(Self.numbers.map(\.magic)).union([.noAnswer]) == Set(MagicNumber.allCases))
    }

    static let foreign = [
        "http://example.ru/r", "https://127.0.0.1/r", "http://127.0.0.1@example.ru/r", "http://127.0.0.1.example.ru/r",
        "http://2130706433/r", "http://0/r", "http://127.1/r", "http://user@127.0.0.1/r", "file:///etc/passwd",
        "//127.0.0.1/r", "",
    ]

    @Test(arguments: foreign) func reportsStayOnThisMachine(_ url: String) { #expect(Loopback.target(of: url) == nil) }

    static let references: [(String, String)] = [
        ("http://127.0.0.1/cb/tok?id=msg_1&type=%d", "msg_1"), ("http://127.0.0.1/cb/msg_2?type=%d", "msg_2"),
        ("http://127.0.0.1/cb/msg_3", "msg_3"), ("http://127.0.0.1/cb/tok?id=%F&own_id=msg_4", "msg_4"),
    ]

    @Test(arguments: references) func referenceInReportURL(_ url: String, _ expected: String) {
        #expect(KannelCounter.reference(in: url) == expected)
    }

    @Test func reportMaskIsObeyed() async throws {
        let receiver = try Receiver()
        try await withSandbox(settings { $0.reportDelay = .zero }) { sandbox async throws in
            _ = try await order(sandbox, mask: 2, url: "http://127.0.0.1:\(receiver.port)/r?id=none&type=%d")
            _ = try await order(sandbox, mask: 1, url: "http://127.0.0.1:\(receiver.port)/r?id=one&type=%d")
            #expect(try await receiver.next()?.hasPrefix("GET /r?id=one&type=1 ") == true)
        }
    }

    static let copies: [(label: String, switchOn: @Sendable (inout Chaos) -> Void, expected: [String])] = [
        ("duplicate", { $0.sms.duplicateReport = 100 }, ["a", "a", "b"]), ("none", { $0.sms.noReport = 100 }, ["b"]),
    ]

    @Test(arguments: copies.indices) func chaosOfReports(_ index: Int) async throws {
        let row = Self.copies[index]
        let receiver = try Receiver()
        try await withSandbox(settings { $0.reportDelay = .zero }) { sandbox async throws in
            row.switchOn(&sandbox.chaos)
            _ = try await order(sandbox, url: "http://127.0.0.1:\(receiver.port)/a")
            var heard: [String] = []
            if row.expected.count > 1 {
                for _ in 0..<2 { heard.append(try await receiver.next() ?? "") }
            }
            sandbox.chaos = Chaos()
            _ = try await order(sandbox, url: "http://127.0.0.1:\(receiver.port)/b")
            heard.append(try await receiver.next() ?? "")
            #expect(heard.map { String($0.dropFirst(5).prefix(1)) } == row.expected)
        }
    }
}

@Suite struct SMSCTests {
    static let base =
        "apikey=k&phones=79001234567&fmt=3&charset=utf-8&mes=%D0%9A%20%D0%BE%D0%BF%D0%BB%D0%B0%D1%82%D0%B5"

    static let orders: [(label: String, form: String, code: Int?, text: String?)] = [
        ("key", base, nil, "К оплате"),
        ("name and password", "login=u&psw=p&phones=79001234567&fmt=3&charset=utf-8&mes=x", nil, "x"),
        ("nobody", "phones=79001234567&fmt=3&mes=x", 2, nil),
        ("no text", "apikey=k&phones=79001234567&fmt=3", 1, nil),
        ("no charset is windows-1251", "apikey=k&phones=79001234567&fmt=3&mes=%CF%F0%E8%E2%E5%F2", nil, "Привет"),
        ("short number", "apikey=k&phones=12345&fmt=3&mes=x", 7, "x"),
        ("magic permanent", "apikey=k&phones=%2B70000000002&fmt=3&mes=x", 8, "x"),
    ]

    @Test(arguments: orders.indices) func answer(_ index: Int) async throws {
        let row = Self.orders[index]
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.form("/sys/send.php", row.form)
            #expect(answer.status == 200)
            #expect(answer.json?["error_code"] == row.code.map(JSONValue.integer), "\(row.label)")
            #expect((answer.json?["id"] != nil) == (row.code == nil))
            #expect(sandbox.messages().first?.text == row.text)
            #expect(sandbox.messages().first?.arrived == (row.text == nil ? nil : row.code == nil))
        }
    }

    @Test func ownIdComesBack() async throws {
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.form("/sys/send.php", Self.base + "&id=4200&cost=3")
            #expect(answer.json?["id"] == .integer(4200) && answer.json?["cnt"] == .integer(1))
            #expect(sandbox.messages().first?.reference == "4200")
        }
    }

    static let questions: [(label: String, form: String, status: Int?, code: Int?)] = [
        ("arrived", "apikey=k&phone=79001234567&id=msg_1&fmt=3", 1, nil),
        ("arrived, the number written otherwise", "apikey=k&phone=%2B7+900+123-45-67&id=msg_1&fmt=3", 1, nil),
        ("arrived, the answer withheld", "apikey=k&phone=70000000004&id=msg_4&fmt=3", 1, nil),
        ("reported as failed", "apikey=k&phone=70000000006&id=msg_6&fmt=3", 20, nil),
        ("refused", "apikey=k&phone=70000000002&id=msg_2&fmt=3", nil, 3),
        ("another id", "apikey=k&phone=79001234567&id=msg_2&fmt=3", nil, 3),
        ("the beginning of an id", "apikey=k&phone=79001234567&id=msg_&fmt=3", nil, 3),
        ("another number", "apikey=k&phone=79001234568&id=msg_1&fmt=3", nil, 3),
        ("no id", "apikey=k&phone=79001234567&fmt=3", nil, 1), ("nobody", "phone=79001234567&id=msg_1&fmt=3", nil, 2),
    ]

    @Test func itSaysWhatBecameOfAnId() async throws {
        try await withSandbox { sandbox async throws in
            for (id, phone) in [(1, "79001234567"), (2, "70000000002"), (6, "70000000006")] {
                let form = "apikey=k&phones=\(phone)&fmt=3&charset=utf-8&mes=x&id=msg_\(id)"
                _ = try await sandbox.form("/sys/send.php", form)
            }
            let silent = "apikey=k&phones=70000000004&fmt=3&charset=utf-8&mes=x&id=msg_4"
            let heard = try await sandbox.http(
                "POST", "/sys/send.php", ["Content-Type": "application/x-www-form-urlencoded"], body: silent,
                patience: 1)
            #expect(heard.body.isEmpty && heard.status == 0)
            #expect(try await eventually { sandbox.messages().count == 4 })
            for row in Self.questions {
                for method in ["GET", "POST"] {
                    let answer =
                        method == "POST"
                        ? try await sandbox.form("/sys/status.php", row.form)
                        : try await sandbox.http("GET", "/sys/status.php?" + row.form)
                    #expect(answer.status == 200)
                    #expect(answer.json?["status"] == row.status.map(JSONValue.integer), "\(method) \(row.label)")
                    #expect(answer.json?["error_code"] == row.code.map(JSONValue.integer), "\(method) \(row.label)")
                }
            }
            // Asking sends nothing.
            #expect(sandbox.messages().count == 4)
        }
    }

    @Test func priceIsNotASending() async throws {
        try await withSandbox { sandbox async throws in
            #expect(try await sandbox.form("/sys/send.php", Self.base + "&cost=1").json?["cost"] == .string("1.44"))
            #expect(sandbox.messages().isEmpty)
        }
    }

    @Test func duplicateFilter() async throws {
        let clock = Clock()
        let strict = settings {
            $0.smscDuplicateFilter = true
            $0.now = { clock.now }
        }
        try await withSandbox(strict) { sandbox async throws in
            var codes: [JSONValue?] = []
            for wait in [0.0, 30, 70] {
                clock.advance(by: wait)
                codes.append(try await sandbox.form("/sys/send.php", Self.base).json?["error_code"])
            }
            #expect(codes == [nil, .integer(9), nil])
            #expect(sandbox.messages().map(\.arrived) == [true, false, true])
        }
    }

    @Test func signedReport() async throws {
        let receiver = try Receiver()
        let reporting = settings {
            $0.reportDelay = .zero
            $0.smscReportURL = "http://127.0.0.1:\(receiver.port)/callbacks/smsc/tok"
            $0.smscReportSecret = "word"
        }
        try await withSandbox(reporting) { sandbox async throws in
            _ = try await sandbox.form("/sys/send.php", Self.base + "&id=77")
            let report = try #require(try await receiver.next())
            #expect(report.hasPrefix("POST /callbacks/smsc/tok HTTP/1.1"))
            // md5 and sha1 of 77:79001234567:1:word, by coreutils.
            #expect(report.contains("id=77&phone=79001234567&status=1"))
            #expect(report.contains("md5=c4e366649ca553675bad3a19ce654f68"))
            #expect(report.contains("sha1=7c64bc9eeaccd92ac6b76a11300e6c1d551be138"))
        }
    }
}

@Suite struct SMSRUTests {
    static let orders: [(label: String, form: String, envelope: Int, own: Int?)] = [
        ("one", "api_id=k&to=79001234567&msg=x&json=1", 100, 100), ("no key", "to=79001234567&msg=x&json=1", 200, nil),
        ("no number", "api_id=k&msg=x&json=1", 202, nil), ("no text", "api_id=k&to=79001234567&json=1", 100, 203),
        ("magic permanent", "api_id=k&to=70000000002&msg=x&json=1", 100, 202),
        ("magic temporary", "api_id=k&to=70000000003&msg=x&json=1", 100, 220),
        ("text of its own", "api_id=k&to%5B79001234567%5D=x&json=1", 100, 100),
    ]

    @Test(arguments: orders.indices) func answer(_ index: Int) async throws {
        let row = Self.orders[index]
        try await withSandbox { sandbox async throws in
            let json = try await sandbox.form("/sms/send", row.form).json
            #expect(json?["status_code"] == .integer(row.envelope), "\(row.label)")
            let number = ["79001234567", "70000000002", "70000000003"].compactMap { json?["sms"]?[$0] }.first
            #expect(number?["status_code"] == row.own.map(JSONValue.integer), "\(row.label)")
            #expect(sandbox.messages().first?.arrived == row.own.map { $0 == 100 })
        }
    }

    @Test func getIsRefused() async throws {
        try await withSandbox { sandbox async throws in
            let json = try await sandbox.http("GET", "/sms/send?api_id=k&to=79001234567&msg=x").json
            #expect(json?["status_code"] == .integer(210))
        }
    }

    @Test func report() async throws {
        let receiver = try Receiver()
        let reporting = settings {
            $0.reportDelay = .zero
            $0.smsruReportURL = "http://127.0.0.1:\(receiver.port)/cb"
        }
        try await withSandbox(reporting) { sandbox async throws in
            _ = try await sandbox.form("/sms/send", "api_id=k&to=79001234567&msg=x&json=1")
            #expect(try await receiver.next()?.contains("data%5B0%5D=sms_status%0A000000-") == true)
        }
    }
}

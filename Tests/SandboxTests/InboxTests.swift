import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct InboxTests {
    private func sms(_ text: String, to: String = "79001234567") -> CapturedMessage {
        var message = CapturedMessage(
            at: Date(timeIntervalSince1970: 1_795_510_800), channel: .sms, counter: .kannel, to: [to])
        message.text = text
        return message
    }

    @Test func ringForgetsTheOldest() throws {
        let inbox = Inbox(capacity: 3, witness: nil)
        for number in 1...10 { try inbox.capture(sms("\(number)")) }
        #expect(inbox.list(InboxFilter()).map(\.text) == ["10", "9", "8"])
        #expect(inbox.message(7) == nil)
        #expect(inbox.message(8)?.text == "8")
        #expect(inbox.message(10)?.id == 10)
        #expect(inbox.message(11) == nil)
        #expect(inbox.counts() == [.sms: 3])
        inbox.clear()
        #expect(inbox.list(InboxFilter()).isEmpty && inbox.message(10) == nil)
        #expect(try inbox.capture(sms("next")).id == 11)
        #expect(inbox.message(11)?.text == "next")
    }

    static let phones: [(String, String, Bool)] = [
        ("79001234567", "+7 (900) 123-45-67", true), ("+79001234567", "89001234567", true),
        ("79001234567", "79001234568", false), ("Anna@Example.ru", "anna@example.ru", true), ("100", "100", true),
        ("a@b.ru", "c@b.ru", false),
    ]

    @Test(arguments: phones) func filterByAddress(_ kept: String, _ asked: String, _ isFound: Bool) {
        #expect(InboxFilter(to: asked).accepts(sms("x", to: kept)) == isFound)
    }

    @Test func waitEndsAsSoonAsSomethingComes() async throws {
        try await withSandbox { sandbox async throws in
            async let waiting = sandbox.http("GET", "/sandbox/messages?wait=9s&to=79001234567&channel=sms")
            // Another one does not end it.
            try await sandbox.http("POST", "/messages?user_id=1", MaxTests.token, body: #"{"text":"not this"}"#)
            let started = ContinuousClock.now
            try await sandbox.http("POST", "/cgi-bin/sendsms", KannelTests.headers, body: "Привет")
            let answer = try await waiting
            #expect(started.duration(to: .now) < .seconds(5))
            #expect(answer.json?["data"]?.items.map { $0["text"] } == [.string("Привет")])
        }
    }

    @Test func waitEndsByItself() async throws {
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.http("GET", "/sandbox/messages?wait=50ms")
            #expect(answer.status == 200 && answer.json?["data"] == .array([]))
        }
    }

    @Test func afterShowsOnlyNewer() async throws {
        try await withSandbox { sandbox async throws in
            for text in ["one", "two"] {
                try await sandbox.http("POST", "/cgi-bin/sendsms", KannelTests.headers, body: text)
            }
            let all = try await sandbox.http("GET", "/sandbox/messages").json
            #expect(all?["latest_id"] == .integer(2))
            let newer = try await sandbox.http("GET", "/sandbox/messages?after=1").json
            #expect(newer?["data"]?.items.map { $0["text"] } == [.string("two")])
            let one = try await sandbox.http("GET", "/sandbox/messages/1")
            #expect(one.json?["text"] == .string("one") && one.json?["counter"] == .string("kannel"))
            #expect(try await sandbox.http("GET", "/sandbox/messages/1/raw").body == "one")
            #expect(try await sandbox.http("DELETE", "/sandbox/messages").status == 204)
            #expect(try await sandbox.http("GET", "/sandbox/messages/1").status == 404)
        }
    }

    static let questions: [(String, Int)] = [
        ("channel=smss", 400), ("channel=email", 200), ("wait=5", 400), ("wait=x", 400),
        ("wait=99999999999999999999s", 400),
        ("after=x", 400), ("limit=0", 400), ("limit=1000", 200), ("limit=1001", 400),
    ]

    @Test(arguments: questions) func question(_ query: String, _ status: Int) async throws {
        try await withSandbox { sandbox async throws in
            #expect(try await sandbox.http("GET", "/sandbox/messages?\(query)").status == status)
        }
    }

    static let visitors: [(label: String, method: String, path: String, headers: [String: String], isLet: Bool)] = [
        ("itself", "GET", "/sandbox/messages", [:], true),
        ("localhost", "GET", "/", ["Host": "localhost:1"], true),
        ("a name that was rebound", "GET", "/sandbox/messages", ["Host": "evil.example"], false),
        ("a name that was rebound, page", "GET", "/", ["Host": "evil.example:80"], false),
        ("a form of another site", "POST", "/clear", ["Origin": "https://evil.example"], false),
        ("a form without Origin", "POST", "/clear", ["Sec-Fetch-Site": "cross-site"], false),
        ("a script of another site", "GET", "/sandbox/messages", ["Origin": "https://evil.example"], false),
        ("switches of another site", "POST", "/chaos", ["Origin": "null"], false),
    ]

    @Test(arguments: visitors.indices) func visitor(_ index: Int) async throws {
        let row = Self.visitors[index]
        try await withSandbox { sandbox async throws in
            try await sandbox.http("POST", "/cgi-bin/sendsms", KannelTests.headers, body: "private")
            let answer = try await sandbox.http(row.method, row.path, row.headers)
            #expect((answer.status == 200) == row.isLet, "\(row.label): \(answer.status)")
            #expect(answer.body.contains("private") == row.isLet, "\(row.label)")
            #expect(sandbox.messages().count == 1)
        }
    }

    // MARK: The witness

    @Test func witnessHasTheLineBeforeTheAnswer() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("arrivals.ndjson")
        try await withSandbox(settings { $0.witnessFile = file.path }) { sandbox async throws in
            for number in 1...20 {
                let headers = KannelTests.headers.merging(["X-Kannel-DLR-Url": "http://127.0.0.1:9/r?id=msg_\(number)"])
                { $1 }
                try await sandbox.http("POST", "/cgi-bin/sendsms", headers, body: "текст\n\(number)")
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                #expect(lines.count == number)
                let last = try #require(lines.last.flatMap { JSONValue(bytes: Array($0.utf8)) })
                #expect(last["reference"] == .string("msg_\(number)") && last["text"] == .string("текст\n\(number)"))
                #expect(last["arrived"] == .bool(true) && last["channel"] == .string("sms"))
                #expect(last["at"]?.text?.hasSuffix("Z") == true)
            }
            #expect(try await sandbox.mail("Message-ID: <m@x>\r\nSubject: s\r\n\r\nbody").hasPrefix("250"))
            #expect(try String(contentsOf: file, encoding: .utf8).contains(#""reference":"<m@x>""#))
        }
    }

    @Test func withoutAWitnessNothingIsPromised() async throws {
        // /dev/full opens, and refuses every write.
        try await withSandbox(settings { $0.witnessFile = "/dev/full" }) { sandbox async throws in
            #expect(try await sandbox.http("POST", "/cgi-bin/sendsms", KannelTests.headers, body: "x").status == 500)
            #expect(try await sandbox.mail().hasPrefix("451 4.3.0"))
            #expect(sandbox.messages().isEmpty)
        }
    }

    static let moments: [(Double, String)] = [
        (0, "1970-01-01T00:00:00.000000Z"), (1_795_510_800.25, "2026-11-24T09:00:00.250000Z"),
        (0.999_999_9, "1970-01-01T00:00:01.000000Z"),
    ]

    @Test(arguments: moments) func timestamps(_ seconds: Double, _ text: String) {
        #expect(timestamp(Date(timeIntervalSince1970: seconds)) == text)
    }
}

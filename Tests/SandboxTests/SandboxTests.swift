import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct SandboxTests {
    @Test(arguments: ["0.0.0.0", "192.168.0.1", "example.ru", "::", ""]) func livesOnLoopbackOnly(_ host: String) async
    {
        await #expect(throws: SandboxError.notLoopback(host)) {
            try await Sandbox.start(settings { $0.host = host })
        }
    }

    @Test func foreignReportAddressIsRefused() async {
        await #expect(throws: SandboxError.notLoopback("http://example.ru/")) {
            try await Sandbox.start(settings { $0.smscReportURL = "http://example.ru/" })
        }
    }

    @Test func takenPortIsNamed() async throws {
        try await withSandbox { sandbox async throws in
            for takeHTTP in [true, false] {
                do throws(SandboxError) {
                    let second = try await Sandbox.start(
                        settings {
                            if takeHTTP { $0.httpPort = sandbox.httpPort } else { $0.smtpPort = sandbox.smtpPort }
                        })
                    await second.stop()
                    Issue.record("started on a port that is taken")
                } catch {
                    guard case .portTaken(let port, _) = error else { throw error }
                    #expect(port == (takeHTTP ? sandbox.httpPort : sandbox.smtpPort))
                    #expect(error.words.ru.contains("\(port)"))
                }
            }
        }
    }

    @Test func unwritableWitnessIsNamed() async {
        do throws(SandboxError) {
            let sandbox = try await Sandbox.start(settings { $0.witnessFile = "/nonexistent/log.ndjson" })
            await sandbox.stop()
            Issue.record("started without its witness")
        } catch {
            guard case .witnessUnwritable(let path, _) = error else {
                Issue.record(error)
                return
            }
            #expect(path == "/nonexistent/log.ndjson")
        }
    }

    @Test func stopsAtOnceWhateverIsOpen() async throws {
        let sandbox = try await Sandbox.start()
        sandbox.chaos.sms.silence = 100
        // An SMTP session in its middle, a request without an answer, a half request, a long wait, an idle connection.
        let smtp = try Wire(sandbox.smtpPort)
        try smtp.say("EHLO a\r\nMAIL FROM:<a@b.ru>\r\n")
        async let silent = sandbox.http("POST", "/cgi-bin/sendsms", KannelTests.headers, body: "x")
        let half = try Wire(sandbox.httpPort)
        try half.say("POST /messages?user_id=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
        async let waiting = sandbox.http("GET", "/sandbox/messages?wait=60s&to=nobody")
        let idle = try Wire(sandbox.httpPort)
        #expect(try await eventually { sandbox.messages().count == 1 })
        let started = ContinuousClock.now
        await sandbox.stop()
        #expect(started.duration(to: .now) < .seconds(2))
        #expect(try await silent.isNothing)
        _ = try await waiting
        #expect(throws: Wire.Lost.self) { try Wire(sandbox.httpPort) }
        #expect(throws: Wire.Lost.self) { try Wire(sandbox.smtpPort) }
        withExtendedLifetime((idle, half)) {}
        // A second stop is nothing.
        await sandbox.stop()
    }

    @Test func endsWhenItsTaskIsCancelled() async throws {
        let sandbox = try await Sandbox.start()
        let task = Task { await sandbox.runUntilCancelled() }
        #expect(try await sandbox.http("GET", "/robots.txt").status == 200)
        let started = ContinuousClock.now
        task.cancel()
        await task.value
        #expect(started.duration(to: .now) < .seconds(2))
        #expect(throws: Wire.Lost.self) { try Wire(sandbox.httpPort) }
    }

    @Test func manyConnectionsAreRefusedPolitely() async throws {
        try await withSandbox(settings { $0.maxConnections = 3 }) { sandbox async throws in
            let port = sandbox.smtpPort
            let greetings = try await offPool {
                let wires = try (0..<4).map { _ in try Wire(port) }
                return wires.map { String($0.reply().prefix(3)) }
            }
            // Which of them comes late is up to the event loops.
            #expect(greetings.sorted() == ["220", "220", "220", "421"])
        }
    }

    static let bodies: [(path: String, bytes: Int, status: Int)] = [
        ("/messages?user_id=1", (1 << 20) + 1, 413), ("/cgi-bin/sendsms", (1 << 20) + 1, 413),
        ("/uploads/x", (25 << 20) + 1, 413), ("/uploads/x", 2 << 20, 400),
    ]

    @Test(arguments: bodies) func bodyLimits(_ row: (path: String, bytes: Int, status: Int)) async throws {
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.http(
                "POST", row.path, ["Authorization": "t"], bytes: Array(repeating: 65, count: row.bytes))
            #expect(answer.status == row.status)
            #expect(sandbox.messages().isEmpty)
        }
    }

    @Test func mailLimit() async throws {
        try await withSandbox { sandbox async throws in
            let line = String(repeating: "x", count: 900) + "\r\n"
            let big = "\r\n" + String(repeating: line, count: (25 << 20) / 902 + 1)
            #expect(try await sandbox.mail(big).hasPrefix("552 5.3.4"))
            let fine = "\r\n" + String(repeating: line, count: 10_000)
            #expect(try await sandbox.mail(fine).hasPrefix("250"))
            #expect(sandbox.messages().first?.arrived == true)
        }
    }

    @Test(.enabled(if: hasPython, "python3 is not installed")) func strangerSpeaksHTTP() async throws {
        let script = """
            import sys, json, urllib.request, urllib.parse
            base = "http://127.0.0.1:" + sys.argv[1]
            form = urllib.parse.urlencode({"apikey": "k", "phones": "79001234567", "mes": "Отключение ХВС", "charset": "utf-8", "fmt": "3"}).encode()
            print(json.load(urllib.request.urlopen(base + "/sys/send.php", form))["cnt"])
            got = json.load(urllib.request.urlopen(base + "/sandbox/messages?to=%2B79001234567"))
            assert got["data"][0]["text"] == "Отключение ХВС", got
            page = urllib.request.urlopen(base + "/").read().decode()
            assert "Отключение ХВС" in page
            """
        try await withSandbox { sandbox async throws in
            let (output, isFine) = try await python(script, ["\(sandbox.httpPort)"])
            #expect(isFine, "\(output)")
        }
    }
}

import Bench
import Foundation
import Glibc
import Testing

/// A sink on a thread of its own, and a plain socket to talk to it.
final class RunningSink: Sendable {
    let board: SinkBoard
    private let pen: FileHandle
    private let path: String

    init(latency: Int = 0) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sink-\(UUID().uuidString)").path()
        board = try SinkBoard(path)
        let pipe = Pipe()
        pen = pipe.fileHandleForWriting
        let end = dup(pipe.fileHandleForReading.fileDescriptor)
        // The thread owns the sink; the pipe's end stops it.
        nonisolated(unsafe) let sink = try Sink(SinkSettings(latency: latency), board)
        Thread {
            sink.run(until: [end])
            close(end)
        }.start()
    }

    deinit {
        try? pen.close()
        unlink(path)
    }

    /// Says it all at once and reads until `count` bytes came or the connection ended.
    func talk(_ port: SinkBoard.Slot, _ text: String, upTo enough: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(board[port]).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, 0)
        var heard: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !String(decoding: heard, as: UTF8.self).contains(enough) {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            heard += chunk[..<count]
        }
        return String(decoding: heard, as: UTF8.self)
    }
}

/// Something said and how the answer begins; long texts have a short name.
struct Said: CustomTestStringConvertible, Sendable {
    let text: String
    let answer: String
    init(_ text: String, _ answer: String) {
        self.text = text
        self.answer = answer
    }
    var testDescription: String { String(text.prefix(40)) }
}

@Suite struct SMTPSinkTests {
    private static let envelope = "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"

    /// The three-digit codes of an answer, in order; only the last line of a long reply counts.
    private func codes(_ answer: String) -> [String] {
        answer.split(separator: "\r\n").filter { !$0.dropFirst(3).hasPrefix("-") }.map { String($0.prefix(3)) }
    }

    @Test func takesAPipelinedDialogueWithDoubledDots() throws {
        let sink = try RunningSink()
        // A lone doubled dot, a dot at a line's end and a bare LF before a dot end nothing.
        let mail = "Subject: one\r\n\r\n..\r\n..hidden\r\nend.\r\nbare\n.\r\nstill here\r\n.\r\n"
        let answer = try sink.talk(
            .smtpPort, "EHLO me\r\n" + Self.envelope + mail + Self.envelope + ".\r\nQUIT\r\n", upTo: "221")
        #expect(codes(answer) == ["220", "250", "250", "250", "354", "250", "250", "250", "354", "250", "221"])
        #expect(answer.contains("250-PIPELINING\r\n"))
        #expect(sink.board[.mails] == 2)
        #expect(sink.board[.malformed] == 0)
        #expect(sink.board[.lastMail] > 0)
    }

    @Test func findsTheEndOfAMailThatComesInPieces() throws {
        let sink = try RunningSink()
        let long = String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 4000)
        let answer = try sink.talk(
            .smtpPort, "EHLO me\r\n" + Self.envelope + long + ".\r\nQUIT\r\n", upTo: "221")
        #expect(codes(answer).suffix(3) == ["354", "250", "221"])
        #expect(sink.board[.mails] == 1)
    }

    @Test(arguments: [
        Said("MAIL FROM:<a@b.example>\r\n", "503"), Said("EHLO me\r\nDATA\r\n", "503"), Said("WHAT IS\r\n", "500"),
        Said("\r\n", "500"), Said(String(repeating: "a", count: 5000), "500 5.5.2 line too long"),
    ])
    func refusesWhatIsNoDialogue(_ said: Said) throws {
        let sink = try RunningSink()
        #expect(try sink.talk(.smtpPort, said.text, upTo: said.answer).contains(said.answer))
        #expect(sink.board[.mails] == 0)
        #expect(sink.board[.malformed] == 1)
    }

    @Test func answersLaterWhereAskedTo() throws {
        let sink = try RunningSink(latency: 60)
        let began = ContinuousClock.now
        _ = try sink.talk(.smtpPort, "EHLO me\r\n", upTo: "SIZE")
        #expect(ContinuousClock.now - began >= .milliseconds(60))
    }
}

@Suite struct HTTPSinkTests {
    private static let post = "POST /cgi-bin/sendsms HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n\r\nhello"

    @Test func takesRequestsOneAfterAnother() throws {
        let sink = try RunningSink()
        let last = "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n"
        let answer = try sink.talk(.httpPort, Self.post + Self.post + last, upTo: "nothing")
        #expect(answer.components(separatedBy: "HTTP/1.1 202 Accepted\r\n").count == 4)
        #expect(answer.hasSuffix("\r\n\r\n0: Accepted for delivery"))
        #expect(sink.board[.requests] == 3)
    }

    @Test(arguments: [
        Said("hello\r\n\r\n", "400"), Said("GET / HTTP/2\r\n\r\n", "400"), Said("get / HTTP/1.1\r\n\r\n", "400"),
        Said("POST / HTTP/1.1\r\nContent-Length: five\r\n\r\n", "400"),
        Said("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411"),
        Said("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 20_000), "431"),
    ])
    func refusesWhatIsNoRequest(_ said: Said) throws {
        let sink = try RunningSink()
        #expect(try sink.talk(.httpPort, said.text, upTo: "\r\n\r\n").hasPrefix("HTTP/1.1 " + said.answer))
        #expect(sink.board[.requests] == 0)
        #expect(sink.board[.malformed] == 1)
    }
}

@Suite struct LoopbackTests {
    @Test(arguments: ["192.0.2.1", "example.org", "0.0.0.0", "", "127.0.0.1.example.org"])
    func refusesEverybodyElse(host: String) throws {
        #expect(throws: BenchFailure.self) { try OnlyLoopback.check(host) }
        let board = try SinkBoard(FileManager.default.temporaryDirectory.appending(path: "b-\(UUID())").path())
        #expect(throws: BenchFailure.self) { try Sink(SinkSettings(host: host), board) }
    }

    @Test func takesThisMachine() throws {
        #expect(try OnlyLoopback.check("localhost") == "127.0.0.1")
    }
}

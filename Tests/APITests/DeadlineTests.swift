import API
import Foundation
import Glibc
import Testing

/// TRUST §6, 93: what comes too slowly ends, with a word about it; so does what we are too slow for ourselves.
struct DeadlineTests {
    private static func limits(_ change: (inout ConnectionLimits) -> Void) -> ConnectionLimits {
        var limits = ConnectionLimits()
        change(&limits)
        return limits
    }

    private func expectProblem(_ reply: Wire.Reply, _ status: Int, _ code: String) {
        #expect(reply.status == status && reply.code == code, "\(reply.status) \(reply.text)")
        #expect(reply.headers["content-type"] == "application/problem+json" && reply.headers["connection"] == "close")
        #expect(reply.headers["x-request-id"] == reply.json["request_id"] as? String)
        #expect(reply.headers["content-length"] == "\(reply.body.count)")
        #expect(reply.json["status"] as? Int == status)
    }

    static let slow: [(String, String)] = [
        ("nothing", ""), ("half a head", "GET /livez HTTP/1.1\r\nHost: x\r\nX: a"),
        (
            "half a body",
            "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer vk_live_billing\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        ),
        (
            "half a batch",
            "POST /v1/messages/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer vk_live_billing\r\n"
                + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
        ),
    ]

    @Test(arguments: slow) func theCallerIsTooSlow(name: String, text: String) async throws {
        let limits = Self.limits { limits in
            limits.head = .milliseconds(200)
            limits.body = .milliseconds(200)
            limits.longBody = .milliseconds(200)
        }
        try await withFront(limits: limits) { front in
            expectProblem(await front.wire.send(Array(text.utf8)), 408, "request_timeout")
            let queued = try await front.queued()
            #expect(queued == 0)
        }
    }

    /// A drip feeds no deadline: each byte comes in time, the whole does not.
    @Test func aDripIsNoProgress() async throws {
        try await withFront(limits: Self.limits { $0.head = .milliseconds(300) }) { front in
            let reply: Wire.Reply = await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let socket = front.wire.open(patience: 0)
                    defer { close(socket) }
                    var got: [UInt8] = [], room = [UInt8](repeating: 0, count: 4096)
                    Wire.write(Array("GET /livez HTTP/1.1\r\nX: ".utf8), to: socket)
                    for _ in 0..<1000 {
                        Wire.write([0x61], to: socket)
                        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                        guard poll(&waiting, 1, 20) > 0 else { continue }
                        let count = recv(socket, &room, room.count, 0)
                        if count <= 0 { break }
                        got += room[..<count]
                    }
                    continuation.resume(returning: Wire.parse(got))
                }
            }
            #expect(reply.status == 408)
        }
    }

    @Test func weAreTooSlow() async throws {
        try await withFront(limits: Self.limits { $0.answer = .milliseconds(200) }) { front in
            let reply = await front.wire.ask("GET", "/v1/messages", key: "vk_live_waits")
            expectProblem(reply, 503, "internal")
            #expect(reply.json["retryable"] as? Bool == true && reply.headers["retry-after"] != nil)
            // What the handler says now belongs to nobody.
            front.doors.gate.continuation.finish()
        }
    }

    @Test func aHeadTooLargeIsToldWhy() async throws {
        try await withFront { front in
            let reply = await front.wire.ask("GET", "/livez", headers: ["X": String(repeating: "a", count: 100_000)])
            expectProblem(reply, 431, "payload_too_large")
        }
    }

    /// Who was answered and says no more is not told that he is slow: that would be read as the answer to what he asks next.
    @Test func anIdleConnectionClosesInSilence() async throws {
        try await withFront(limits: Self.limits { $0.head = .seconds(2) }) { front in
            #expect(await front.wire.answers(Array("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) == [200])
        }
    }

    /// curl asks first with every body over a megabyte, and waits for a second where nobody answers.
    @Test func whoAsksFirstIsLetIn() async throws {
        try await withFront { front in
            let head = [
                "POST /v1/messages HTTP/1.1", "Host: x", "Authorization: Bearer vk_live_billing",
                "Content-Type: application/json", "Content-Length: \(MessagesTests.body.utf8.count)",
                "Expect: 100-continue", "Connection: close",
            ].joined(separator: "\r\n")
            let text: String = await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let socket = front.wire.open(patience: 10)
                    defer { close(socket) }
                    var room = [UInt8](repeating: 0, count: 4096)
                    Wire.write(Array((head + "\r\n\r\n").utf8), to: socket)
                    let count = recv(socket, &room, room.count, 0)
                    Wire.write(Array(MessagesTests.body.utf8), to: socket)
                    let rest = Wire.readAll(socket)
                    continuation.resume(returning: String(decoding: room.prefix(max(0, count)) + rest, as: UTF8.self))
                }
            }
            #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n"), "\(text)")
            #expect(text.contains("HTTP/1.1 202 "))
        }
    }
}

import API
import Domain
import Foundation
import GatewayTesting
import Glibc
import Policy
import StoreSQLite
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventsTests {
    /// Sent and taken back: one event of the caller's.
    @discardableResult
    private func cancelled(_ front: Front, key: String = "vk_live_billing") async throws -> String {
        let sent = await front.wire.ask("POST", "/v1/messages", key: key, json: MessagesTests.body)
        let id = try #require(sent.json["id"] as? String)
        #expect(await front.wire.ask("POST", "/v1/messages/\(id)/cancel", key: key).status == 200)
        return id
    }

    private func types(_ reply: Wire.Reply) -> [String] {
        (reply.json["data"] as? [[String: Any]] ?? []).compactMap { $0["type"] as? String }
    }

    @Test func pagesOfOnesOwn() async throws {
        try await withFront { front in
            let id = try await cancelled(front)
            try await cancelled(front, key: "vk_live_dispatch")
            let first = await front.wire.ask("GET", "/v1/events?limit=1")
            let event = try #require((first.json["data"] as? [[String: Any]])?.first)
            #expect(event["type"] as? String == "message.cancelled" && event["client"] as? String == "billing")
            #expect((event["data"] as? [String: Any])?["message"] as? String == id)
            let next = try #require(first.json["next"] as? String)
            #expect(next == event["id"] as? String)
            // Another client's event moves the cursor and is not seen.
            let rest = await front.wire.ask("GET", "/v1/events?after=\(next)")
            #expect(types(rest).isEmpty && rest.json["has_more"] as? Bool == false)
            #expect(try #require(rest.json["next"] as? String) > next)
        }
    }

    @Test func whatIsTheHousesNeedsAScope() async throws {
        try await withFront { front in
            try await front.store.suppress(
                [Suppression(destination: .sms(), reason: .manual, since: .now)], by: "test", at: Front.now())
            #expect(types(await front.wire.ask("GET", "/v1/events")).isEmpty)
            let seen = await front.wire.ask("GET", "/v1/events?type=suppression.*", key: "vk_live_watch")
            #expect(types(seen) == ["suppression.added"] && !seen.text.contains("+7"))
        }
    }

    @Test(arguments: [
        ("/v1/events?after=msg_0000000000001", 400, "invalid_value"), ("/v1/events?limit=251", 400, "invalid_value"),
        ("/v1/events?type=message.snt", 400, "invalid_value"), ("/v1/events?before=x", 400, "unknown_field"),
        ("/v1/events/stream?after=1", 400, "invalid_value"),
    ])
    func refused(_ target: String, _ status: Int, _ code: String) async throws {
        try await withFront { front in
            let reply = await front.wire.ask("GET", target)
            #expect(reply.status == status && reply.code == code, "\(reply.text)")
            #expect(await front.wire.ask("GET", target, key: nil).status == 401)
        }
    }

    private func listen(_ front: Front, _ headers: String = "") -> Int32 {
        let socket = front.wire.open(patience: 10)
        Wire.write(
            Array(
                "GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer vk_live_billing\r\n\(headers)\r\n"
                    .utf8),
            to: socket)
        return socket
    }

    /// On a thread of its own, until the text holds all of these or the other side has closed.
    private func read(_ socket: Int32, until marks: [String]) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var text = "", room = [UInt8](repeating: 0, count: 65_536)
                while !marks.allSatisfy(text.contains) || marks.isEmpty {
                    let count = recv(socket, &room, room.count, 0)
                    if count <= 0 { break }
                    text += String(decoding: room[..<count], as: UTF8.self)
                }
                continuation.resume(returning: text)
            }
        }
    }

    @Test func streamsAndGoesOn() async throws {
        try await withFront { front in
            let socket = listen(front)
            let head = await read(socket, until: [": connected"])
            #expect(head.contains("text/event-stream"))
            let id = try await cancelled(front)
            let told = await read(socket, until: ["event: message.cancelled", id])
            #expect(told.contains("id: evt_"))
            close(socket)
            // Whoever comes back says what it heard last.
            let again = listen(front, "Last-Event-ID: \(EventID(raw: 0))\r\n")
            #expect(await read(again, until: [id]).contains(id))
            close(again)
        }
    }

    /// Fifty listeners hold up no stop: five seconds at most.
    @Test func endsWithTheHouse() async throws {
        let front = try await Front()
        let sockets = (0..<50).map { _ in listen(front) }
        for socket in sockets { _ = await read(socket, until: [": connected"]) }
        let began = ContinuousClock.now
        await front.stop()
        #expect(.now - began < .seconds(5))
        for socket in sockets {
            _ = await read(socket, until: [])
            close(socket)
        }
    }
}

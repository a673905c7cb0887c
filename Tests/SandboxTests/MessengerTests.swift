import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite struct MaxTests {
    static let token = ["Authorization": "tok", "Content-Type": "application/json"]

    struct Order: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var path = "/messages?user_id=100"
        var headers = MaxTests.token
        var body = #"{"text":"Привет","attachments":null,"link":null}"#
        var status = 200
        var code: String?
    }

    static let orders: [Order] = [
        Order(testDescription: "a text"), Order(testDescription: "a house chat", path: "/messages?chat_id=-7"),
        Order(testDescription: "no token", headers: [:], status: 401, code: "verify.token"),
        Order(testDescription: "Bearer", headers: ["Authorization": "Bearer tok"], status: 401, code: "verify.token"),
        Order(testDescription: "to nobody", path: "/messages", status: 400, code: "proto.payload"),
        Order(testDescription: "not JSON", body: "{", status: 400, code: "proto.payload"),
        Order(testDescription: "nothing to say", body: "{}", status: 400, code: "proto.payload"),
        Order(
            testDescription: "4001 letters", body: #"{"text":"\#(String(repeating: "Ж", count: 4_001))"}"#, status: 400,
            code: "proto.payload"),
        Order(testDescription: "4000 letters", body: #"{"text":"\#(String(repeating: "Ж", count: 4_000))"}"#),
        Order(
            testDescription: "unknown token",
            body: #"{"text":"x","attachments":[{"type":"file","payload":{"token":"no"}}]}"#, status: 400,
            code: "proto.payload"),
        Order(testDescription: "magic 404", path: "/messages?chat_id=404", status: 404, code: "chat.not.found"),
        Order(testDescription: "magic 403", path: "/messages?chat_id=403", status: 403, code: "chat.denied"),
    ]

    @Test(arguments: orders) func answer(_ order: Order) async throws {
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.http("POST", order.path, order.headers, body: order.body)
            #expect(answer.status == order.status)
            #expect(answer.json?["code"]?.text == order.code)
            let mid = answer.json?["message"]?["body"]?["mid"]?.text
            #expect((mid?.hasPrefix("mid.") == true) == (order.status == 200))
            #expect(sandbox.messages().allSatisfy { $0.arrived == (order.status == 200) })
            #expect(order.status != 200 || sandbox.messages().count == 1)
        }
    }

    @Test func fileGoesAlong() async throws {
        try await withSandbox { sandbox async throws in
            let place = try await sandbox.http("POST", "/uploads?type=file", Self.token)
            let url = try #require(place.json?["url"]?.text.flatMap { URL(string: $0) })
            #expect(url.port == sandbox.httpPort)
            let upload = try await sandbox.http(
                "POST", url.path, ["Content-Type": "multipart/form-data; boundary=b"],
                body:
                    "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"Квитанция.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n"
            )
            let token = try #require(upload.json?["token"]?.text)
            let body =
                #"{"text":"<b>Чек</b>","format":"html","attachments":[{"type":"file","payload":{"token":"\#(token)"}},{"type":"inline_keyboard","payload":{"buttons":[[{"type":"link","text":"Оплатить","url":"https://pay.example"}]]}}]}"#
            #expect(try await sandbox.http("POST", "/messages?user_id=1", Self.token, body: body).status == 200)
            let message = try #require(sandbox.messages().first)
            #expect(message.channel == .max && message.to == ["1"] && message.text == "<b>Чек</b>")
            #expect(message.attachments.map(\.name) == ["Квитанция.pdf"])
            #expect(message.attachments.first?.bytes.starts(with: Array("%PDF".utf8)) == true)
            #expect(message.buttons == [[.init(text: "Оплатить", url: "https://pay.example")]])
        }
    }

    @Test func tokenIsNotShown() async throws {
        try await withSandbox { sandbox async throws in
            _ = try await sandbox.http(
                "POST", "/messages?user_id=1", ["Authorization": "s3cret"], body: #"{"text":"x"}"#)
            let shown = try await sandbox.http("GET", "/sandbox/messages").body
            #expect(shown.contains("•••") && !shown.contains("s3cret"))
        }
    }
}

@Suite struct TelegramTests {
    static let json = ["Content-Type": "application/json"]

    static let orders: [(label: String, path: String, body: String, status: Int, text: String?)] = [
        ("a text", "/bot1:abc/sendMessage", #"{"chat_id":5,"text":"Привет"}"#, 200, nil),
        ("no token", "/botabc/sendMessage", #"{"chat_id":5,"text":"x"}"#, 401, "Unauthorized"),
        ("no chat", "/bot1:abc/sendMessage", #"{"text":"x"}"#, 400, "Bad Request: chat_id is empty"),
        ("no text", "/bot1:abc/sendMessage", #"{"chat_id":5}"#, 400, "Bad Request: message text is empty"),
        ("not JSON", "/bot1:abc/sendMessage", "{", 400, "Bad Request: can't parse the body"),
        (
            "blocked", "/bot1:abc/sendMessage", #"{"chat_id":403,"text":"x"}"#, 403,
            "Forbidden: bot was blocked by the user"
        ),
        ("not found", "/bot1:abc/sendMessage", #"{"chat_id":"400","text":"x"}"#, 400, "Bad Request: chat not found"),
        (
            "no document", "/bot1:abc/sendDocument", #"{"chat_id":5,"caption":"x"}"#, 400,
            "Bad Request: there is no document in the request"
        ),
    ]

    @Test(arguments: orders.indices) func answer(_ index: Int) async throws {
        let row = Self.orders[index]
        try await withSandbox { sandbox async throws in
            let answer = try await sandbox.http("POST", row.path, Self.json, body: row.body)
            #expect(answer.status == row.status, "\(row.label)")
            #expect(answer.json?["ok"] == .bool(row.status == 200))
            #expect(answer.json?["description"]?.text == row.text)
            #expect((answer.json?["result"]?["message_id"] != nil) == (row.status == 200))
        }
    }

    @Test func documentWithButtons() async throws {
        try await withSandbox { sandbox async throws in
            let parts = [
                "name=\"chat_id\"\r\n\r\n5", "name=\"caption\"\r\n\r\nЧек",
                "name=\"reply_markup\"\r\n\r\n{\"inline_keyboard\":[[{\"text\":\"Оплатить\",\"url\":\"https://pay.example\"}]]}",
                "name=\"document\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF",
            ]
            let body = parts.map { "--b\r\nContent-Disposition: form-data; \($0)\r\n" }.joined() + "--b--\r\n"
            let answer = try await sandbox.http(
                "POST", "/bot1:abc/sendDocument", ["Content-Type": "multipart/form-data; boundary=b"], body: body)
            #expect(answer.status == 200, "\(answer.body)")
            let message = try #require(sandbox.messages().first)
            #expect(
                message.text == "Чек"
                    && message.attachments == [.init(name: "a.pdf", type: "application/pdf", bytes: Array("%PDF".utf8))]
            )
            #expect(message.buttons.first?.first?.text == "Оплатить")
        }
    }

    @Test func overload() async throws {
        try await withSandbox { sandbox async throws in
            sandbox.chaos.telegram.throttle = 100
            sandbox.chaos.retryAfter = 7
            let answer = try await sandbox.http(
                "POST", "/bot1:a/sendMessage", Self.json, body: #"{"chat_id":5,"text":"x"}"#)
            #expect(answer.status == 429 && answer.headers["retry-after"] == "7")
            #expect(answer.json?["parameters"]?["retry_after"] == .integer(7))
            #expect(answer.json?["description"]?.text == "Too Many Requests: retry after 7")
        }
    }
}

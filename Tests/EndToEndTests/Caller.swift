import Foundation
import Testing

/// A running `serve`, with the places that its ready line names.
struct OpenHouse {
    let serve: Running
    /// `http://127.0.0.1:…`, for the house's own systems and for the world.
    let api: String
    let world: String
}

extension Site {
    func open(environment: [String: String] = [:]) async throws -> OpenHouse {
        let serve = try Running(["serve", "--config", config], environment: environment)
        let words = try await serve.line(with: "ready api=").split(separator: " ")
        guard words.count == 3, words[1].hasPrefix("api="), words[2].hasPrefix("public=") else {
            throw HarnessError("not the ready line of the contract: \(words)")
        }
        return OpenHouse(
            serve: serve, api: String(words[1].dropFirst("api=".count)),
            world: String(words[2].dropFirst("public=".count)))
    }

    /// A fresh key of `billing`, as a person makes it.
    func key(_ more: String...) async throws -> String {
        let made = try await Binary.run(["keys", "create", "--client", "billing", "--config", config] + more)
        guard made.code == 0 else { throw HarnessError("keys create: \(made.code) \(made.err)") }
        return made.out.trimmingCharacters(in: .newlines)
    }
}

/// A program of the house that calls with curl: a client that we did not write.
struct Caller {
    struct Reply {
        let status: Int
        /// Lower-case names.
        let headers: [String: String]
        let text: String
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) ?? [:] }
        var code: String? { json["code"] as? String }
        var id: String? { json["id"] as? String }
        var data: [[String: Any]] { json["data"] as? [[String: Any]] ?? [] }
    }

    let api: String
    let key: String
    /// Further header lines of each request.
    var headers: [String] = []

    init(_ house: OpenHouse, _ key: String) { (api, self.key) = (house.api, key) }

    func ask(_ method: String, _ path: String, _ body: String? = nil, idempotency: String? = nil) async throws -> Reply
    {
        var arguments = [
            "-sS", "-i", "--max-time", "20", "-X", method, api + path, "-H", "Authorization: Bearer " + key,
        ]
        if let body { arguments += ["-H", "Content-Type: application/json", "--data-binary", body] }
        if let idempotency { arguments += ["-H", "Idempotency-Key: " + idempotency] }
        for line in headers { arguments += ["-H", line] }
        let curl = try Running(arguments, program: URL(filePath: "/usr/bin/curl"))
        guard try await curl.end(within: 30) == 0 else { throw HarnessError("curl: \(curl.err.text)") }
        let parts = curl.out.text.components(separatedBy: "\r\n\r\n")
        let head = parts[0].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
        return Reply(
            status: head.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0, headers: headers,
            text: parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    /// `GET` until the answer is as it should be.
    func wait(
        _ path: String, within seconds: Double = 20, until holds: (Reply) -> Bool
    ) async throws -> Reply {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            let reply = try await ask("GET", path)
            if holds(reply) { return reply }
            if Date() > deadline { throw HarnessError("\(path) still says \(reply.status) \(reply.text)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// A reminder of 100 roubles.
    /// - Parameter more: further members, each with a comma before it.
    static func reminder(_ to: String, _ more: String = "") -> String {
        #"{"template":"payment-reminder","to":\#(to),"#
            + #""variables":{"amount":"100.00","due":"2026-12-15","period":"2026-11"}\#(more)}"#
    }
}

import Domain
import Foundation
import HTTPTypes

/// MAX Bot API: `POST /messages?user_id=…` or `chat_id=…`. The ids 403 and 404 are magic: nobody there.
struct MaxCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.max
    let limit = 1 << 20
    let uploads: Uploads
    let inbox: Inbox

    private static let longestText = 4_000

    func trouble(_ status: Int, retryAfter: Int) -> Reply {
        status == 429
            ? Self.error(429, "too.many.requests", "Rate limit exceeded").retry(after: retryAfter)
            : Self.error(status, "internal.error", "Internal server error")
    }

    func read(_ visit: Visit) -> Reading {
        guard Self.isAuthorized(visit) else { return Reading(Self.error(401, "verify.token", "Invalid access_token")) }
        let query = visit.query
        let isGroup = query["chat_id"] != nil
        guard let to = query["chat_id"] ?? query["user_id"], Int(to) != nil else {
            return Reading(Self.error(400, "proto.payload", "user_id or chat_id is required"))
        }
        guard let body = JSONValue(bytes: visit.body), case .object = body else {
            return Reading(Self.error(400, "proto.payload", "Invalid request body"))
        }
        var message = CapturedMessage(at: visit.at, channel: isGroup ? .maxChat : .max, counter: .max, to: [to])
        message.text = body["text"]?.text ?? ""
        message.format = body["format"]?.text
        if let refusal = read(body["attachments"]?.items ?? [], into: &message) { return Reading(refusal, [message]) }
        return Reading(reply(message, to: to, at: visit.at), [message])
    }

    /// As the header's whole value: MAX does not say Bearer.
    static func isAuthorized(_ visit: Visit) -> Bool {
        guard let token = visit.header("authorization"), !token.isEmpty else { return false }
        return !token.lowercased().hasPrefix("bearer ")
    }

    private func reply(_ message: CapturedMessage, to: String, at now: Date) -> Reply {
        if message.text.utf16.count > Self.longestText {
            return Self.error(400, "proto.payload", "text: size must be between 0 and 4000")
        }
        if message.text.isEmpty, message.attachments.isEmpty {
            return Self.error(400, "proto.payload", "text or attachments must not be empty")
        }
        if to == "404" { return Self.error(404, "chat.not.found", "Chat \(to) not found") }
        if to == "403" { return Self.error(403, "chat.denied", "chat.send.msg.no.permission.because.not.admin") }
        return accepted(message, to: to, at: now)
    }

    private func accepted(_ message: CapturedMessage, to: String, at now: Date) -> Reply {
        let isGroup = message.channel == .maxChat
        let ticket = inbox.ticket()
        let mid = "mid.sandbox.\(ticket)"
        return .json(
            200,
            .object([
                "message": .object([
                    "body": .object([
                        "mid": .string(mid), "seq": .integer(ticket), "text": .string(message.text),
                    ]),
                    "recipient": .object([
                        (isGroup ? "chat_id" : "user_id"): .integer(Int(to) ?? 0),
                        "chat_type": .string(isGroup ? "chat" : "dialog"),
                    ]),
                    "timestamp": .integer(Int(now.timeIntervalSince1970 * 1_000)),
                ])
            ]), accepts: true
        ).saying(mid)
    }

    private func read(_ attachments: [JSONValue], into message: inout CapturedMessage) -> Reply? {
        for attachment in attachments {
            switch attachment["type"]?.text {
            case "inline_keyboard":
                message.buttons = (attachment["payload"]?["buttons"]?.items ?? []).map { row in
                    row.items.map { .init(text: $0["text"]?.text ?? "", url: $0["url"]?.text) }
                }
            case "file", "image":
                guard let file = attachment["payload"]?["token"]?.text.flatMap(uploads.file) else {
                    return Self.error(400, "proto.payload", "attachments: unknown token")
                }
                message.attachments.append(file)
            default: return Self.error(400, "proto.payload", "attachments: unknown type")
            }
        }
        return nil
    }

    static func error(_ status: Int, _ code: String, _ text: String) -> Reply {
        .json(status, .object(["code": .string(code), "message": .string(text)]))
    }
}

/// `POST /uploads?type=file` gives an address; the file goes there as field `data` and comes back as a token.
struct MaxUploadCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.max
    let limit = 25 << 20
    let uploads: Uploads

    func trouble(_ status: Int, retryAfter: Int) -> Reply { MaxCounter.error(status, "internal.error", "") }

    func read(_ visit: Visit) -> Reading {
        let isTarget = visit.path.hasPrefix("/uploads/")
        return Reading(isTarget ? store(visit) : target(visit))
    }

    private func target(_ visit: Visit) -> Reply {
        guard MaxCounter.isAuthorized(visit) else {
            return MaxCounter.error(401, "verify.token", "Invalid access_token")
        }
        guard ["file", "image"].contains(visit.query["type"] ?? "") else {
            return MaxCounter.error(400, "proto.payload", "type must be file or image")
        }
        return .json(
            200, .object(["url": .string("http://127.0.0.1:\(visit.port)/uploads/\(uploads.ticket())")]), accepts: true)
    }

    private func store(_ visit: Visit) -> Reply {
        guard let file = Multipart(visit.body, contentType: visit.contentType)?.file("data") else {
            return MaxCounter.error(400, "proto.payload", "field data is missing")
        }
        let token = String(visit.path.dropFirst("/uploads/".count))
        uploads.put(.init(name: file.fileName ?? "file", type: file.type, bytes: file.bytes), under: token)
        return .json(200, .object(["token": .string(token)]), accepts: true)
    }
}

import Domain
import Foundation
import HTTPTypes

/// Telegram Bot API: `sendMessage` and `sendDocument`, as JSON, form or multipart. The chats 400 and 403 are magic:
/// not found, and blocked by the user.
struct TelegramCounter: HTTPCounter {
    let group: any KeyPath<Chaos, Chaos.Switches> & Sendable = \.telegram
    let limit = 25 << 20
    let inbox: Inbox

    private static let longestText = 4_096
    private static let longestCaption = 1_024

    func trouble(_ status: Int, retryAfter: Int) -> Reply {
        guard status == 429 else { return Self.error(status, "Internal Server Error") }
        let parameters = ["retry_after": JSONValue.integer(retryAfter)]
        return Self.error(429, "Too Many Requests: retry after \(retryAfter)", ["parameters": .object(parameters)])
            .retry(after: retryAfter)
    }

    func read(_ visit: Visit) -> Reading {
        guard Self.isToken(visit.path) else { return Reading(Self.error(401, "Unauthorized")) }
        guard let fields = Fields(visit) else { return Reading(Self.error(400, "Bad Request: can't parse the body")) }
        guard let chat = fields["chat_id"], !chat.isEmpty else {
            return Reading(Self.error(400, "Bad Request: chat_id is empty"))
        }
        let isDocument = visit.path.hasSuffix("/sendDocument")
        var message = CapturedMessage(at: visit.at, channel: .telegram, counter: .telegram, to: [chat])
        message.text = fields[isDocument ? "caption" : "text"] ?? ""
        message.format = fields["parse_mode"].map { $0.lowercased() }
        message.buttons = fields.buttons
        if isDocument, let file = fields.document { message.attachments = [file] }
        return Reading(reply(message, chat, isDocument: isDocument), [message])
    }

    private func reply(_ message: CapturedMessage, _ chat: String, isDocument: Bool) -> Reply {
        if isDocument, message.attachments.isEmpty {
            return Self.error(400, "Bad Request: there is no document in the request")
        }
        if !isDocument, message.text.isEmpty { return Self.error(400, "Bad Request: message text is empty") }
        if message.text.utf16.count > (isDocument ? Self.longestCaption : Self.longestText) {
            return Self.error(400, "Bad Request: \(isDocument ? "message caption" : "message") is too long")
        }
        if chat == "400" { return Self.error(400, "Bad Request: chat not found") }
        if chat == "403" { return Self.error(403, "Forbidden: bot was blocked by the user") }
        let ticket = inbox.ticket()
        let result: [String: JSONValue] = [
            "message_id": .integer(ticket), "date": .integer(Int(message.at.timeIntervalSince1970)),
            "chat": .object(["id": Int(chat).map(JSONValue.integer) ?? .string(chat), "type": .string("private")]),
            (isDocument ? "caption" : "text"): .string(message.text),
        ]
        return .json(200, .object(["ok": .bool(true), "result": .object(result)]), accepts: true)
            .saying("message_id \(ticket)")
    }

    /// `/bot123456:ABC…/…`: digits, a colon, something.
    private static func isToken(_ path: String) -> Bool {
        let decoded = FormBody.percentDecoded(Array(path.utf8), plusIsSpace: false)
        let halves = decoded.dropFirst("/bot".utf8.count).prefix { $0 != UInt8(ascii: "/") }.split(
            separator: UInt8(ascii: ":"), maxSplits: 1)
        return halves.count == 2 && halves[0].allSatisfy { (48...57).contains($0) }
    }

    private static func error(_ status: Int, _ text: String, _ more: [String: JSONValue] = [:]) -> Reply {
        let reply: [String: JSONValue] = [
            "ok": .bool(false), "error_code": .integer(status), "description": .string(text),
        ]
        return .json(status, .object(reply.merging(more, uniquingKeysWith: { $1 })))
    }

    /// The parameters, whichever of the three ways they came.
    private struct Fields {
        private let json: JSONValue?
        private let multipart: Multipart?
        private let form: FormBody?

        init?(_ visit: Visit) {
            let type = HeaderText.parameters(visit.contentType).value
            json = type == "application/json" ? JSONValue(bytes: visit.body) : nil
            multipart = Multipart(visit.body, contentType: visit.contentType)
            form = type == "application/x-www-form-urlencoded" ? visit.form : nil
            if json == nil, multipart == nil, form == nil { return nil }
        }

        subscript(name: String) -> String? { json?[name]?.text ?? multipart?[name] ?? form?[name] }

        var document: CapturedMessage.Attachment? {
            if let file = multipart?.file("document"), let name = file.fileName {
                return .init(name: name, type: file.type, bytes: file.bytes)
            }
            // A file id or an address instead of the file itself.
            return self["document"].map { .init(name: $0, type: "text/uri-list", bytes: Array($0.utf8)) }
        }

        /// In JSON an object; elsewhere the same object as text.
        var buttons: [[CapturedMessage.Button]] {
            let markup =
                json?["reply_markup"].flatMap { $0.text == nil ? $0 : nil }
                ?? self["reply_markup"].flatMap { JSONValue(bytes: Array($0.utf8)) }
            return (markup?["inline_keyboard"]?.items ?? []).map { row in
                row.items.map { .init(text: $0["text"]?.text ?? "", url: $0["url"]?.text) }
            }
        }
    }
}

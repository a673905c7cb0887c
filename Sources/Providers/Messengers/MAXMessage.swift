import Delivery
import Domain

/// One message as MAX reads it.
struct MAXMessage: Sendable {
    let submission: Submission
    let text: MessengerText
    var tokens: [String]

    var recipient: String {
        let name = submission.to.channel == .maxChat ? "chat_id" : "user_id"
        return name + "=" + PercentEncoding.encode(submission.to.address.exposed)
    }

    /// All fields are always there: one official client needs `attachments`, another leaves it out.
    var body: JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "text", value: .text(text.text)),
            .init(key: "attachments", value: attachments),
            .init(key: "link", value: .null),
            .init(key: "notify", value: true),
        ]
        if text.isHTML { members.append(.init(key: "format", value: "html")) }
        return .object(members)
    }

    private var attachments: JSONValue {
        var all = tokens.map {
            JSONValue.object([.init(key: "type", value: "file"), .init(key: "payload", value: ["token": .text($0)])])
        }
        if !text.buttons.isEmpty {
            let rows = text.keyboard { ["type": "link", "text": .text($0.title), "url": .text($0.url)] }
            all.append(["type": "inline_keyboard", "payload": ["buttons": rows]])
        }
        return all.isEmpty ? .null : .list(all)
    }
}

import Domain
import FoundationEssentials
import Intake
import Journal

/// `POST /v1/messages/search`: a list whose filter holds an address. It stands in the body, because URLs are written down
/// in logs on the way.
struct SearchRequest {
    var filter = MessageFilter()
    var limit = 50
    var after: String?

    init(_ json: JSON) throws(Problem) {
        var fields = try RequestFields(json)
        filter.states = Set(
            fields.words("status", MessageState.init(rawValue:), known: MessageState.allCases.map(\.rawValue)))
        filter.channel = fields.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        filter.purpose = fields.purpose("purpose")
        filter.recipient = fields.recipient("recipient")
        filter.reference = fields.line("reference", limit: 255)
        filter.thread = fields.line("thread", limit: 255)
        filter.since = fields.time("since")
        filter.until = fields.time("until")
        filter.address = fields.destination("to")
        limit = fields.number("limit", 1...250) ?? 50
        after = fields.line("after", limit: 64)
        try fields.finish()
    }
}

import Domain
import FoundationEssentials
import Intake
import Journal

/// What a list shows. In the query stand only words that say nothing about a person; phones and addresses go into the body
/// of a search.
enum ListFilter {
    static let names = ["status", "purpose", "channel", "recipient", "reference"]

    static func filter(_ query: Query) throws(Problem) -> MessageFilter {
        var filter = MessageFilter()
        if let state: MessageState = try query.word(
            "status", MessageState.init(rawValue:), known: MessageState.allCases.map(\.rawValue))
        {
            filter.states = [state]
        }
        filter.channel = try query.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        if let text = query["purpose"] {
            guard let purpose = PurposeID(text) else {
                throw .parameter("purpose", Words(ru: "это не имя цели", en: "not the name of a purpose"))
            }
            filter.purpose = purpose
        }
        if let text = query["recipient"] {
            guard let recipient = RecipientID(text) else {
                throw .parameter("recipient", Words(ru: "это не имя получателя", en: "not the name of a recipient"))
            }
            filter.recipient = recipient
        }
        filter.reference = query["reference"]
        return filter
    }
}

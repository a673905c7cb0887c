import Domain
import FoundationEssentials
import Intake
import Journal

/// The body of `POST /v1/dead-letters/retry|drop`: which, and how many the caller believes there are.
struct DeadLetterOrder {
    var filter = DeadLetterFilter()
    /// Nil on a dry run only: it is what the count is asked with.
    var expected: Int?
    var evenUnconfirmed = false

    /// - Parameters:
    ///   - knowsDoubt: `even_unconfirmed` means something for this action.
    ///   - dryRun: nothing will be done, so nothing need be expected.
    init(_ json: JSON, knowsDoubt: Bool, dryRun: Bool) throws(Problem) {
        var fields = try RequestFields(json)
        // No filter is no way to say "all of them": that is said with an empty one.
        fields.expect("filter")
        if !dryRun { fields.expect("expected_count") }
        filter = fields.object("filter", Self.filter) ?? DeadLetterFilter()
        expected = fields.number("expected_count", 0...1_000_000_000)
        if knowsDoubt { evenUnconfirmed = fields.flag("even_unconfirmed") ?? false }
        try fields.finish()
    }

    private static func filter(_ fields: inout RequestFields) -> DeadLetterFilter? {
        var filter = DeadLetterFilter()
        filter.reason = fields.word("reason", DeliveryFailure.Reason.init(rawValue:), known: reasons)
        filter.channel = fields.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        filter.purpose = fields.purpose("purpose")
        filter.since = fields.time("since")
        return filter
    }

    private static let reasons = DeliveryFailure.Reason.allCases.map(\.rawValue)

    // MARK: The same in a query

    static let names = ["reason", "channel", "purpose", "since"]

    static func filter(_ query: Query) throws(Problem) -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        filter.reason = try query.word("reason", DeliveryFailure.Reason.init(rawValue:), known: reasons)
        filter.channel = try query.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        if let text = query["purpose"] {
            guard let purpose = PurposeID(text) else {
                throw .parameter("purpose", Words(ru: "это не имя цели", en: "not the name of a purpose"))
            }
            filter.purpose = purpose
        }
        if let text = query["since"] {
            guard let since = RFC3339.date(text) else {
                throw .parameter(
                    "since",
                    Words(
                        ru: "нужно время 2026-12-15T21:00:00Z; знак + в адресе пишется %2B",
                        en: "a time like 2026-12-15T21:00:00Z is needed; in a URL + is written %2B"))
            }
            filter.since = since
        }
        return filter
    }
}

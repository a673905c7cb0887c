extension DeclaredDescription {
    /// The question what became of a message, by our own name for it, and how its reply is read.
    package struct Ask: Sendable, Hashable {
        /// Where the name of the message stands that its receipt will bear.
        package enum ID: Sendable, Hashable {
            /// It goes by the name we gave it.
            case reference
            case path(ReplyPath)
        }
        package var send: Send
        package var format: Reply.Format
        /// The first of these that exists is `code` in rules.
        package var code: [ReplyPath]
        package var rules: [AskRule]
        package var id: ID?
        /// "I do not know it" is believed from so long after the submission began: it may still be on its way inside.
        package var knownAfter: Duration
        /// And no longer than so long after it: the provider may have forgotten.
        package var knownFor: Duration
        package var replies: [CannedAnswer]
        package init(
            send: Send, format: Reply.Format, code: [ReplyPath] = [], rules: [AskRule], id: ID? = nil,
            knownAfter: Duration, knownFor: Duration, replies: [CannedAnswer] = []
        ) {
            self.send = send
            self.format = format
            self.code = code
            self.rules = rules
            self.id = id
            self.knownAfter = knownAfter
            self.knownFor = knownFor
            self.replies = replies
        }
    }
}

/// One line of the table: `if` all tests hold, `then` this. Read from the top; where none holds nothing can be told.
package struct AskRule: Sendable, Hashable {
    package enum Ending: String, Sendable, CaseIterable {
        case had
        case hadNot = "had_not"
        case cannotTell = "cannot_tell"
    }
    let condition: ReplyCondition
    package let then: Ending

    package init(condition: String, then: Ending) throws(DescriptionError) {
        self.condition = try ReplyCondition(condition)
        self.then = then
    }
}

/// A reply of the provider to a question and what it must be taken for: part of the description, run by the tests.
package struct CannedAnswer: Sendable, Hashable {
    package var name: String
    package var basis: CannedReply.Basis
    package var status: Int
    package var body: String
    package var then: AskRule.Ending
    package init(name: String, basis: CannedReply.Basis, status: Int, body: String, then: AskRule.Ending) {
        self.name = name
        self.basis = basis
        self.status = status
        self.body = body
        self.then = then
    }
}

package import Domain
package import FoundationEssentials

/// A resident's word as somebody brings it, before the books were asked whether it may be written down.
package struct ConsentEntry: Sendable, Hashable {
    package var recipient: RecipientID
    package var purpose: PurposeID
    /// Nil: every channel.
    package var channel: Channel?
    package var action: ConsentRecord.Action
    package var source: ConsentRecord.Source
    package var evidence: String?
    package var textVersion: String?
    /// When it was said; nil: now.
    package var occurredAt: Date?

    package init(
        recipient: RecipientID, purpose: PurposeID, channel: Channel? = nil, action: ConsentRecord.Action,
        source: ConsentRecord.Source, evidence: String? = nil, textVersion: String? = nil, occurredAt: Date? = nil
    ) {
        self.recipient = recipient
        self.purpose = purpose
        self.channel = channel
        self.action = action
        self.source = source
        self.evidence = evidence
        self.textVersion = textVersion
        self.occurredAt = occurredAt
    }

    /// Nil where something is wrong; the fields know what.
    ///
    /// - Parameters:
    ///   - recipient: nil: the object names one.
    ///   - source: for objects that name none; nil: they have to.
    package init?(
        _ fields: inout RequestFields, of recipient: RecipientID? = nil, source otherwise: ConsentRecord.Source? = nil
    ) {
        let named = recipient ?? fields.neededRecipient("recipient")
        let purpose = fields.neededPurpose("purpose")
        channel = fields.word("channel", Channel.init(rawValue:), known: Channel.allCases.map(\.rawValue))
        let action = fields.require("action") { fields, value in
            fields.word(
                value, ConsentRecord.Action.init(rawValue:), known: ConsentRecord.Action.allCases.map(\.rawValue))
        }
        let source = Self.source(&fields, otherwise)
        evidence = fields.line("evidence", limit: 255)
        textVersion = fields.line("text_version", limit: 64)
        occurredAt = fields.time("occurred_at")
        guard let named, let purpose, let action, let source else { return nil }
        (self.recipient, self.purpose, self.action, self.source) = (named, purpose, action, source)
    }

    private static func source(
        _ fields: inout RequestFields, _ otherwise: ConsentRecord.Source?
    ) -> ConsentRecord.Source? {
        let known = ConsentRecord.Source.allCases.map(\.rawValue)
        guard let otherwise else {
            return fields.require("source") { fields, value in
                fields.word(value, ConsentRecord.Source.init(rawValue:), known: known)
            }
        }
        return fields.word("source", ConsentRecord.Source.init(rawValue:), known: known) ?? otherwise
    }

    func record(_ ids: IDSource, by: String, evidence otherwise: String? = nil, at now: Date) -> ConsentRecord {
        ConsentRecord(
            id: ids.next(at: now), recipient: recipient, purpose: purpose, channel: channel, action: action,
            source: source, recordedBy: by, evidence: evidence ?? otherwise, textVersion: textVersion,
            occurredAt: occurredAt ?? now, recordedAt: now)
    }
}

/// Why a word is not written down.
package enum ConsentObjection: Error, Sendable, Hashable {
    case unknownRecipient(RecipientID)
    case unknownPurpose(PurposeID, nearest: String?)
    /// A purpose that the resident cannot do without.
    case mandatory(PurposeID)
    case yetToCome

    /// The member of the request that it is about.
    package var member: String {
        switch self {
        case .unknownRecipient: "recipient"
        case .unknownPurpose: "purpose"
        case .mandatory: "channel"
        case .yetToCome: "occurred_at"
        }
    }

    package var code: ProblemCode {
        switch self {
        case .unknownRecipient: .unknownRecipient
        case .unknownPurpose: .unknownPurpose
        case .mandatory, .yetToCome: .invalidValue
        }
    }

    package var words: Words {
        switch self {
        case .unknownRecipient(let id):
            Words(
                ru: "получателя \(id) нет в базе: сначала загрузите его",
                en: "no recipient \(id) in the database: import them first")
        case .unknownPurpose(let id, let near):
            Words(
                ru: "цели «\(id)» нет" + (near.map { "; может быть, \($0)?" } ?? ""),
                en: "there is no purpose \"\(id)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        case .mandatory(let id):
            Words(
                ru: "цель \(id) обязательная: от неё нельзя отказаться совсем, можно сменить канал; назовите его",
                en:
                    "the purpose \(id) is mandatory: it cannot be switched off, only moved to another channel; name the channel"
            )
        case .yetToCome: Words(ru: "это время ещё не наступило", en: "this time is yet to come")
        }
    }
}

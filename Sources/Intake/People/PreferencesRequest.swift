package import Domain
package import Policy

/// The body of `PUT /v1/recipients/{external_id}/preferences`:
/// `{"purposes": {"news": {"on": true, "channels": {"sms": false}}}, "source": "web_form", "evidence": "form:118"}`.
/// What GET showed can be changed and sent back as a whole; purposes and channels that are left out stay as they are.
package struct PreferencesRequest: Sendable, Hashable {
    package var wishes: [Preferences.Wish]
    /// Where the resident said it.
    package var source: ConsentRecord.Source
    package var evidence: String?
    package var textVersion: String?

    /// - Throws: everything that is wrong with it.
    package init(_ json: JSON, of recipient: RecipientID, purposes: [PurposeID: Purpose]) throws(Problem) {
        var fields = try RequestFields(json)
        if let named = fields.recipient("recipient"), named != recipient {
            fields.fail(
                .invalidValue, Words(ru: "в пути другой получатель", en: "the path names another"), at: "recipient")
        }
        wishes =
            fields.require("purposes") { fields, value in Self.wishes(value, &fields, purposes) } ?? []
        source =
            fields.word(
                "source", ConsentRecord.Source.init(rawValue:), known: ConsentRecord.Source.allCases.map(\.rawValue))
            ?? .webForm
        evidence = fields.line("evidence", limit: 255)
        textVersion = fields.line("text_version", limit: 64)
        try fields.finish()
    }

    private static func wishes(
        _ value: JSON, _ fields: inout Fields, _ purposes: [PurposeID: Purpose]
    ) -> [Preferences.Wish]? {
        guard var inside = fields.object(value) else { return nil }
        var wishes: [Preferences.Wish] = []
        for name in inside.names {
            // Also where its value is null: a name nobody knows is a slip.
            guard let purpose = PurposeID(name).flatMap({ purposes[$0] }) else {
                inside.refuse(name, .unknownPurpose, among: purposes.keys.map(\.text).sorted())
                continue
            }
            let wish = inside.take(name) { fields, value in Self.wish(value, &fields, purpose) }
            if let wish { wishes.append(wish) }
        }
        fields.close(inside)
        return wishes
    }

    private static func wish(_ value: JSON, _ fields: inout Fields, _ purpose: Purpose) -> Preferences.Wish? {
        guard var inside = fields.object(value) else { return nil }
        let on = inside.require("on") { fields, value in fields.bool(value) }
        let mandatory = inside.take("mandatory") { fields, value in fields.bool(value) }
        if let mandatory, mandatory != purpose.mandatory {
            let words = Words(
                ru: "обязательна ли цель, решает организация", en: "the organisation decides what is mandatory")
            inside.fail(.invalidValue, words, at: "mandatory")
        }
        let channels = inside.take("channels") { fields, value in Self.channels(value, &fields, purpose) }
        fields.close(inside)
        return on.map { Preferences.Wish(purpose.id, on: $0, channels: channels ?? [:]) }
    }

    private static func channels(_ value: JSON, _ fields: inout Fields, _ purpose: Purpose) -> [Channel: Bool]? {
        guard var inside = fields.object(value) else { return nil }
        var channels: [Channel: Bool] = [:]
        for name in inside.names {
            guard let channel = Channel(rawValue: name), purpose.channels.contains(channel) else {
                inside.refuse(name, .invalidValue, among: purpose.channels.map(\.rawValue))
                continue
            }
            channels[channel] = inside.take(name) { fields, value in fields.bool(value) }
        }
        fields.close(inside)
        return channels
    }
}

extension Fields {
    fileprivate mutating func refuse(_ name: String, _ code: ProblemCode, among known: [String]) {
        fail(code, .noSuchValue(name, among: known), at: name)
        // Complained of once is enough.
        let _: Never? = take(name) { _, _ in nil }
    }
}

extension Preferences.Objection {
    /// As the caller hears it.
    package var problem: Problem {
        let (purpose, words): (PurposeID, Words) =
            switch self {
            case .mandatory(let purpose):
                (
                    purpose,
                    Words(
                        ru: "цель \(purpose) обязательная: от неё нельзя отказаться совсем, можно выбрать канал",
                        en: "the purpose \(purpose) is mandatory: it cannot be switched off, its channels can be chosen"
                    )
                )
            case .noChannel(let purpose, mandatory: true):
                (
                    purpose,
                    Words(
                        ru: "цель \(purpose) обязательная: один её канал должен остаться включённым",
                        en: "the purpose \(purpose) is mandatory: one of its channels has to stay on")
                )
            case .noChannel(let purpose, mandatory: false):
                (
                    purpose,
                    Words(
                        ru: "цель \(purpose) включена, а каналы все выключены: включите канал или пошлите on: false",
                        en: "the purpose \(purpose) is on with all its channels off: switch one on, or send on: false")
                )
            }
        return Problem(
            .invalidValue, words, errors: [.init("/purposes/\(purpose)/on", .invalidValue, words)])
    }
}

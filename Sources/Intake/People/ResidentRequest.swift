package import Domain

/// A resident as JSON describes one. What it means that is left out, and how phones and mailboxes are read, is the same as
/// in a file of residents.
package enum ResidentRequest {
    package static let destinations = 20

    /// The body of `PUT /v1/recipients/{external_id}`.
    /// - Throws: everything that is wrong with it.
    package static func recipient(
        _ json: JSON, id: RecipientID, defaults: ResidentFile.Defaults
    ) throws(Problem) -> Recipient {
        var fields = try RequestFields(json)
        let recipient = recipient(&fields, id: id, defaults: defaults)
        try fields.finish()
        return recipient
    }

    static func recipient(
        _ fields: inout RequestFields, id: RecipientID, defaults: ResidentFile.Defaults
    ) -> Recipient {
        Recipient(
            id: id, name: fields.line("name", limit: 200), locale: fields.locale("locale") ?? defaults.locale,
            timeZone: fields.take("time_zone", zone) ?? defaults.timeZone,
            premises: fields.object("premises", premises),
            destinations: fields.destinations("destinations", limit: destinations) ?? [])
    }

    private static func zone(_ fields: inout Fields, _ value: JSON) -> String? {
        guard let text = fields.line(value, limit: 64) else { return nil }
        return ZoneName.objection(to: text).map { fields.fail(.invalidValue, $0) } ?? text
    }

    private static func premises(_ fields: inout RequestFields) -> Premises? {
        Premises(
            house: fields.needed("house", limit: 128), entrance: fields.line("entrance", limit: 32),
            riser: fields.line("riser", limit: 32), flat: fields.line("flat", limit: 32))
    }
}

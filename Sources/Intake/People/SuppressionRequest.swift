package import Domain
package import FoundationEssentials

/// The body of `POST /v1/suppressions`: `{"to": {"sms": "+7…"}, "reason": "opted_out", "until": …, "detail": …}`.
package struct SuppressionRequest: Sendable, Hashable {
    package let suppression: Suppression

    /// - Throws: everything that is wrong with it.
    package init(_ json: JSON, at now: Date) throws(Problem) {
        var fields = try RequestFields(json)
        let destination = fields.neededDestination("to")
        let reason =
            fields.word(
                "reason", Suppression.Reason.init(rawValue:), known: Suppression.Reason.allCases.map(\.rawValue))
            ?? .manual
        let until = fields.time("until"), detail = fields.line("detail", limit: 255)
        if let until, until <= now {
            fields.fail(
                .invalidValue, Words(ru: "это время уже прошло", en: "this time is over already"), at: "until")
        }
        try fields.finish()
        guard let destination else { throw Problem(.required, Words(ru: "нет адреса", en: "no address")) }
        suppression = Suppression(destination: destination, reason: reason, since: now, until: until, detail: detail)
    }
}

import Domain
import Events
import FoundationEssentials
import Intake
import Journal

/// Webhooks and deliveries as the API shows them.
enum WebhookJSON {
    /// - Parameter secret: where it was made just now; it is not shown again.
    static func webhook(_ webhook: Webhook, secret: WebhookSecret? = nil) -> JSON {
        let status: String, reason: String?
        switch webhook.state {
        case .active: (status, reason) = ("active", nil)
        case .disabled(let why): (status, reason) = ("disabled", why.rawValue)
        }
        return .object(
            ("id", .string(webhook.id.text)), ("url", .string(webhook.url)),
            ("types", .array(webhook.filter.patterns.map(JSON.string))), ("house", .bool(webhook.scope.house)),
            ("status", .string(status)), ("reason", .text(reason)), ("secret", .text(secret?.exposed)),
            ("previous_secret_until", .time(webhook.previous?.until)), ("created_at", .time(webhook.createdAt)))
    }

    static func delivery(_ delivery: WebhookDelivery) -> JSON {
        .object(
            ("event", .string(delivery.event.text)), ("status", .string(delivery.status.rawValue)),
            ("attempts", .count(delivery.attempts)), ("next_at", .time(delivery.nextAt)),
            ("code", delivery.code.map { .count($0) }), ("error", .text(delivery.error)),
            ("created_at", .time(delivery.createdAt)), ("attempted_at", .time(delivery.attemptedAt)))
    }
}

/// `POST /v1/webhooks/{id}/replay`: one of `{"events": ["evt_…"]}`, `{"after": "evt_…", "until": "evt_…"}` and
/// `{"failed": true}`.
struct ReplayRequest {
    let order: ReplayOrder

    init(_ json: JSON) throws(Problem) {
        var fields = try RequestFields(json)
        let events = fields.words("events", { EventID($0) }, known: [])
        let after = fields.event("after"), until = fields.event("until")
        let failed = fields.flag("failed") ?? false
        try fields.finish()
        switch (events.isEmpty, after, failed) {
        case (false, nil, false) where until == nil && events.count <= 250: order = .events(events)
        case (true, let after?, false): order = .range(after: after, until: until)
        case (true, nil, true) where until == nil: order = .failed
        case (true, nil, false), (false, _, _), (true, _, true):
            let words = Words(
                ru: "нужно одно из: events (до 250), after с необязательным until, failed: true",
                en: "one of these is needed: events (up to 250), after with an optional until, failed: true")
            throw Problem(.required, words, errors: [.init("", .required, words)])
        }
    }
}

extension RequestFields {
    fileprivate mutating func event(_ name: String) -> EventID? { word(name, { EventID($0) }, known: ["evt_…"]) }
}

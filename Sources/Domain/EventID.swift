package enum EventKind: Identified { package static let prefix = "evt_" }
package enum WebhookKind: Identified { package static let prefix = "wh_" }
/// An event is named after its line in the journal: `raw` is the line's sequence, so names sort as the journal does.
package typealias EventID = ID<EventKind>
package typealias WebhookID = ID<WebhookKind>

import Counting
package import Domain
package import Events
import Intake
package import Queue

/// The door for the house's own systems: all that stands behind it, put together in one place. What `serve` opens, what
/// the tests knock at and what `/openapi.json` describes is this table.
package struct HouseDoor: Sendable {
    let reception: Reception
    let feed: EventFeed
    let webhooks: WebhooksResource
    let board: ProviderBoard
    let hold: @Sendable () async throws(StoreError) -> Hold?
    let metrics: MetricsResource
    let system: SystemResource
    /// How long one answer walks along the journal, milliseconds.
    let journalPatience: Int64

    package init(
        _ reception: Reception, feed: EventFeed, webhooks: WebhooksResource, board: ProviderBoard,
        hold: @escaping @Sendable () async throws(StoreError) -> Hold?, metrics: MetricsResource,
        system: SystemResource,
        journalPatience: Int64 = 10_000
    ) {
        self.reception = reception
        self.feed = feed
        self.webhooks = webhooks
        self.board = board
        self.hold = hold
        self.metrics = metrics
        self.system = system
        self.journalPatience = journalPatience
    }

    package var table: RouteTable {
        var routes = MessagesResource(reception).routes + BatchResource(reception).routes
        routes += RecipientsResource(reception).routes + ConsentsResource(reception).routes
        routes += PreferencesResource(reception).routes + SuppressionsResource(reception).routes
        routes += FactsResource(reception).routes + TemplatesResource(reception).routes
        routes += EventsResource(reception, feed).routes + webhooks.routes
        routes += QueuesResource(reception, hold: hold).routes + ProvidersResource(reception, board: board).routes
        routes += DeadLettersResource(reception).routes
        routes += JournalResource(reception, patience: journalPatience).routes
        routes += metrics.routes + system.routes + DocsResource().routes
        return RouteTable(routes)
    }
}

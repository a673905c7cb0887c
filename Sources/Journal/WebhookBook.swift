package import Domain
package import FoundationEssentials

/// Webhooks and what is on its way to them.
package protocol WebhookBook: Sendable {
    /// In the order they were made.
    func webhooks() async throws(StoreError) -> [Webhook]
    func webhook(_ id: WebhookID) async throws(StoreError) -> Webhook?
    /// A new one; it hears of what is committed from now on.
    func add(_ webhook: Webhook, by: String, at now: Moment) async throws(StoreError)
    /// URL, filter, secrets and state; the cursor and all deliveries stay. False where there is none.
    func change(_ webhook: Webhook, by: String, at now: Moment) async throws(StoreError) -> Bool
    /// With all its deliveries. False where there was none.
    func remove(_ id: WebhookID, by: String, at now: Moment) async throws(StoreError) -> Bool

    /// New pending deliveries, due at once, and the cursor moved, in one commit. An event that has a delivery keeps it.
    func spread(_ events: [EventID], to webhook: WebhookID, cursor: Int64, at now: Moment) async throws(StoreError)
    /// Pending and due, the longest due first, at most `limit`; and when the next one of the rest is.
    func due(_ webhook: WebhookID, limit: Int, at now: Moment) async throws(StoreError) -> DueDeliveries
    /// What became of attempts; a delivery that was trimmed or removed meanwhile stays away.
    func record(_ deliveries: [WebhookDelivery], at now: Moment) async throws(StoreError)
    /// Newest event first, at most `limit`, below `after`.
    func deliveries(
        of webhook: WebhookID, status: WebhookDelivery.Status?, limit: Int, after: EventID?
    ) async throws(StoreError) -> [WebhookDelivery]
    /// From the first attempt again, whatever became of them, with the same names.
    func replay(_ events: [EventID], to webhook: WebhookID, at now: Moment) async throws(StoreError)
    /// Takes away what was delivered or given up before these times, at most `limit` of them.
    /// - Returns: how many.
    func trim(delivered: Date, failed: Date, limit: Int, at now: Moment) async throws(StoreError) -> Int
}

package struct DueDeliveries: Sendable, Hashable {
    package var deliveries: [WebhookDelivery]
    /// The earliest pending delivery that is not among them; nil where there is none.
    package var next: Date?
    /// All pending ones.
    package var open: Int
    package init(deliveries: [WebhookDelivery], next: Date?, open: Int) {
        self.deliveries = deliveries
        self.next = next
        self.open = open
    }
}

package import Domain

/// Whose events somebody may hear of.
package struct EventScope: Sendable, Hashable {
    /// Messages of this client only; nil: of all of them.
    package var client: String?
    /// Also what is the house's: consents, suppressions, providers.
    package var house: Bool
    package init(client: String?, house: Bool) {
        self.client = client
        self.house = house
    }

    package func admits(_ event: Event) -> Bool {
        guard let owner = event.client else { return house }
        guard let client else { return true }
        return owner.utf8.elementsEqual(client.utf8)
    }
}

/// A question to the journal.
package struct EventQuery: Sendable, Hashable {
    package var scope: EventScope
    package var filter: EventFilter
    /// The journal up to this line is known already; 0 begins at the beginning.
    package var after: Int64
    /// At most so many events.
    package var limit: Int
    /// At most so many lines are looked at: a page costs the same where nothing in it is meant for the caller.
    package var scan: Int
    package init(scope: EventScope, filter: EventFilter = .everything, after: Int64, limit: Int, scan: Int = 2000) {
        self.scope = scope
        self.filter = filter
        self.after = after
        self.limit = limit
        self.scan = scan
    }

    package func admits(_ event: Event) -> Bool { scope.admits(event) && filter.admits(event.type) }
}

/// Events, oldest first, and how far the journal was looked at: the next page begins there, events or not.
package struct EventPage: Sendable, Hashable {
    package var events: [Event]
    package var seen: Int64
    /// The page ended before the journal did.
    package var hasMore: Bool
    package init(events: [Event], seen: Int64, hasMore: Bool) {
        self.events = events
        self.seen = seen
        self.hasMore = hasMore
    }
}

/// The journal as events.
package protocol EventSource: Sendable {
    func events(_ query: EventQuery) async throws(StoreError) -> EventPage
    /// Nil for a line that is no event, or that there is none.
    func event(_ id: EventID) async throws(StoreError) -> Event?
    /// The newest line; 0 where there is none.
    func lastSequence() async throws(StoreError) -> Int64
}

// Telling back: what happened, for those who asked us to send. An event is a line of the journal, read when somebody
// wants it: as a page (EventFeed), as a stream (EventStream), or pushed to an address (WebhookSender). Nothing is stored
// twice; what is stored is how far each webhook has come.

package import Domain
package import Journal

package struct EventFeed: Sendable {
    package let source: any EventSource
    package let bell: EventBell

    package init(source: any EventSource, bell: EventBell) {
        self.source = source
        self.bell = bell
    }

    package static let limits = 1...250
    /// Lines of the journal that one page looks at.
    static let scan = 5000

    /// - Parameters:
    ///   - after: nil begins at the beginning.
    ///   - limit: 1…250; beyond is cut.
    /// - Returns: oldest first. The page after it begins at `seen`, also where nothing on this one was for the caller.
    package func page(
        _ scope: EventScope, filter: EventFilter = .everything, after: EventID?, limit: Int
    ) async throws(StoreError) -> EventPage {
        let limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
        return try await source.events(
            EventQuery(scope: scope, filter: filter, after: after?.raw ?? 0, limit: limit, scan: Self.scan))
    }

    /// - Parameters:
    ///   - after: nil begins with what is committed from now on.
    ///   - beat: an empty element at least this often, so that a connection nobody reads any more is noticed.
    package func stream(
        _ scope: EventScope, filter: EventFilter = .everything, after: EventID?, beat: Duration = .seconds(15)
    ) async throws(StoreError) -> EventStream {
        let start: Int64
        if let after { start = after.raw } else { start = try await source.lastSequence() }
        let query = EventQuery(
            scope: scope, filter: filter, after: start, limit: Self.limits.upperBound, scan: Self.scan)
        return EventStream(source: source, bell: bell, query: query, beat: beat)
    }
}

/// Events as they are committed, in pages. Ends when the house closes its bell or the task is cancelled.
package struct EventStream: AsyncSequence, Sendable {
    let source: any EventSource
    let bell: EventBell
    let query: EventQuery
    let beat: Duration

    package func makeAsyncIterator() -> Iterator { Iterator(source: source, bell: bell, query: query, beat: beat) }

    package struct Iterator: AsyncIteratorProtocol {
        /// News that come together are read together.
        private static let gathering: Duration = .milliseconds(50)

        let source: any EventSource
        let bell: EventBell
        var query: EventQuery
        let beat: Duration

        /// Empty: nothing happened for a while.
        package mutating func next() async throws(StoreError) -> [Event]? {
            let deadline = ContinuousClock.now + beat
            while !bell.isClosed, !Task.isCancelled {
                let heard = bell.count
                let page = try await source.events(query)
                query.after = page.seen
                if !page.events.isEmpty { return page.events }
                if page.hasMore { continue }
                let left = deadline - .now
                if left <= .zero { return [] }
                await bell.wait(after: heard, upTo: left)
                try? await Task.sleep(for: Swift.min(left, Self.gathering))
            }
            return nil
        }
    }
}

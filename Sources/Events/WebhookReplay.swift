package import Domain
import FoundationEssentials
package import Journal

/// Which events are sent again.
package enum ReplayOrder: Sendable, Hashable {
    /// Those for which the webhook was made; others are left out.
    case events([EventID])
    /// After the first up to and with the second; nil: up to now.
    case range(after: EventID, until: EventID?)
    /// All that were given up.
    case failed
}

extension WebhookDesk {
    /// From the first attempt, under the same names: a receiver that has them knows them again.
    /// - Returns: how many, and for a range that was longer than `largestReplay` the event after which to go on.
    package func replay(
        _ order: ReplayOrder, to webhook: Webhook, at now: Moment
    ) async throws(Refusal) -> (count: Int, next: EventID?) {
        try await storing { () async throws(StoreError) in
            switch order {
            case .events(let ids): (try await replay(ids, to: webhook, at: now), nil)
            case .range(let after, let until): try await replay(after: after, until: until, to: webhook, at: now)
            case .failed: (try await replayFailed(to: webhook, at: now), nil)
            }
        }
    }

    private func replay(_ ids: [EventID], to webhook: Webhook, at now: Moment) async throws(StoreError) -> Int {
        var known: [EventID] = []
        for id in ids.prefix(Self.largestReplay) {
            if let event = try await source.event(id), webhook.scope.admits(event), webhook.filter.admits(event.type) {
                known.append(id)
            }
        }
        try await book.replay(known, to: webhook.id, at: now)
        return known.count
    }

    private func replay(
        after: EventID, until: EventID?, to webhook: Webhook, at now: Moment
    ) async throws(StoreError) -> (count: Int, next: EventID?) {
        let last = try await source.lastSequence()
        let end = min(until?.raw ?? last, last)
        var query = EventQuery(
            scope: webhook.scope, filter: webhook.filter, after: after.raw, limit: 250, scan: EventFeed.scan)
        var count = 0
        while query.after < end, count < Self.largestReplay {
            let page = try await source.events(query)
            let ids = page.events.map(\.id).filter { $0.raw <= end }
            try await book.replay(ids, to: webhook.id, at: now)
            count += ids.count
            query.after = page.seen
        }
        return (count, query.after < end ? EventID(raw: query.after) : nil)
    }

    private func replayFailed(to webhook: Webhook, at now: Moment) async throws(StoreError) -> Int {
        var count = 0
        var after: EventID?
        while count < Self.largestReplay {
            let page = try await book.deliveries(of: webhook.id, status: .failed, limit: 250, after: after)
            guard let last = page.last else { break }
            try await book.replay(page.map(\.event), to: webhook.id, at: now)
            count += page.count
            after = last.event
        }
        return count
    }

    /// A signed `webhook.test` to the receiver, once, whatever its filter. It has no place in the journal and is not tried
    /// again.
    package func test(_ webhook: Webhook, over wire: any WebhookWire, at now: Moment) async -> WebhookAnswer {
        let name = "test_" + ids.next(EventKind.self, at: now.wall).text.dropFirst(EventKind.prefix.count)
        var body: [UInt8] = []
        var object = ObjectWriter(&body)
        object.add("id", name, to: &body)
        object.add("type", "webhook.test", to: &body)
        object.add("created_at", now.wall.ISO8601Format(.init(includingFractionalSeconds: true)), to: &body)
        object.name("data", to: &body)
        var data = ObjectWriter(&body)
        data.add("webhook", webhook.id.text, to: &body)
        data.end(&body)
        object.end(&body)
        return await WebhookCourier(wire: wire).carry(body, named: name, to: webhook, at: now.wall)
    }
}

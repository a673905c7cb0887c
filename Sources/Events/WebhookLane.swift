package import Domain
package import FoundationEssentials
package import Journal

/// The way to one webhook: what is new gets a delivery, what is due is sent, what came of it is written down. Each webhook
/// has a lane of its own, so that a slow receiver holds up nobody else.
package struct WebhookLane: Sendable {
    /// Requests under way at once to one receiver.
    package static let concurrency = 4
    /// Pending deliveries of one webhook; beyond, its place in the journal waits, and the journal keeps the rest.
    static let open = 10_000
    static let page = 250
    /// Lines without an event for it after which the place is written down all the same.
    static let longestWalk: Int64 = 1000

    package let source: any EventSource
    package let book: any WebhookBook
    package let wire: any WebhookWire
    package let time: TimeSource
    package let random: RandomSource

    package init(
        source: any EventSource, book: any WebhookBook, wire: any WebhookWire, time: TimeSource, random: RandomSource
    ) {
        self.source = source
        self.book = book
        self.wire = wire
        self.time = time
        self.random = random
    }

    /// What to do after a turn.
    package enum Next: Sendable, Hashable {
        /// There is more at once.
        case again
        /// When the next delivery is due; nil: when something happens.
        case wait(until: Date?)
        /// The webhook has been switched off.
        case ended
    }

    /// - Parameter cursor: how far the journal has been looked at; ahead of what is stored where nothing was for it.
    package func turn(_ webhook: Webhook, cursor: inout Int64) async throws(StoreError) -> Next {
        cursor = max(cursor, webhook.cursor)
        var due = try await book.due(webhook.id, limit: Self.page, at: time.now())
        var hasMore = false
        if due.open < Self.open {
            let query = EventQuery(
                scope: webhook.scope, filter: webhook.filter, after: cursor,
                limit: min(Self.page, Self.open - due.open), scan: EventFeed.scan)
            let page = try await source.events(query)
            hasMore = page.hasMore
            if !page.events.isEmpty || page.seen - webhook.cursor >= Self.longestWalk {
                try await book.spread(page.events.map(\.id), to: webhook.id, cursor: page.seen, at: time.now())
            }
            cursor = page.seen
            if !page.events.isEmpty {
                due = try await book.due(webhook.id, limit: Self.page, at: time.now())
            }
        }
        let isGone = try await send(due.deliveries, to: webhook)
        if isGone { return .ended }
        // What failed just now is due later; only a new look knows when.
        if due.deliveries.count == Self.page || hasMore { return .again }
        return .wait(until: due.deliveries.isEmpty ? due.next : time.now().wall.addingTimeInterval(1))
    }

    /// - Returns: whether the receiver said that it is gone.
    private func send(_ deliveries: [WebhookDelivery], to webhook: Webhook) async throws(StoreError) -> Bool {
        let ends = await withTaskGroup(of: Result<Bool, StoreError>.self) { group in
            var waiting = deliveries[...]
            func begin() {
                guard let delivery = waiting.popFirst() else { return }
                group.addTask { await result(of: delivery, to: webhook) }
            }
            for _ in 0..<Self.concurrency { begin() }
            var ends: [Result<Bool, StoreError>] = []
            while let end = await group.next() {
                ends.append(end)
                // After a 410 or a store that fails nothing more is begun; what is under way comes to its end.
                if !Task.isCancelled, case .success(false) = end { begin() }
            }
            return ends
        }
        var isGone = false
        for end in ends where try end.get() { isGone = true }
        return isGone
    }

    private func result(of delivery: WebhookDelivery, to webhook: Webhook) async -> Result<Bool, StoreError> {
        do throws(StoreError) {
            guard let event = try await source.event(delivery.event) else {
                try await record(delivery, WebhookAnswer(verdict: .gone, error: "the event is not in the journal"))
                return .success(false)
            }
            let answer = await WebhookCourier(wire: wire).carry(event, to: webhook, at: time.now().wall)
            // A stop breaks off what is under way. Nobody knows whether it was taken, so it is sent again.
            guard !Task.isCancelled || answer.code != nil else { return .success(false) }
            try await record(delivery, answer)
            guard answer.verdict == .gone else { return .success(false) }
            try await switchOff(webhook.id)
            return .success(true)
        } catch {
            return .failure(error)
        }
    }

    private func record(_ delivery: WebhookDelivery, _ answer: WebhookAnswer) async throws(StoreError) {
        let now = time.now()
        try await book.record([delivery.after(answer, at: now.wall, chance: random.fraction())], at: now)
    }

    private func switchOff(_ id: WebhookID) async throws(StoreError) {
        guard var webhook = try await book.webhook(id), webhook.state.isActive else { return }
        webhook.state = .disabled(.gone)
        _ = try await book.change(webhook, by: "gateway", at: time.now())
    }
}

extension WebhookDelivery {
    /// - Parameter chance: 0 ..< 1, see `WebhookSchedule`.
    func after(_ answer: WebhookAnswer, at now: Date, chance: Double) -> WebhookDelivery {
        var delivery = self
        delivery.attempts += 1
        (delivery.code, delivery.error, delivery.attemptedAt, delivery.nextAt) = (answer.code, answer.error, now, nil)
        switch answer.verdict {
        case .taken: delivery.status = .delivered
        case .gone: delivery.status = .failed
        case .notTaken:
            let pause = WebhookSchedule.pause(after: delivery.attempts, chance: chance)
            delivery.nextAt = pause.map { now.addingTimeInterval($0.seconds) }
            delivery.status = pause == nil ? .failed : .pending
        }
        return delivery
    }
}

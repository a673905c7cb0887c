import Domain
import FoundationEssentials
import Journal
import Policy
import Queue
import Synchronization
import Worker

// What clients, residents and operators do to a world.

extension World {
    func enqueue(_ order: Event.Order, _ store: any SimulatedStore) async throws(StoreError) {
        try refuseWrites()
        var order = order
        oracle.asked(order)
        let due = max(clock.now.wall, order.message.sendAt ?? clock.now.wall)
        let held: HeldReason? = due > clock.now.wall ? .sendAt : nil
        let item = Enqueue(
            message: order.message, requestHash: [1], start: .queued(due: due, held, order.channel))
        let answer = try await store.enqueue([item], at: clock.now)
        trace.say("enqueue \(order.message.id.raw) \(answer)")
        // The answer does not reach the client: it asks again, with a new id and the old key.
        if !healed, order.tries < 2, chance.happens(plan.lostCommits * 5) {
            order.tries += 1
            order.message = order.message.renamed(MessageID(raw: order.message.id.raw + 1000))
            agenda.enter(.enqueue(order), at: clock.uptime + 2000)
            return
        }
        for case .new(let id) in answer { oracle.acknowledged(id) }
        for case .known(let id) in answer { oracle.acknowledged(id) }
        for case .conflict(let id) in answer { oracle.accuse("\(id) conflicts with its own repeat") }
    }

    func say(
        _ action: ConsentRecord.Action, _ resident: Int, _ purpose: PurposeID, _ channel: Channel?,
        _ store: any SimulatedStore
    ) async throws(StoreError) {
        try refuseWrites()
        let id = ids.withLock { id in
            id += 1
            return id
        }
        // The resident's own clock is right, whatever somebody does to the server's.
        let said = plan.start.addingTimeInterval(Double(clock.uptime - 1_000_000) / 1000)
        let record = ConsentRecord(
            id: ConsentID(raw: id), recipient: Town.recipient(resident), purpose: purpose, channel: channel,
            action: action, occurredAt: said, recordedAt: clock.now.wall)
        try await store.record([record], at: clock.now)
        trace.say("\(action.rawValue) \(resident) \(purpose) \(channel?.rawValue ?? "all")")
        count("consents \(action.rawValue)")
        oracle.said(record)
    }

    func apply(
        _ id: MessageID, _ event: MessageEvent, by: String, _ store: any SimulatedStore
    ) async throws(StoreError) -> Applied {
        try refuseWrites()
        let failure = event == .reportedFailed ? DeliveryFailure(.addressBusy, code: "20") : nil
        let change = Change(message: id, event: event, by: by, failure: failure)
        let applied = try await store.apply([change], at: clock.now).first ?? .unknownMessage
        trace.say("\(event.rawValue) \(id.raw) by \(by): \(applied)")
        return applied
    }

    /// As `vestnik dead retry`: what may have arrived is left alone.
    func retry(_ id: MessageID, _ store: any SimulatedStore) async throws(StoreError) {
        guard let order = oracle.notes.withLock({ $0.orders[id] }), let view = try await store.message(id) else {
            return
        }
        switch view.state {
        case .failed where view.failure?.reason != .noAnswer && view.failure?.reason != .unintelligible, .expired: break
        case .failed, .queued, .sending, .sent, .unconfirmed, .delivered, .suppressed, .cancelled: return
        }
        count("retries")
        let message = order.message.renamed(
            MessageID(raw: id.raw + Plan.retries), key: "retry:\(id.raw)",
            expiresAt: clock.now.wall.addingTimeInterval(3600))
        try await enqueue(
            Event.Order(message: message, resident: order.resident, channel: order.channel, canary: order.canary), store
        )
    }

    /// First the books, then the running worker: the order in which an operator's word is never forgotten.
    func pause(_ id: ProviderID, _ pauses: Bool, _ store: any SimulatedStore) async throws(StoreError) {
        try refuseWrites()
        let state = ProviderState(
            provider: id, pausedUntil: pauses ? .distantFuture : nil, reason: pauses ? "operator" : nil,
            since: clock.now.wall)
        try await store.record(state, by: "operator", at: clock.now)
        trace.say("\(pauses ? "pause" : "resume") \(id)")
        oracle.paused(id, pauses)
        self.state.withLock(\.mailbox)?.put(pauses ? .pause(id) : .resume(id))
        if pauses { count("pauses") }
    }

    /// The store keeps no hold here; whoever begins anew is told of it before its first turn, as by its books.
    func hold(_ holds: Bool) {
        let mailbox = state.withLock { state in
            state.isHeld = holds
            return state.mailbox
        }
        trace.say(holds ? "hold" : "release")
        oracle.held(holds)
        mailbox?.put(holds ? .hold : .release)
        if holds { count("holds") }
    }
}

extension Message {
    fileprivate func renamed(_ id: MessageID, key: String? = nil, expiresAt: Date? = nil) -> Message {
        Message(
            id: id, client: client, idempotencyKey: key ?? idempotencyKey, purpose: purpose, template: template,
            locale: locale, recipient: recipient, destinations: destinations, channels: channels, variables: variables,
            priority: priority, sendAt: sendAt, expiresAt: expiresAt ?? self.expiresAt, acceptedAt: acceptedAt,
            thread: thread,
            supersedes: supersedes, fallback: fallback)
    }
}

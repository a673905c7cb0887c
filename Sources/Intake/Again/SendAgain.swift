package import Domain
package import Journal
package import Queue

/// Finals stay final: sending again is a new message that names the old one, and each is sent again once.
package struct SendAgain: Sendable {
    package enum Ending: Sendable, Hashable {
        /// The new message, and where it begins.
        case new(MessageID, Enqueue.Start)
        /// It was sent again before, as this message.
        case before(MessageID)
        case refused(RetryObjection, in: MessageState)
        case noSuchMessage
        /// It is no longer configured.
        case noSuchPurpose(PurposeID)
    }

    private let accept: Accept
    private let queue: any MessageQueue
    private let journal: any JournalReader

    package init(accept: Accept, queue: any MessageQueue, journal: any JournalReader) {
        self.accept = accept
        self.queue = queue
        self.journal = journal
    }

    /// - Parameter evenUnconfirmed: also where the resident may have the first copy.
    /// - Returns: one for each, in order; what is new is durable, all of it in one commit.
    package func callAsFunction(
        _ ids: [MessageID], evenUnconfirmed: Bool, at now: Moment
    ) async throws(StoreError) -> [Ending] {
        var views: [MessageView?] = []
        for id in ids { views.append(try await journal.message(id)) }
        return try await self(views, evenUnconfirmed: evenUnconfirmed, at: now)
    }

    /// The same for messages that have been looked at already.
    package func callAsFunction(
        _ views: [MessageView?], evenUnconfirmed: Bool, at now: Moment
    ) async throws(StoreError) -> [Ending] {
        var endings: [Ending] = [], again: [(place: Int, enqueue: Enqueue)] = []
        for (place, view) in views.enumerated() {
            guard let view else {
                endings.append(.noSuchMessage)
                continue
            }
            endings.append(.noSuchPurpose(view.message.purpose))
            if let objection = view.objectionToRetry(evenUnconfirmed: evenUnconfirmed) {
                endings[place] = .refused(objection, in: view.state)
            } else if let enqueue = try await accept.again(view.message, at: now.wall) {
                again.append((place, enqueue))
            }
        }
        let results = try await queue.enqueue(again.map(\.enqueue), at: now)
        for (item, result) in zip(again, results) {
            switch result {
            case .new(let id): endings[item.place] = .new(id, item.enqueue.start)
            // Two people who retry at once queue it once.
            case .known(let id), .conflict(let id): endings[item.place] = .before(id)
            }
        }
        return endings
    }
}

package import Domain
package import Journal

/// What people do with many dead letters at once.
package enum DeadLetterAction: Sendable, Hashable {
    case retry(evenUnconfirmed: Bool)
    case drop

    /// Whether it does anything for this one.
    func concerns(_ letter: DeadLetter) -> Bool {
        switch self {
        case .retry(let evenUnconfirmed): evenUnconfirmed || !letter.mayHaveArrived
        case .drop: letter.mayHaveArrived
        }
    }
}

/// The messages that an action on a filter is about, as they are at this moment: what dies later is not among them.
package struct DeadLetterChoice: Sendable, Hashable {
    /// The oldest first: they waited longest.
    package let ids: [MessageID]
    /// Match the filter, and the action leaves them alone.
    package let others: Int

    private static let page = 1000

    /// Read in pages, newest first.
    package init(
        _ filter: DeadLetterFilter, for action: DeadLetterAction, in journal: any JournalReader
    ) async throws(StoreError) {
        var chosen: [MessageID] = [], others = 0, last: MessageID?
        while true {
            let letters = try await journal.deadLetters(filter, limit: Self.page, after: last)
            for letter in letters {
                if action.concerns(letter) { chosen.append(letter.message) } else { others += 1 }
            }
            last = letters.last?.message
            if letters.count < Self.page { break }
        }
        ids = chosen.reversed()
        self.others = others
    }
}

package import Domain

/// Whom team keys of one client may reach.
package struct GuestList: Sendable, Hashable {
    package private(set) var recipients: Set<RecipientID>
    /// As the books compare them.
    private var destinations: Set<Destination>

    package init(recipients: Set<RecipientID> = [], destinations: [Destination] = []) {
        self.recipients = recipients
        self.destinations = Set(destinations.map(\.folded))
    }

    package init(_ guests: [Guest]) {
        self.init()
        for guest in guests {
            switch guest {
            case .recipient(let id): recipients.insert(id)
            case .destination(let destination): destinations.insert(destination.folded)
            }
        }
    }

    /// - Parameter recipient: whom the message names; a guest is reached at every address that the books know of him.
    package func invites(_ destination: Destination, of recipient: RecipientID?) -> Bool {
        if let recipient, recipients.contains(recipient) { return true }
        return destinations.contains(destination.folded)
    }
}

/// One line of a guest list.
package enum Guest: Sendable, Hashable {
    case recipient(RecipientID)
    case destination(Destination)

    /// So many per client: it is read for every team message, and whoever needs more needs a live key.
    package static let limit = 200
}

package enum GuestChange: Sendable, Hashable {
    case done
    /// It stood there before, or did not.
    case nothingToDo
    case tooMany
}

/// Guest lists, by client. Each change leaves a journal line `key`.
package protocol GuestBook: Sendable {
    func guests(of client: String) async throws(StoreError) -> [Guest]
    func invite(_ guest: Guest, of client: ClientName, by: String, at now: Moment) async throws(StoreError)
        -> GuestChange
    /// Effective for every message that has not begun when it returns.
    func uninvite(_ guest: Guest, of client: ClientName, by: String, at now: Moment) async throws(StoreError)
        -> GuestChange
}

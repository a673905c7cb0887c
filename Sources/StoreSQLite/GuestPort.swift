package import Domain
import FoundationEssentials
import GRDB
import Journal
package import Policy

extension SQLiteStore: GuestBook {
    package func guests(of client: String) async throws(StoreError) -> [Guest] {
        try await read { try $0.guests(of: client) }
    }

    package func invite(
        _ guest: Guest, of client: ClientName, by: String, at now: Moment
    ) async throws(StoreError) -> GuestChange {
        try await write(.change, at: now) { try $0.invite(guest, of: client, by: by) }
    }

    package func uninvite(
        _ guest: Guest, of client: ClientName, by: String, at now: Moment
    ) async throws(StoreError) -> GuestChange {
        try await write(.change, at: now) { try $0.uninvite(guest, of: client, by: by) }
    }
}

extension Transaction {
    func invite(_ guest: Guest, of client: ClientName, by: String) throws -> GuestChange {
        let present = try db.guests(of: client.text)
        if present.contains(guest.folded) { return .nothingToDo }
        guard present.count < Guest.limit else { return .tooMany }
        let (channel, name) = guest.columns
        try db.run(
            "INSERT INTO guests (client, channel, name, added_at) VALUES (?, ?, ?, ?)",
            [client.text, channel, name, now.wall.milliseconds])
        try journal("key", by: by, facts("guest_added", guest, client))
        return .done
    }

    func uninvite(_ guest: Guest, of client: ClientName, by: String) throws -> GuestChange {
        let (channel, name) = guest.columns
        try db.run(
            "DELETE FROM guests WHERE client = ? AND channel = ? AND name = ?", [client.text, channel, name])
        guard db.changesCount > 0 else { return .nothingToDo }
        // A permit that was given to the guest is asked for again before a byte leaves.
        switch guest {
        case .recipient(let id): try age(Subject.recipient(id))
        case .destination(let destination): try age(Subject.destination(destination))
        }
        try journal("key", by: by, facts("guest_removed", guest, client))
        return .done
    }

    private func facts(_ action: String, _ guest: Guest, _ client: ClientName) -> [JournalEntry.Fact?] {
        let whom: JournalEntry.Fact? =
            switch guest {
            case .recipient(let id): .init("recipient", id.text)
            case .destination(let destination):
                .init("to", "\(destination.channel.rawValue) \(destination.address.masked)")
            }
        return [.init("action", action), .init("client", client.text), whom]
    }
}

extension Database {
    func guests(of client: String) throws -> [Guest] {
        var guests: [Guest] = []
        try each("SELECT channel, name FROM guests WHERE client = ? ORDER BY channel, name", [client]) { row in
            guests.append(try Guest(row))
        }
        return guests
    }
}

extension Guest {
    fileprivate init(_ row: Row) throws {
        guard row.text(0).isEmpty else {
            self = .destination(try row.destination(0))
            return
        }
        guard let id = RecipientID(row.text(1)) else { throw Damaged(what: "a guest's name") }
        self = .recipient(id)
    }

    /// As it stands in its row.
    fileprivate var columns: (channel: String, name: String) {
        switch self {
        case .recipient(let id): ("", id.text)
        case .destination(let destination): (destination.channel.rawValue, destination.folded.address.exposed)
        }
    }

    fileprivate var folded: Guest {
        switch self {
        case .recipient: self
        case .destination(let destination): .destination(destination.folded)
        }
    }
}

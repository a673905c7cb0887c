import Domain
import FoundationEssentials
import GRDB
import Policy

/// Reads for a page of messages what the books say about their addressees: one set of statements, each resident once.
struct StandingReader {
    private let recipients: HotStatement
    private let destinations: HotStatement
    private let consents: HotStatement
    private let suppressions: HotStatement
    private var known: [RecipientID: Recipient?] = [:]
    private let db: Database
    /// Of the clients whose team messages were met.
    private var lists: [String: GuestList] = [:]
    /// Prepared for the first message with a condition: most pages have none.
    private var facts: HotStatement?

    init(_ db: Database) throws {
        self.db = db
        recipients = try HotStatement(
            cached: db, "SELECT name, locale, time_zone, house, entrance, riser, flat FROM recipients WHERE id = ?")
        destinations = try HotStatement(
            cached: db, "SELECT channel, address FROM destinations WHERE recipient = ? ORDER BY place")
        // The index read backwards, and nothing but the index: nothing is sorted.
        consents = try HotStatement(
            cached: db,
            """
            SELECT id, channel, action, occurred_at, recorded_at FROM consents WHERE recipient = ? AND purpose = ?
            ORDER BY recorded_at DESC, id DESC
            """)
        suppressions = try HotStatement(
            cached: db,
            "SELECT channel, address, reason, since, until, detail FROM suppressions WHERE channel = ? AND address = ?")
    }

    mutating func standing(of message: Message, epoch: Epoch, at now: Date) throws -> Standing {
        let recipient = try message.recipient.flatMap { try resident($0) }
        let consents = try message.recipient.map { try latestWords(of: $0, about: message.purpose) } ?? []
        var found: [Suppression] = []
        for destination in message.destinations { try look(destination, &found, at: now) }
        for destination in recipient?.destinations ?? [] { try look(destination, &found, at: now) }
        return Standing(
            recipient: recipient, consents: consents, suppressions: found,
            guests: message.mode == .team ? try guests(of: message.client) : nil,
            facts: try message.condition.flatMap { try self.facts(of: $0.account) }, epoch: epoch)
    }

    private mutating func guests(of client: String) throws -> GuestList {
        if let list = lists[client] { return list }
        let list = GuestList(try db.guests(of: client))
        lists[client] = list
        return list
    }

    private mutating func facts(of account: AccountID) throws -> AccountFacts? {
        let statement =
            try facts ?? HotStatement(cached: db, "SELECT balance, as_of FROM account_facts WHERE account = ?")
        facts = statement
        return try statement.first {
            $0.add(account.text)
        } _: { row in
            AccountFacts(account: account, balance: Kopecks(row.number(0)), asOf: row.date(1))
        }
    }

    private mutating func resident(_ id: RecipientID) throws -> Recipient? {
        if let seen = known[id] { return seen }
        let recipient = try recipient(id)
        known[id] = .some(recipient)
        return recipient
    }

    func recipient(_ id: RecipientID) throws -> Recipient? {
        let recipient = try recipients.first {
            $0.add(id.text)
        } _: { row in
            let premises = row.text(orNil: 3).map {
                Premises(
                    house: $0, entrance: row.text(orNil: 4), riser: row.text(orNil: 5), flat: row.text(orNil: 6))
            }
            return Recipient(
                id: id, name: row.text(orNil: 0), locale: row.text(1), timeZone: row.text(2), premises: premises)
        }
        guard var recipient else { return nil }
        try destinations.each({ $0.add(id.text) }) { recipient.destinations.append(try $0.destination(0)) }
        return recipient
    }

    /// The last word about each channel, and about all of them at once: by when it was said, then by when it was written
    /// down.
    private func latestWords(of recipient: RecipientID, about purpose: PurposeID) throws -> [ConsentWord] {
        var latest: [ConsentWord] = []
        try consents.each {
            $0.add(recipient.text)
            $0.add(purpose.text)
        } _: { row in
            let word = ConsentWord(
                id: ConsentID(raw: row.number(0)), purpose: purpose, channel: try row.word(orNil: 1),
                action: try row.word(2), occurredAt: row.date(3), recordedAt: row.date(4))
            if let place = latest.firstIndex(where: { $0.channel == word.channel }) {
                if word.occurredAt > latest[place].occurredAt { latest[place] = word }
            } else {
                latest.append(word)
            }
        }
        return latest
    }

    private func look(_ destination: Destination, _ found: inout [Suppression], at now: Date) throws {
        let suppression = try suppressions.first {
            $0.add(destination.channel.rawValue)
            $0.add(destination.folded.address.exposed)
        } _: {
            try Database.suppression($0)
        }
        guard let suppression, suppression.holds(at: now), !found.contains(suppression) else { return }
        found.append(suppression)
    }
}

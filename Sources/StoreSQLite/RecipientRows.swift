import Domain
import FoundationEssentials
import GRDB
import Journal
import Policy

extension Transaction {
    func put(_ recipient: Recipient, by: String = "gateway") throws {
        let premises = recipient.premises
        try db.run(
            """
            INSERT OR REPLACE INTO recipients (id, name, locale, time_zone, house, entrance, riser, flat, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                recipient.id.text, recipient.name, recipient.locale, recipient.timeZone, premises?.house.nfc,
                premises?.entrance?.nfc, premises?.riser?.nfc, premises?.flat?.nfc, now.wall.milliseconds,
            ])
        try db.run("DELETE FROM destinations WHERE recipient = ?", [recipient.id.text])
        for (place, destination) in recipient.destinations.enumerated() {
            try db.run(
                "INSERT INTO destinations (recipient, place, channel, address) VALUES (?, ?, ?, ?)",
                [recipient.id.text, place, destination.channel.rawValue, destination.address.exposed])
        }
        try age(Subject.recipient(recipient.id))
        // Whose, and which channels; no name, no address, no flat.
        let channels = recipient.destinations.map(\.channel.rawValue).joined(separator: " ")
        try journal(
            "recipient", by: by, [.init("recipient", recipient.id.text), .init("channels", channels)])
    }
}

extension Database {
    func residents(of premises: Premises) throws -> [RecipientID] {
        var ids: [RecipientID] = []
        try each(
            """
            SELECT id FROM recipients WHERE house = ?1 AND (?2 IS NULL OR entrance = ?2) AND (?3 IS NULL OR riser = ?3)
                AND (?4 IS NULL OR flat = ?4)
            ORDER BY id
            """, [premises.house.nfc, premises.entrance?.nfc, premises.riser?.nfc, premises.flat?.nfc]
        ) { row in
            if let id = try row.recipient(orNil: 0) { ids.append(id) }
        }
        return ids
    }
}

package import Domain
import GRDB
package import Policy

extension SQLiteStore: ConsentBook {
    package func standings(of messages: [Message], at now: Moment) async throws(StoreError) -> [Standing] {
        try await look { db in
            let epoch = Epoch(try db.number("SELECT epoch FROM books") ?? 0)
            var reader = try StandingReader(db)
            return try messages.map { try reader.standing(of: $0, epoch: epoch, at: now.wall) }
        }
    }

    package func record(_ records: [ConsentRecord], at now: Moment) async throws(StoreError) {
        try await write(.change, rows: records.count, at: now) { try records.forEach($0.record) }
    }

    package func ledger(of recipient: RecipientID) async throws(StoreError) -> [ConsentRecord] {
        try await read { db in
            var ledger: [ConsentRecord] = []
            try db.each(
                "SELECT \(Database.consentColumns) FROM consents WHERE recipient = ? ORDER BY recorded_at, id",
                [recipient.text]
            ) { ledger.append(try Database.consent($0)) }
            return ledger
        }
    }

    package func suppress(_ suppressions: [Suppression], by: String, at now: Moment) async throws(StoreError) {
        try await write(.change, rows: suppressions.count, at: now) { transaction in
            for suppression in suppressions { try transaction.suppress(suppression, by: by) }
        }
    }

    package func lift(_ destination: Destination, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { try $0.lift(destination, by: by) }
    }

    /// Latest first.
    package func suppressions(limit: Int) async throws(StoreError) -> [Suppression] {
        try await read { db in
            var list: [Suppression] = []
            try db.each(
                """
                SELECT channel, address, reason, since, until, detail FROM suppressions
                ORDER BY id DESC LIMIT ?
                """, [max(0, limit)]
            ) { list.append(try Database.suppression($0)) }
            return list
        }
    }
}

extension SQLiteStore: RecipientBook {
    private static let fewRecipients = 8

    package func take(_ residents: ResidentImport, at now: Moment) async throws(StoreError) -> Int {
        try await write(.change, rows: residents.recipients.count + residents.consents.count, at: now) { transaction in
            for recipient in residents.recipients { try transaction.put(recipient, by: residents.by) }
            return try residents.consents.count { try transaction.recordIfNew($0) }
        }
    }

    package func put(_ recipients: [Recipient], at now: Moment) async throws(StoreError) {
        try await write(.change, rows: recipients.count, at: now) { transaction in
            for recipient in recipients { try transaction.put(recipient) }
        }
    }

    package func recipients(_ ids: Set<RecipientID>) async throws(StoreError) -> [RecipientID: Recipient] {
        guard !ids.isEmpty else { return [:] }
        let find: @Sendable (Database) throws -> [RecipientID: Recipient] = { db in
            let reader = try StandingReader(db)
            var recipients: [RecipientID: Recipient] = [:]
            for id in ids { recipients[id] = try reader.recipient(id) }
            return recipients
        }
        // Single requests ask at the pace of their own commits, after each of which a reader begins with a cold cache; a
        // page of a batch would keep all others from writing meanwhile.
        return ids.count <= Self.fewRecipients ? try await look(find) : try await read(find)
    }

    package func residents(of premises: Premises) async throws(StoreError) -> [RecipientID] {
        try await read { try $0.residents(of: premises) }
    }
}

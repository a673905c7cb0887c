package import Domain
import FoundationEssentials
import GRDB
import Journal
package import Policy

extension SQLiteStore: PeopleBook {
    package func put(_ recipient: Recipient, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { transaction in
            let isNew = try transaction.db.number("SELECT 1 FROM recipients WHERE id = ?", [recipient.id.text]) == nil
            try transaction.put(recipient, by: by)
            return isNew
        }
    }

    package func remove(_ recipient: RecipientID, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { try $0.remove(recipient, by: by) }
    }

    package func ledger(
        of recipient: RecipientID, limit: Int, before: ConsentID?
    ) async throws(StoreError) -> [ConsentRecord] {
        try await read { db in
            try db.consents(
                "WHERE recipient = ? AND id < ? ORDER BY id DESC LIMIT ?",
                [recipient.text, before?.raw ?? .max, max(0, limit)])
        }
    }

    package func ledger(after: ConsentID?, limit: Int) async throws(StoreError) -> [ConsentRecord] {
        try await read { db in
            try db.consents("WHERE id > ? ORDER BY id LIMIT ?", [after?.raw ?? .min, max(0, limit)])
        }
    }

    package func append(_ records: [ConsentRecord], at now: Moment) async throws(StoreError) -> [ConsentRecord] {
        try await write(.change, rows: records.count, at: now) { transaction in
            try records.map { try transaction.appended($0) }
        }
    }

    package func append(
        _ records: [ConsentRecord], to recipient: RecipientID, holding count: Int, at now: Moment
    ) async throws(StoreError) -> Bool {
        try await write(.change, rows: records.count, at: now) { transaction in
            // The ledger only grows: as many records are the same records.
            let held = try transaction.db.number("SELECT count(*) FROM consents WHERE recipient = ?", [recipient.text])
            guard held == Int64(count) else { return false }
            try records.forEach(transaction.record)
            return true
        }
    }

    package func suppressions(limit: Int, before: SuppressionID?) async throws(StoreError) -> [ListedSuppression] {
        try await read { db in
            try db.listed("WHERE id < ? ORDER BY id DESC LIMIT ?", [before?.raw ?? .max, max(0, limit)])
        }
    }

    package func suppressions(of destinations: [Destination]) async throws(StoreError) -> [ListedSuppression] {
        try await read { db in try destinations.compactMap { try db.listed($0) } }
    }

    package func list(
        _ suppression: Suppression, by: String, at now: Moment
    ) async throws(StoreError) -> (line: ListedSuppression, isNew: Bool) {
        try await write(.change, at: now) { transaction in
            let isNew = try transaction.suppress(suppression, by: by)
            guard let line = try transaction.db.listed(suppression.destination) else {
                throw Damaged(what: "a suppression that was written is gone")
            }
            return (line, isNew)
        }
    }

    package func lift(_ id: SuppressionID, by: String, at now: Moment) async throws(StoreError) -> Bool {
        try await write(.change, at: now) { transaction in
            guard let line = try transaction.db.listed("WHERE id = ?", [id.raw]).first else { return false }
            return try transaction.lift(line.suppression.destination, by: by)
        }
    }

    package func note(_ disclosure: Disclosure, by: String, at now: Moment) async throws(StoreError) {
        let what: JournalEntry.Fact? =
            switch disclosure {
            case .resident(let id): .init("recipient", id.text)
            case .ledger: .init("what", "consents")
            }
        try await write(.change, at: now) { try $0.journal("exported", by: by, [what]) }
    }
}

extension Transaction {
    /// The record itself, or the one that said the same before.
    fileprivate func appended(_ record: ConsentRecord) throws -> ConsentRecord {
        if let id = try told(record), let before = try db.consents("WHERE id = ?", [id]).first { return before }
        try self.record(record)
        return record
    }

    fileprivate func remove(_ recipient: RecipientID, by: String) throws -> Bool {
        try db.run("DELETE FROM recipients WHERE id = ?", [recipient.text])
        guard db.changesCount > 0 else { return false }
        try db.run("DELETE FROM destinations WHERE recipient = ?", [recipient.text])
        // A permit that was given to an address of theirs is asked for again before a byte leaves.
        try age(Subject.recipient(recipient))
        try journal("recipient", by: by, [.init("recipient", recipient.text), .init("action", "removed")])
        return true
    }
}

extension Database {
    fileprivate func consents(_ condition: String, _ arguments: StatementArguments) throws -> [ConsentRecord] {
        var records: [ConsentRecord] = []
        try each("SELECT \(Self.consentColumns) FROM consents \(condition)", arguments) {
            records.append(try Self.consent($0))
        }
        return records
    }

    fileprivate func listed(_ condition: String, _ arguments: StatementArguments) throws -> [ListedSuppression] {
        var lines: [ListedSuppression] = []
        try each(
            "SELECT channel, address, reason, since, until, detail, id FROM suppressions \(condition)", arguments
        ) { row in
            lines.append(ListedSuppression(id: SuppressionID(raw: row[6]), try Self.suppression(row)))
        }
        return lines
    }

    fileprivate func listed(_ destination: Destination) throws -> ListedSuppression? {
        let folded = destination.folded
        return try listed("WHERE channel = ? AND address = ?", [folded.channel.rawValue, folded.address.exposed]).first
    }
}

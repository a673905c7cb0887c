package import Domain
import FoundationEssentials
import GRDB
import Journal
package import Policy

extension SQLiteStore: FactBook {
    package func note(
        _ facts: [AccountFacts], by: String, at now: Moment
    ) async throws(StoreError) -> [FactNoted] {
        guard !facts.isEmpty else { return [] }
        return try await write(.change, rows: facts.count, at: now) { transaction in
            try facts.map { try transaction.note($0, by: by) }
        }
    }

    package func facts(of accounts: Set<AccountID>) async throws(StoreError) -> [AccountID: AccountFacts] {
        guard !accounts.isEmpty else { return [:] }
        return try await read { db in
            var facts: [AccountID: AccountFacts] = [:]
            for account in accounts { facts[account] = try db.facts(of: account) }
            return facts
        }
    }
}

extension Database {
    fileprivate func facts(of account: AccountID) throws -> AccountFacts? {
        try first("SELECT balance, as_of FROM account_facts WHERE account = ?", [account.text]).map { row in
            AccountFacts(account: account, balance: Kopecks(row.number(0)), asOf: row.date(1))
        }
    }
}

extension Transaction {
    fileprivate func note(_ told: AccountFacts, by: String) throws -> FactNoted {
        // As the row will hold it: a time told twice must be the same time.
        var facts = told
        facts.asOf = Date(milliseconds: told.asOf.milliseconds)
        if let known = try db.facts(of: facts.account) {
            if known == facts { return .same }
            if known.asOf > facts.asOf { return .older(than: known) }
        }
        try db.run(
            """
            INSERT OR REPLACE INTO account_facts (account, balance, as_of, told_at, told_by) VALUES (?, ?, ?, ?, ?)
            """,
            [
                facts.account.text, facts.balance.count, facts.asOf.milliseconds, now.wall.milliseconds,
                Plain.text(by, limit: 200),
            ])
        try age(Subject.account(facts.account))
        try journal(
            "facts", by: by,
            [
                .init("account", facts.account.text), .init("balance", facts.balance.text),
                .init("as_of", facts.asOf.ISO8601Format()),
            ])
        return .taken
    }
}

-- The latest that was told of each personal account. Kopecks: above zero is owed.
CREATE TABLE account_facts (
    account TEXT PRIMARY KEY,
    balance INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    told_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What must still be so when the message leaves: account, then the comparison.
ALTER TABLE messages ADD COLUMN condition BLOB;

-- Addresses of clients that hear of events. An event is a line of the journal and is not copied here.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    -- NULL: the house's own, which hears of every client's messages.
    client TEXT,
    -- 1: also of consents, suppressions and providers.
    house INTEGER NOT NULL,
    url TEXT NOT NULL,
    -- Names and groups with spaces between; empty: all of them.
    types TEXT NOT NULL,
    -- Readable: we sign with them. The file is 0600.
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until INTEGER,
    -- NULL: active.
    disabled TEXT,
    created_at INTEGER NOT NULL,
    -- The journal up to this line has been looked at.
    cursor INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_deliveries (
    webhook INTEGER NOT NULL,
    -- The line of the journal.
    event INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    -- NULL once it has ended.
    next_at INTEGER,
    code INTEGER,
    error TEXT,
    created_at INTEGER NOT NULL,
    attempted_at INTEGER,
    PRIMARY KEY (webhook, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (webhook, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (status, attempted_at) WHERE next_at IS NULL;

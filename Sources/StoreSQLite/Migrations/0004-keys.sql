-- Under what kind of key a message came: `team` or `test`; NULL for all others, which are live.
ALTER TABLE messages ADD COLUMN mode TEXT;

-- Who may call. The secret is nowhere; its hash is here. Lists are words with a space between them, NULL for "all".
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    mode TEXT NOT NULL,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    templates TEXT,
    channels TEXT,
    daily_cap INTEGER,
    networks TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_client ON api_keys (client, mode);

-- What counts against the daily caps of keys. The day is that of the house's clock, since 1970.
CREATE TABLE api_key_days (
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (key, day)
) STRICT, WITHOUT ROWID;

-- Whom team keys of a client may reach: a resident (channel is empty), or an address as the books compare it.
CREATE TABLE guests (
    client TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (client, channel, name)
) STRICT, WITHOUT ROWID;

-- A key is never taken away and never becomes another one: what it did stays in the journal under its name.
CREATE TRIGGER api_keys_stay BEFORE DELETE ON api_keys BEGIN SELECT RAISE(ABORT, 'keys are revoked, not deleted'); END;
CREATE TRIGGER api_keys_keep BEFORE UPDATE OF id, client, mode, digest, scopes, templates, channels, daily_cap, networks,
    created_at, expires_at, note ON api_keys
BEGIN SELECT RAISE(ABORT, 'a key does not change'); END;
CREATE TRIGGER api_keys_end BEFORE UPDATE OF revoked_at ON api_keys WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked key stays revoked'); END;

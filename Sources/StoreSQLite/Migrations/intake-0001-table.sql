-- The stable contract for programs on this host: INSERT INTO intake (client, idempotency_key, request) VALUES (…).
-- `request` is the JSON of POST /v1/messages. The gateway fills `message` or `error` (problem JSON) within a second.
CREATE TABLE intake (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client TEXT NOT NULL,
    idempotency_key TEXT,
    request TEXT NOT NULL,
    message TEXT,
    error TEXT
) STRICT;
CREATE INDEX intake_pending ON intake (id) WHERE message IS NULL AND error IS NULL;

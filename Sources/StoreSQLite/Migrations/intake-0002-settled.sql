-- When a row got its message or its error; what was settled long ago is cleared away.
ALTER TABLE intake ADD COLUMN settled_at INTEGER;
CREATE INDEX intake_settled ON intake (settled_at) WHERE settled_at IS NOT NULL;
-- Rows count from 1 again in a new file: keys made of their numbers must not meet those of an older one.
CREATE TABLE intake_identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    identity TEXT NOT NULL
) STRICT;
INSERT INTO intake_identity VALUES (1, lower(hex(randomblob(8))));
-- What is far beyond any request is refused at the door, where whoever brings it hears of it at once.
CREATE TRIGGER intake_bounds BEFORE INSERT ON intake
WHEN length(CAST(NEW.request AS BLOB)) > 1048576 OR length(CAST(NEW.client AS BLOB)) > 1024
    OR length(CAST(NEW.idempotency_key AS BLOB)) > 4096
BEGIN SELECT RAISE(ABORT, 'intake: a request has at most 256 KiB, a client 64 bytes, a key 255 characters'); END;
CREATE TRIGGER intake_bounds_later BEFORE UPDATE OF request, client, idempotency_key ON intake
WHEN length(CAST(NEW.request AS BLOB)) > 1048576 OR length(CAST(NEW.client AS BLOB)) > 1024
    OR length(CAST(NEW.idempotency_key AS BLOB)) > 4096
BEGIN SELECT RAISE(ABORT, 'intake: a request has at most 256 KiB, a client 64 bytes, a key 255 characters'); END;

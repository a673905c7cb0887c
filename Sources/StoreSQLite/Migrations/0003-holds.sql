-- Why nothing is claimed at present; no row: messages go.
CREATE TABLE hold (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    by TEXT NOT NULL,
    detail TEXT
) STRICT;

-- Who paused or resumed the account.
ALTER TABLE provider_states ADD COLUMN by TEXT;

-- Whether a message that ended badly was sent again.
CREATE INDEX messages_by_retry ON messages (retry_of) WHERE retry_of IS NOT NULL;

-- Where a message stands is told by where its row is: queue, inflight or outcomes. The row in messages never changes.
-- All times are milliseconds since 1970, except lease_until, which is milliseconds of uptime within one session.

CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    client TEXT NOT NULL,
    idempotency_key BLOB,
    purpose TEXT NOT NULL,
    template TEXT NOT NULL,
    template_version TEXT NOT NULL,
    locale TEXT NOT NULL,
    recipient TEXT,
    priority INTEGER NOT NULL,
    send_at INTEGER,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    thread TEXT,
    supersedes TEXT,
    reference TEXT,
    retry_of INTEGER,
    -- Milliseconds without a delivery report before the next destination is tried.
    fallback_after INTEGER,
    destinations BLOB,
    channels BLOB,
    variables BLOB,
    metadata BLOB,
    attachments BLOB
) STRICT;
CREATE INDEX messages_by_supersedes ON messages (client, supersedes) WHERE supersedes IS NOT NULL;

-- On the bytes of the key: two spellings of one text are two keys, and callers' keys mostly ascend.
CREATE TABLE idempotency (
    client TEXT NOT NULL,
    key BLOB NOT NULL,
    message INTEGER NOT NULL,
    request_hash BLOB NOT NULL,
    PRIMARY KEY (client, key)
) STRICT, WITHOUT ROWID;

-- By channel first: a channel that cannot send is not even looked at, and what waits for it stays as it is.
CREATE TABLE queue (
    channel TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    id INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    held TEXT,
    attempts INTEGER NOT NULL,
    submissions INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    exhausted BLOB,
    PRIMARY KEY (channel, priority, due_at, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX queue_by_id ON queue (id);

CREATE TABLE inflight (
    id INTEGER PRIMARY KEY,
    token INTEGER NOT NULL,
    session INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    -- As in the queue, for the way back.
    queue_channel TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    held TEXT,
    attempts INTEGER NOT NULL,
    submissions INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    exhausted BLOB,
    -- The submission under way, once it began.
    began_at INTEGER,
    provider TEXT,
    channel TEXT,
    address TEXT
) STRICT;

CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    reason TEXT,
    failure_reason TEXT,
    failure_code TEXT,
    failure_detail TEXT,
    channel TEXT,
    provider TEXT,
    at INTEGER NOT NULL,
    due_at INTEGER,
    held TEXT,
    attempts INTEGER NOT NULL,
    submissions INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    exhausted BLOB
) STRICT;
-- Most stand as `sent`, and nobody looks for them by that: they are found by id, the others by their state.
CREATE INDEX outcomes_by_state ON outcomes (state, id) WHERE state <> 'sent';
CREATE INDEX outcomes_by_due ON outcomes (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE attempts (
    message INTEGER NOT NULL,
    number INTEGER NOT NULL,
    provider TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    -- NULL: the provider accepted it.
    failure_reason TEXT,
    failure_code TEXT,
    failure_detail TEXT,
    retry_after INTEGER,
    receipt TEXT,
    parts INTEGER,
    PRIMARY KEY (message, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    message INTEGER,
    event TEXT NOT NULL,
    state TEXT,
    by TEXT NOT NULL,
    facts TEXT NOT NULL,
    link BLOB NOT NULL
) STRICT;
CREATE INDEX journal_by_message ON journal (message) WHERE message IS NOT NULL;

-- The number and the link of the last row: without it, rows could vanish from the end unnoticed.
CREATE TABLE journal_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,
    link BLOB NOT NULL
) STRICT;

CREATE TABLE recipients (
    id TEXT PRIMARY KEY,
    name TEXT,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    house TEXT,
    entrance TEXT,
    riser TEXT,
    flat TEXT,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recipients_by_premises ON recipients (house, entrance, riser, flat) WHERE house IS NOT NULL;

CREATE TABLE destinations (
    recipient TEXT NOT NULL,
    place INTEGER NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (recipient, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT,
    action TEXT NOT NULL,
    source TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    evidence TEXT,
    text_version TEXT,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
-- With all that policy asks for each message, so that the ledger itself is read for its proofs only.
CREATE INDEX consents_by_recipient ON consents (recipient, purpose, recorded_at, id, channel, action, occurred_at);

CREATE TABLE suppressions (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    detail TEXT,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppressions_by_since ON suppressions (since);

-- The age of the books, and the age at which each recipient or address last changed.
CREATE TABLE books (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE book_changes (
    subject TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_states (
    provider TEXT PRIMARY KEY,
    paused_until INTEGER,
    reason TEXT,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What counts against daily caps, in what the provider counts. The day is that of the house's clock, since 1970.
CREATE TABLE provider_days (
    provider TEXT NOT NULL,
    day INTEGER NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (provider, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE templates (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    source BLOB NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

-- One row for each process that owned the file: a claim of an earlier one is a claim of a dead process.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    pid INTEGER NOT NULL,
    holder TEXT NOT NULL
) STRICT;

-- Written after a failed commit to learn whether the disk takes bytes again.
CREATE TABLE probe (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER messages_keep BEFORE UPDATE ON messages BEGIN SELECT RAISE(ABORT, 'messages are only appended'); END;
CREATE TRIGGER messages_stay BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'messages are only appended'); END;
CREATE TRIGGER attempts_keep BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts are only appended'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts are only appended'); END;
CREATE TRIGGER consents_keep BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'consents are only appended'); END;
CREATE TRIGGER consents_stay BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'consents are only appended'); END;
CREATE TRIGGER journal_keep BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only appended'); END;
CREATE TRIGGER journal_stay BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is only appended'); END;

-- INSERT OR REPLACE deletes without asking the triggers above.
CREATE TRIGGER consents_once BEFORE INSERT ON consents WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'consents are only appended'); END;
-- By the head, not by a look into the journal itself: it is asked for every line that is written.
CREATE TRIGGER journal_once BEFORE INSERT ON journal
WHEN NEW.sequence <= (SELECT sequence FROM journal_head WHERE one = 1)
BEGIN SELECT RAISE(ABORT, 'the journal is only appended'); END;

INSERT INTO journal_head VALUES (1, 0, x'');
INSERT INTO books VALUES (1, 0);
INSERT INTO probe VALUES (1, x'');

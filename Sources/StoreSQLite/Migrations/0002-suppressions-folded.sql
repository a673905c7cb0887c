-- Suppressions compare mailboxes without regard to case: rows that were kept as they were typed take the folded form.
-- Of two that become one the longer stays, as when it is suppressed twice. lower() folds ASCII letters only, and an
-- address holds no others.
INSERT INTO suppressions (channel, address, reason, since, until, detail)
SELECT channel, lower(address), reason, since, until, detail FROM suppressions
WHERE channel = 'email' AND address <> lower(address)
ON CONFLICT (channel, address) DO UPDATE
SET reason = excluded.reason, since = excluded.since, until = excluded.until, detail = excluded.detail
WHERE until IS NOT NULL AND (excluded.until IS NULL OR excluded.until >= until);
DELETE FROM suppressions WHERE channel = 'email' AND address <> lower(address);

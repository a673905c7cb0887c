-- A line of the suppression list has a name of its own: an address may not stand in a URL, nor may its hash, because there
-- are only so many phones. Ids grow with time, as all ids do: milliseconds since 2025 and 22 bits that tell lines apart.
ALTER TABLE suppressions ADD COLUMN id INTEGER;
UPDATE suppressions SET id = numbered.id FROM (
    SELECT channel, address,
        min(max(since - 1735689600000, 0), 2199023255551) * 4194304
            + row_number() OVER (ORDER BY since, channel, address) % 4194304 AS id
    FROM suppressions
) AS numbered
WHERE suppressions.channel = numbered.channel AND suppressions.address = numbered.address;
CREATE UNIQUE INDEX suppressions_by_id ON suppressions (id);
-- Lists go by the id.
DROP INDEX suppressions_by_since;

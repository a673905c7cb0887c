-- Why a person paused the account, in their own words.
ALTER TABLE provider_states ADD COLUMN note TEXT;

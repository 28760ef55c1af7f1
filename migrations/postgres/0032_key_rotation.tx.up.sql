-- until_at is when a key that does not sign any more stops to verify; 0: never.
ALTER TABLE signing_keys ADD COLUMN until_at BIGINT NOT NULL DEFAULT 0;

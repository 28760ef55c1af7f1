ALTER TABLE signing_keys DROP COLUMN until_at;

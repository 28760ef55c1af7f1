ALTER TABLE tickets DROP COLUMN told_until;

ALTER TABLE tickets DROP COLUMN spoke_at;

ALTER TABLE categories DROP COLUMN replies;

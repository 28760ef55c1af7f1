ALTER TABLE categories DROP COLUMN kept;

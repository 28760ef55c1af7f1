ALTER TABLE categories DROP COLUMN closing;

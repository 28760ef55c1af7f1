ALTER TABLE search_backlog DROP COLUMN from_id;

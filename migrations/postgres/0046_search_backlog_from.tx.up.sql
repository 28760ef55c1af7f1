-- What is stored at once is to be taken apart from this ID on, and not all that there was
-- before it.
ALTER TABLE search_backlog ADD COLUMN from_id BIGINT NOT NULL DEFAULT 0;

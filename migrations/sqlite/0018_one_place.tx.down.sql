DROP INDEX IF EXISTS links_place;

CREATE INDEX IF NOT EXISTS links_workspace ON links (workspace_id);

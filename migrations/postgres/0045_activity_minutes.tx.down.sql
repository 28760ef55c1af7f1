DROP INDEX IF EXISTS tickets_minute;

CREATE INDEX IF NOT EXISTS tickets_activity ON tickets (workspace_id, activity_at, id, status, queue_id);

ALTER TABLE tickets DROP COLUMN activity_minute;

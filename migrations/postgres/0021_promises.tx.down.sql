DROP INDEX IF EXISTS tickets_deadline;

DROP INDEX IF EXISTS tickets_due;

ALTER TABLE tickets DROP COLUMN turn;

ALTER TABLE tickets DROP COLUMN due_at;

ALTER TABLE tickets DROP COLUMN deadline;

ALTER TABLE tickets DROP COLUMN kept_by;

ALTER TABLE tickets DROP COLUMN clocks;

ALTER TABLE workspaces DROP COLUMN promises;

DROP TABLE IF EXISTS sla_policies;

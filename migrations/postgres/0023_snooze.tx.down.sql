DROP INDEX IF EXISTS tickets_snoozed;

ALTER TABLE tickets DROP COLUMN snoozed_until;

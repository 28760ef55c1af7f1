-- Until when a ticket is snoozed: NULL, it is not; the largest number, until its
-- requester says something.
ALTER TABLE tickets ADD COLUMN snoozed_until BIGINT;

-- Partial, so that tickets that are not snoozed do not pay for it.
CREATE INDEX IF NOT EXISTS tickets_snoozed ON tickets (workspace_id, snoozed_until, id) WHERE snoozed_until IS NOT NULL;

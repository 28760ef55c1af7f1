-- What is promised. conditions and rules are JSON.
CREATE TABLE IF NOT EXISTS sla_policies (
    id           INTEGER PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    name         TEXT   NOT NULL,
    position     BIGINT NOT NULL,
    conditions   TEXT   NOT NULL,
    rules        TEXT   NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX IF NOT EXISTS sla_policies_workspace ON sla_policies (workspace_id, position, id);

-- Rises with each change of business hours and policies.
ALTER TABLE workspaces ADD COLUMN promises BIGINT NOT NULL DEFAULT 0;

-- A ticket's clocks (JSON), the version of the promises by which they were last
-- kept, when the first promise is broken (the largest number if no clock runs), and
-- when the ticket is to be looked at.
ALTER TABLE tickets ADD COLUMN clocks TEXT NOT NULL DEFAULT '[]';

ALTER TABLE tickets ADD COLUMN kept_by BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tickets ADD COLUMN deadline BIGINT NOT NULL DEFAULT 9223372036854775807;

ALTER TABLE tickets ADD COLUMN due_at BIGINT;

ALTER TABLE tickets ADD COLUMN turn TEXT NOT NULL DEFAULT 'staff';

UPDATE tickets SET turn = CASE
    WHEN status IN ('pending', 'resolved') THEN 'requester'
    WHEN status IN ('on_hold', 'closed') THEN 'nobody'
    ELSE 'requester' END
WHERE status IN ('pending', 'resolved', 'on_hold', 'closed') OR status = 'open'
    AND EXISTS (SELECT 1 FROM messages m WHERE m.id = tickets.last_message_id AND m.side = 'staff');

CREATE INDEX IF NOT EXISTS tickets_due ON tickets (due_at, id) WHERE due_at IS NOT NULL;

-- Partial, so that messages of tickets of which nothing is promised do not pay for them.
CREATE INDEX IF NOT EXISTS tickets_deadline ON tickets (workspace_id, deadline, id) WHERE deadline < 9223372036854775807;

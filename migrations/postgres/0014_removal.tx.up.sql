-- How long after its closing a ticket's place in its channel stays, in
-- microseconds; -1: for good.
ALTER TABLE categories ADD COLUMN kept BIGINT NOT NULL DEFAULT 86400000000;

-- What was closed before has no work that is due at the right moment.
INSERT INTO jobs (consumer, key, workspace_id, due_at, claim_at)
    SELECT s.channel, CAST(t.id AS TEXT), t.workspace_id, t.closed_at + 86400000000, t.closed_at + 86400000000
    FROM surfaces s JOIN tickets t ON t.id = s.ticket_id
    WHERE s.channel = 'discord' AND s.external_id <> '' AND t.status = 'closed' AND t.closed_at > 0
    ON CONFLICT (consumer, key) DO UPDATE SET
        due_at = CASE WHEN jobs.due_at < excluded.due_at THEN jobs.due_at ELSE excluded.due_at END,
        claim_at = CASE WHEN jobs.lease_owner <> '' OR jobs.claim_at < excluded.claim_at THEN jobs.claim_at ELSE excluded.claim_at END;

-- What waits, is refused or stays for something to be mended: little among all surfaces,
-- most of which are of closed tickets.
CREATE INDEX IF NOT EXISTS surfaces_held ON surfaces (workspace_id, channel, ticket_id) WHERE state IN ('waiting', 'blocked') OR detail <> '';
-- The tickets that go on, among all that are closed.
CREATE INDEX IF NOT EXISTS tickets_live ON tickets (workspace_id, id) WHERE status <> 'closed';

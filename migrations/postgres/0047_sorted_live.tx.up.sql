-- What goes on in a queue, by category: little among all tickets, most of which are
-- closed. Messages do not touch it.
CREATE INDEX IF NOT EXISTS tickets_live_category ON tickets (workspace_id, queue_id, category_id) WHERE status <> 'closed';

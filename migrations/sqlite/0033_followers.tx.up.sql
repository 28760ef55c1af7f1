-- How far each workspace's history was followed, and by what: what is to be found
-- ('search') follows it. What is behind is read from the history itself.
CREATE TABLE IF NOT EXISTS followers (
    workspace_id BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    sequence     BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
) WITHOUT ROWID;

-- What changed before is noted already, or is part of the backlog.
INSERT INTO followers (workspace_id, name, sequence)
    SELECT w.id, 'search', COALESCE((SELECT MAX(e.sequence) FROM events e WHERE e.workspace_id = w.id), 0) FROM workspaces w;

-- When is worked: queue_id is 0 for a workspace's own hours, which hold for each
-- queue that has none. schedule is JSON.
CREATE TABLE IF NOT EXISTS business_hours (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    queue_id     BIGINT NOT NULL,
    schedule     TEXT   NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1,
    UNIQUE (workspace_id, queue_id)
);

-- Who changed what is configured, and how: what is in it is never changed. changes is JSON.
CREATE TABLE IF NOT EXISTS audit_entries (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    actor_id     BIGINT NOT NULL, -- a member; 0: the helpdesk itself
    channel      TEXT   NOT NULL,
    at           BIGINT NOT NULL, -- microseconds since 1970
    object_kind  TEXT   NOT NULL,
    object_id    BIGINT NOT NULL,
    action       TEXT   NOT NULL,
    changes      TEXT   NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_entries_at ON audit_entries (workspace_id, at, id);

CREATE INDEX IF NOT EXISTS audit_entries_object ON audit_entries (workspace_id, object_kind, object_id, at, id);

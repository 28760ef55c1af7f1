-- Keys by which programs act as members. hash is SHA-256 of the whole key, lookup its
-- part by which it is found. scopes is JSON. 0 stands for a moment that has not come.
CREATE TABLE IF NOT EXISTS api_keys (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    member_id    BIGINT NOT NULL REFERENCES members (id),
    name         TEXT   NOT NULL,
    lookup       TEXT   NOT NULL UNIQUE,
    hash         BYTEA  NOT NULL,
    scopes       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL, -- microseconds since 1970
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL DEFAULT 0,
    revoked_at   BIGINT NOT NULL DEFAULT 0,
    refused_at   BIGINT NOT NULL DEFAULT 0 -- when the record last told that it was refused
);

CREATE INDEX IF NOT EXISTS api_keys_created ON api_keys (workspace_id, created_at, id);

CREATE INDEX IF NOT EXISTS api_keys_member ON api_keys (workspace_id, member_id, created_at, id);

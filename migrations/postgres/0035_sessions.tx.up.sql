-- Members who are signed in. lookup is the part of their refresh tokens by which they are
-- found. Of the tokens there are hashes alone: of the good one, of what was exchanged for
-- it, and of the key by which that may be asked for again; from chance, and from what was
-- exchanged, the good one comes. 0 stands for a moment that has not come.
CREATE TABLE IF NOT EXISTS sessions (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT NOT NULL REFERENCES workspaces (id),
    member_id     BIGINT NOT NULL REFERENCES members (id),
    label         TEXT   NOT NULL,
    lookup        TEXT   NOT NULL UNIQUE,
    hash          BYTEA  NOT NULL,
    hash_before   BYTEA  NOT NULL,
    chance        BYTEA  NOT NULL,
    retry         BYTEA,                        -- null: it may not be asked for again
    created_at    BIGINT NOT NULL,              -- microseconds since 1970
    last_used_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL DEFAULT 0,
    reason        TEXT   NOT NULL DEFAULT '',
    refused_at    BIGINT NOT NULL DEFAULT 0     -- when the record last told that it was refused
);

CREATE INDEX IF NOT EXISTS sessions_created ON sessions (workspace_id, created_at, id);

CREATE INDEX IF NOT EXISTS sessions_member ON sessions (workspace_id, member_id, created_at, id);

CREATE INDEX IF NOT EXISTS sessions_used ON sessions (last_used_at);

-- Codes by which somebody signs in once. session_id is what a code was exchanged for; 0:
-- it was not.
CREATE TABLE IF NOT EXISTS sign_in_codes (
    digest       TEXT   PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    member_id    BIGINT NOT NULL REFERENCES members (id),
    made_by      BIGINT NOT NULL,               -- a member; 0: the helpdesk itself
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    session_id   BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX IF NOT EXISTS sign_in_codes_member ON sign_in_codes (member_id);

-- What is configured has a version, which rises each time that it is changed, so
-- that a change can name the one that its author saw.
ALTER TABLE workspaces ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE queues ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE categories ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE members ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE teams ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE grants ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE grants ADD COLUMN id BIGINT NOT NULL DEFAULT 0;

UPDATE grants SET id = 1 + (SELECT COUNT(*) FROM grants o
    WHERE (o.workspace_id, o.role, o.class, o.queue_id, o.category_id) <
        (grants.workspace_id, grants.role, grants.class, grants.queue_id, grants.category_id));

CREATE UNIQUE INDEX IF NOT EXISTS grants_id ON grants (id);

-- Wishes that were sent with a key, and what came of each, so that one that is
-- sent again is not carried out again. result is JSON.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    workspace_id BIGINT NOT NULL,
    member_id    BIGINT NOT NULL,
    operation    TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    fingerprint  TEXT   NOT NULL, -- of the input
    result       TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, member_id, operation, key)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS idempotency_keys_expiry ON idempotency_keys (expires_at);

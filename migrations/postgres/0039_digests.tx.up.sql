-- When the digest of a queue comes: the schedule as JSON, and when it is due next. id
-- is the queue's.
CREATE TABLE IF NOT EXISTS digest_plans (
    id           BIGINT  PRIMARY KEY REFERENCES queues (id),
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    schedule     TEXT   NOT NULL,
    due_at       BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX IF NOT EXISTS digest_plans_workspace ON digest_plans (workspace_id, id);

CREATE INDEX IF NOT EXISTS digest_plans_due ON digest_plans (due_at, id);

-- What waited in a queue when its teams were told: the tickets as JSON, and how many
-- there were in all.
CREATE TABLE IF NOT EXISTS digests (
    id           BIGINT  PRIMARY KEY,
    workspace_id BIGINT  NOT NULL,
    queue_id     BIGINT  NOT NULL,
    due_at       BIGINT  NOT NULL,
    made_at      BIGINT  NOT NULL,
    tickets      TEXT    NOT NULL,
    waiting      BIGINT  NOT NULL,
    calls        BOOLEAN NOT NULL
);

CREATE INDEX IF NOT EXISTS digests_queue ON digests (workspace_id, queue_id, made_at, id);

-- One digest for each moment at which one was due.
CREATE UNIQUE INDEX IF NOT EXISTS digests_due ON digests (queue_id, due_at);

-- Where a channel tells staff of what concerns a queue; queue 0: every queue that has no
-- such place of its own. place is what it is in, such as a Discord guild.
CREATE TABLE IF NOT EXISTS desks (
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    queue_id     BIGINT NOT NULL,
    channel      TEXT   NOT NULL,
    place        TEXT   NOT NULL,
    external_id  TEXT   NOT NULL,
    PRIMARY KEY (workspace_id, queue_id, channel)
);

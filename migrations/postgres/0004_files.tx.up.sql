-- Files of messages, and uploads that wait for one: message_id 0. 0 and '' stand
-- for nothing.
CREATE TABLE IF NOT EXISTS attachments (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    ticket_id    BIGINT NOT NULL,
    message_id   BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    uploader_id  BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    content_type TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    width        BIGINT NOT NULL,
    height       BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    failure      TEXT   NOT NULL,
    channel      TEXT   NOT NULL,
    source       TEXT   NOT NULL, -- where the channel has the original
    blob_id      BIGINT NOT NULL,
    added_at     BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS attachments_message ON attachments (message_id, position) WHERE message_id <> 0;

CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (added_at) WHERE message_id = 0;

CREATE INDEX IF NOT EXISTS attachments_blob ON attachments (blob_id) WHERE blob_id <> 0;

-- What is in files, each once in a workspace. id names the object that holds it.
CREATE TABLE IF NOT EXISTS blobs (
    workspace_id BIGINT NOT NULL,
    hash         TEXT   NOT NULL, -- SHA-256
    id           BIGINT NOT NULL UNIQUE,
    size         BIGINT NOT NULL,
    content_type TEXT   NOT NULL,
    width        BIGINT NOT NULL,
    height       BIGINT NOT NULL,
    kept_at      BIGINT NOT NULL, -- last
    PRIMARY KEY (workspace_id, hash)
);

CREATE INDEX IF NOT EXISTS blobs_kept ON blobs (kept_at);

-- Objects that may be there and that nothing relies on: being written, or to be
-- removed.
CREATE TABLE IF NOT EXISTS loose_blobs (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    since        BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS loose_blobs_since ON loose_blobs (since);

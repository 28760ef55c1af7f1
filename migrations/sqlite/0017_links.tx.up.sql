-- In which place of its channel, such as a Discord guild, a ticket's own place is.
ALTER TABLE surfaces ADD COLUMN place TEXT NOT NULL DEFAULT '';

UPDATE surfaces SET place = COALESCE((SELECT MIN(l.external_id) FROM links l
    WHERE l.workspace_id = surfaces.workspace_id AND l.channel = surfaces.channel), '')
    WHERE external_id <> '' AND kind <> 'direct';

ALTER TABLE links ADD COLUMN name TEXT NOT NULL DEFAULT '';

ALTER TABLE links ADD COLUMN linked_at BIGINT NOT NULL DEFAULT 0;

-- Places whose link an administrator took away: nothing but a code links them again.
CREATE TABLE IF NOT EXISTS unlinked (
    channel      TEXT   NOT NULL,
    external_id  TEXT   NOT NULL,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    unlinked_at  BIGINT NOT NULL,
    PRIMARY KEY (channel, external_id)
) WITHOUT ROWID;

-- Codes by which places are linked, once. Each is known by its digest alone.
CREATE TABLE IF NOT EXISTS link_codes (
    digest       TEXT   NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    member_id    BIGINT NOT NULL,
    channel      TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
) WITHOUT ROWID;

-- What a ticket's place is, how often its record was changed (for compare and
-- set), and how often in a row it was refused.
ALTER TABLE surfaces ADD COLUMN kind TEXT NOT NULL DEFAULT 'channel';

ALTER TABLE surfaces ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

ALTER TABLE surfaces ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;

-- A person's direct messages may show several of their tickets.
DROP INDEX IF EXISTS surfaces_place;

CREATE UNIQUE INDEX IF NOT EXISTS surfaces_place ON surfaces (channel, external_id) WHERE external_id <> '' AND kind <> 'direct';

CREATE INDEX IF NOT EXISTS surfaces_direct ON surfaces (channel, external_id) WHERE kind = 'direct';

-- What waits and what is refused is little, and asked for often.
CREATE INDEX IF NOT EXISTS surfaces_stuck ON surfaces (workspace_id, channel, state, ticket_id) WHERE state IN ('waiting', 'blocked');

-- Where a category's tickets are shown, and what becomes of an open ticket
-- whose place somebody removed.
ALTER TABLE categories ADD COLUMN surface TEXT NOT NULL DEFAULT 'channel';

ALTER TABLE workspaces ADD COLUMN on_surface_lost TEXT NOT NULL DEFAULT 'rebuild';

-- What a channel can do for a workspace, as its adapter last found.
CREATE TABLE IF NOT EXISTS channel_reports (
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    channel      TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    capabilities TEXT   NOT NULL,
    reported_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, channel)
) WITHOUT ROWID;

DROP TABLE IF EXISTS channel_reports;

ALTER TABLE workspaces DROP COLUMN on_surface_lost;

ALTER TABLE categories DROP COLUMN surface;

DROP INDEX IF EXISTS surfaces_stuck;

DROP INDEX IF EXISTS surfaces_direct;

DROP INDEX IF EXISTS surfaces_place;

DELETE FROM surfaces WHERE kind = 'direct';

CREATE UNIQUE INDEX IF NOT EXISTS surfaces_place ON surfaces (channel, external_id) WHERE external_id <> '';

ALTER TABLE surfaces DROP COLUMN refusals;

ALTER TABLE surfaces DROP COLUMN revision;

ALTER TABLE surfaces DROP COLUMN kind;

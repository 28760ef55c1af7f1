DROP TABLE IF EXISTS idempotency_keys;

DROP INDEX IF EXISTS grants_id;

ALTER TABLE grants DROP COLUMN id;

ALTER TABLE grants DROP COLUMN version;

ALTER TABLE teams DROP COLUMN version;

ALTER TABLE members DROP COLUMN version;

ALTER TABLE categories DROP COLUMN version;

ALTER TABLE queues DROP COLUMN version;

ALTER TABLE workspaces DROP COLUMN version;

ALTER TABLE attachments DROP COLUMN IF EXISTS external_id;

ALTER TABLE attachments DROP COLUMN IF EXISTS until_version;

ALTER TABLE attachments DROP COLUMN IF EXISTS since_version;

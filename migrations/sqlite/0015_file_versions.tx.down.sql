ALTER TABLE attachments DROP COLUMN external_id;

ALTER TABLE attachments DROP COLUMN until_version;

ALTER TABLE attachments DROP COLUMN since_version;

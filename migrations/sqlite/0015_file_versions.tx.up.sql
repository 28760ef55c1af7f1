-- Files are part of the version of their message: since_version is the first that
-- carries the file, until_version the first that does not any more, 0 if all later
-- ones do. external_id is what the channel calls the original.
ALTER TABLE attachments ADD COLUMN since_version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE attachments ADD COLUMN until_version BIGINT NOT NULL DEFAULT 0;

ALTER TABLE attachments ADD COLUMN external_id TEXT NOT NULL DEFAULT '';

UPDATE attachments SET external_id = CASE WHEN json_valid(source) THEN COALESCE(json_extract(source, '$.attachment'), '') ELSE '' END
    WHERE source <> '';

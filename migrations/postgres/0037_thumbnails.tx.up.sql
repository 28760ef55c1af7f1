-- Pictures in small: thumbnail_id names the object, 0 if there is none, or none yet.
ALTER TABLE blobs ADD COLUMN thumbnail_id BIGINT NOT NULL DEFAULT 0;

ALTER TABLE blobs ADD COLUMN thumbnail_type TEXT NOT NULL DEFAULT '';

ALTER TABLE blobs ADD COLUMN thumbnail_width BIGINT NOT NULL DEFAULT 0;

ALTER TABLE blobs ADD COLUMN thumbnail_height BIGINT NOT NULL DEFAULT 0;

-- Those that are there already are drawn when the program runs.
INSERT INTO jobs (consumer, key, workspace_id, due_at, claim_at)
    SELECT 'thumbnails', CAST(id AS TEXT), workspace_id, kept_at, kept_at FROM blobs
    WHERE width > 0 AND content_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
    ON CONFLICT (consumer, key) DO NOTHING;

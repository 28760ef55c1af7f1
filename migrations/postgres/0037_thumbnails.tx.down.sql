DELETE FROM jobs WHERE consumer = 'thumbnails';

ALTER TABLE blobs DROP COLUMN thumbnail_height;

ALTER TABLE blobs DROP COLUMN thumbnail_width;

ALTER TABLE blobs DROP COLUMN thumbnail_type;

ALTER TABLE blobs DROP COLUMN thumbnail_id;

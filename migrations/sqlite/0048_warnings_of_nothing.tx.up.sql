-- A category without a silence that closes its tickets warns of none.
UPDATE categories SET closing = json_remove(closing, '$.warning')
WHERE json_extract(closing, '$.silence') IS NULL AND json_extract(closing, '$.warning') IS NOT NULL;

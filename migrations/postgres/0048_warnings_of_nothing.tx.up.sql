-- A category without a silence that closes its tickets warns of none.
UPDATE categories SET closing = (closing::jsonb - 'warning')::text
WHERE closing::jsonb -> 'silence' IS NULL AND closing::jsonb -> 'warning' IS NOT NULL;

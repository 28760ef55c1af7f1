-- SQLite walks its index from the newest on, and needs no marks.
SELECT 1;

-- When a category's tickets are closed by themselves, as JSON.
ALTER TABLE categories ADD COLUMN closing TEXT NOT NULL DEFAULT '{}';

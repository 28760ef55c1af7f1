-- When whose turn it is in a category's tickets is reminded, as JSON.
ALTER TABLE categories ADD COLUMN reminders TEXT NOT NULL DEFAULT '{}';

ALTER TABLE categories DROP COLUMN reminders;

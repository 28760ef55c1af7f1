DROP INDEX IF EXISTS tickets_live_category;

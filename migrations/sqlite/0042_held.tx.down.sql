DROP INDEX IF EXISTS tickets_live;
DROP INDEX IF EXISTS surfaces_held;

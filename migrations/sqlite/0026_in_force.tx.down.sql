ALTER TABLE workspaces DROP COLUMN promises_at;

ALTER TABLE workspaces DROP COLUMN words;

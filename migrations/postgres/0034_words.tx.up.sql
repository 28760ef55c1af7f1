-- Rises with each change of what tags are called, so that a process can remember it.
ALTER TABLE workspaces ADD COLUMN words BIGINT NOT NULL DEFAULT 0;

-- When what a workspace promises now came into force; 0: not known.
ALTER TABLE workspaces ADD COLUMN promises_at BIGINT NOT NULL DEFAULT 0;

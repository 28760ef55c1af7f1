-- sign_outs is how often a member was signed out everywhere: an access token counts
-- while it names the same number.
ALTER TABLE members ADD COLUMN sign_outs BIGINT NOT NULL DEFAULT 0;

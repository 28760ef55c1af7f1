ALTER TABLE members DROP COLUMN sign_outs;

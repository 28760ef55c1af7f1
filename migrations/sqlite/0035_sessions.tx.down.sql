DROP TABLE IF EXISTS sign_in_codes;

DROP TABLE IF EXISTS sessions;

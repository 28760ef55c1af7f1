-- The IANA name of a member's time zone; '': not known.
ALTER TABLE members ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';

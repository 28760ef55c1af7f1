-- What a category's tickets are answered by themselves, as JSON.
ALTER TABLE categories ADD COLUMN replies TEXT NOT NULL DEFAULT '[]';

-- When the helpdesk last said something by itself in a ticket, and until when its
-- requester knows that nobody works.
ALTER TABLE tickets ADD COLUMN spoke_at BIGINT;

ALTER TABLE tickets ADD COLUMN told_until BIGINT;

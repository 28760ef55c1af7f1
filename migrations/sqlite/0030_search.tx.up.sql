-- What can be found: messages, and tickets by their subject and the like. The program
-- takes their texts apart, and knows each of these rows by its place: twice the ID of
-- the message or ticket, and one more for what only staff knows of a ticket.
CREATE TABLE IF NOT EXISTS search_documents (
    place      INTEGER PRIMARY KEY,
    ticket_id  BIGINT  NOT NULL,
    message_id BIGINT  NOT NULL, -- 0: the ticket
    internal   BOOLEAN NOT NULL, -- for those who may read the ticket's notes
    at         BIGINT  NOT NULL
);

-- The tokens of documents, by place.
CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');

-- Messages and tickets that changed since they were last taken apart. Searching reads
-- them as they are. They are read and deleted in one transaction, so that a number may
-- come again; remembering the last one would be another page with every message.
CREATE TABLE IF NOT EXISTS search_changes (
    sequence   INTEGER PRIMARY KEY,
    ticket_id  BIGINT NOT NULL,
    message_id BIGINT NOT NULL -- 0: the ticket
);

-- The words of members' names.
CREATE TABLE IF NOT EXISTS search_names (
    workspace_id BIGINT NOT NULL,
    word         TEXT   NOT NULL,
    member_id    BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, word, member_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS search_names_member ON search_names (member_id);

-- What was there before, and is to be taken apart from the newest to the oldest: IDs
-- below these. Who holds the row of 'turn' takes documents apart.
CREATE TABLE IF NOT EXISTS search_backlog (
    kind  TEXT   NOT NULL PRIMARY KEY,
    below BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO search_backlog (kind, below)
    SELECT 'turn', 0
    UNION ALL SELECT 'messages', 1 + COALESCE(MAX(id), 0) FROM messages
    UNION ALL SELECT 'tickets', 1 + COALESCE(MAX(id), 0) FROM tickets
    UNION ALL SELECT 'members', 1 + COALESCE(MAX(id), 0) FROM members;

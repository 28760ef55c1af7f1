-- The vocabulary of tags. target_id is the tag that a tag became part of, or else
-- itself, so that one rule finds what a ticket's tag is today. key is what tells
-- current names apart.
CREATE TABLE IF NOT EXISTS tags (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    target_id    BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    colour       TEXT   NOT NULL DEFAULT '',
    description  TEXT   NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX IF NOT EXISTS tags_name ON tags (workspace_id, name, id);

CREATE INDEX IF NOT EXISTS tags_target ON tags (target_id, id);

-- Every name by which a tag is found: the one that it has, and those that it had.
CREATE TABLE IF NOT EXISTS tag_names (
    workspace_id BIGINT NOT NULL,
    key          TEXT   NOT NULL,
    tag_id       BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

CREATE INDEX IF NOT EXISTS tag_names_tag ON tag_names (tag_id);

-- The vocabulary begins with the words that tickets have. A key that begins with a
-- space is none yet: the program makes it, which knows the letters of all languages.
INSERT INTO tags (id, workspace_id, target_id, name, key, created_at)
    SELECT n, workspace_id, n, tag, ' ' || tag, since FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY MIN(t.opened_at), g.workspace_id, g.tag) AS n, g.workspace_id, g.tag, MIN(t.opened_at) AS since
        FROM ticket_tags g JOIN tickets t ON t.id = g.ticket_id GROUP BY g.workspace_id, g.tag) words;

INSERT INTO tag_names (workspace_id, key, tag_id, name) SELECT workspace_id, key, id, name FROM tags;

-- A ticket's tags are IDs: what they are called is said in one place.
ALTER TABLE ticket_tags RENAME TO ticket_words;

DROP INDEX IF EXISTS ticket_tags_ticket;

CREATE TABLE ticket_tags (
    workspace_id BIGINT NOT NULL,
    tag_id       BIGINT NOT NULL,
    ticket_id    BIGINT NOT NULL REFERENCES tickets (id),
    PRIMARY KEY (workspace_id, tag_id, ticket_id)
);

INSERT INTO ticket_tags (workspace_id, tag_id, ticket_id)
    SELECT g.workspace_id, n.tag_id, g.ticket_id FROM ticket_words g
    JOIN tag_names n ON n.workspace_id = g.workspace_id AND n.key = ' ' || g.tag;

CREATE INDEX ticket_tags_ticket ON ticket_tags (ticket_id);

UPDATE tickets SET tags = (SELECT '[' || COALESCE(string_agg(CAST(g.tag_id AS TEXT), ','), '') || ']' FROM ticket_tags g WHERE g.ticket_id = tickets.id) WHERE tags <> '[]';

DROP TABLE ticket_words;

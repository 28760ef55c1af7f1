-- Tickets get the words back that their tags have now.
ALTER TABLE ticket_tags RENAME TO ticket_ids;

DROP INDEX IF EXISTS ticket_tags_ticket;

CREATE TABLE ticket_tags (
    workspace_id BIGINT NOT NULL,
    tag          TEXT   NOT NULL,
    ticket_id    BIGINT NOT NULL REFERENCES tickets (id),
    PRIMARY KEY (workspace_id, tag, ticket_id)
);

INSERT INTO ticket_tags (workspace_id, tag, ticket_id)
    SELECT DISTINCT g.workspace_id, i.name, g.ticket_id FROM ticket_ids g
    JOIN tags s ON s.id = g.tag_id JOIN tags i ON i.id = s.target_id;

CREATE INDEX ticket_tags_ticket ON ticket_tags (ticket_id);

UPDATE tickets SET tags = COALESCE((SELECT CAST(json_agg(g.tag ORDER BY g.tag) AS TEXT) FROM ticket_tags g
    WHERE g.ticket_id = tickets.id), '[]') WHERE tags <> '[]';

DROP TABLE ticket_ids;

DROP TABLE IF EXISTS tag_names;

DROP TABLE IF EXISTS tags;

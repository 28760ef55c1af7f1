-- What fields of tickets hold, one row a value, for searching; the truth is in the
-- ticket's answers. text is the value as programs know it, cut where it is long.
CREATE TABLE IF NOT EXISTS ticket_fields (
    workspace_id BIGINT  NOT NULL,
    key          TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    ticket_id    BIGINT  NOT NULL REFERENCES tickets (id),
    number       DOUBLE PRECISION,
    internal     BOOLEAN NOT NULL, -- for staff only
    PRIMARY KEY (workspace_id, key, text, ticket_id)
);

CREATE INDEX IF NOT EXISTS ticket_fields_ticket ON ticket_fields (ticket_id);

CREATE INDEX IF NOT EXISTS ticket_fields_number ON ticket_fields (workspace_id, key, number) WHERE number IS NOT NULL;

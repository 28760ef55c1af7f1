-- Helpdesks. Their numbers of tickets and events are in counters, named
-- tickets/ID and events/ID.
CREATE TABLE IF NOT EXISTS workspaces (
    id         BIGINT PRIMARY KEY,
    slug       TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    locale     TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- Places of channels, each linked to one workspace.
CREATE TABLE IF NOT EXISTS links (
    channel      TEXT   NOT NULL,
    external_id  TEXT   NOT NULL,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    PRIMARY KEY (channel, external_id)
);

CREATE INDEX IF NOT EXISTS links_workspace ON links (workspace_id);

CREATE TABLE IF NOT EXISTS queues (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    name         TEXT   NOT NULL,
    UNIQUE (workspace_id, name)
);

-- Texts in several languages, and forms, are JSON.
CREATE TABLE IF NOT EXISTS categories (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT  NOT NULL REFERENCES workspaces (id),
    queue_id     BIGINT  NOT NULL REFERENCES queues (id),
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    emoji        TEXT    NOT NULL,
    intent       TEXT    NOT NULL,
    priority     BIGINT  NOT NULL, -- rank, 1 to 4
    form         TEXT    NOT NULL,
    greeting     TEXT    NOT NULL,
    position     BIGINT  NOT NULL,
    archived     BOOLEAN NOT NULL
);

CREATE INDEX IF NOT EXISTS categories_workspace ON categories (workspace_id, position, id);

-- What a role may do in a queue or a category; 0 for the one that is not meant.
CREATE TABLE IF NOT EXISTS grants (
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    role         TEXT   NOT NULL,
    class        TEXT   NOT NULL,
    queue_id     BIGINT NOT NULL,
    category_id  BIGINT NOT NULL,
    effect       TEXT   NOT NULL,
    PRIMARY KEY (workspace_id, role, class, queue_id, category_id)
);

CREATE TABLE IF NOT EXISTS accounts (
    id         BIGINT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS identities (
    channel     TEXT   NOT NULL,
    external_id TEXT   NOT NULL,
    account_id  BIGINT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (channel, external_id)
);

CREATE INDEX IF NOT EXISTS identities_account ON identities (account_id, channel);

-- Accounts in workspaces. locale_source and role_source tell who decided:
-- 'channel', or 'hand' for good.
CREATE TABLE IF NOT EXISTS members (
    id            BIGINT PRIMARY KEY,
    workspace_id  BIGINT  NOT NULL REFERENCES workspaces (id),
    account_id    BIGINT  NOT NULL REFERENCES accounts (id),
    name          TEXT    NOT NULL,
    avatar_url    TEXT    NOT NULL,
    locale        TEXT    NOT NULL,
    locale_source TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    role_source   TEXT    NOT NULL,
    service       BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    UNIQUE (workspace_id, account_id)
);

CREATE INDEX IF NOT EXISTS members_role ON members (workspace_id, role, id);

CREATE UNIQUE INDEX IF NOT EXISTS members_service ON members (workspace_id, role) WHERE service;

CREATE TABLE IF NOT EXISTS agents (
    member_id    BIGINT PRIMARY KEY REFERENCES members (id),
    skills       TEXT   NOT NULL,
    languages    TEXT   NOT NULL,
    availability TEXT   NOT NULL,
    capacity     BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS teams (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT  NOT NULL REFERENCES workspaces (id),
    name         TEXT    NOT NULL,
    guessed      BOOLEAN NOT NULL,
    UNIQUE (workspace_id, name)
);

-- source is 'hand', or the channel whose roles brought the member in.
CREATE TABLE IF NOT EXISTS team_members (
    member_id BIGINT NOT NULL REFERENCES members (id),
    team_id   BIGINT NOT NULL REFERENCES teams (id),
    source    TEXT   NOT NULL,
    PRIMARY KEY (member_id, team_id, source)
);

CREATE INDEX IF NOT EXISTS team_members_team ON team_members (team_id);

CREATE TABLE IF NOT EXISTS team_queues (
    team_id  BIGINT NOT NULL REFERENCES teams (id),
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    PRIMARY KEY (team_id, queue_id)
);

CREATE INDEX IF NOT EXISTS team_queues_queue ON team_queues (queue_id);

CREATE TABLE IF NOT EXISTS team_roles (
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    channel      TEXT   NOT NULL,
    external_id  TEXT   NOT NULL,
    team_id      BIGINT NOT NULL REFERENCES teams (id),
    PRIMARY KEY (workspace_id, channel, external_id)
);

CREATE INDEX IF NOT EXISTS team_roles_team ON team_roles (team_id);

-- A ticket's row holds all that its line in a list shows. tags and participants
-- are JSON and the truth of what they say, so that locking the row gives them as
-- they are; ticket_tags and ticket_participants repeat them for searching.
-- Moments that did not come yet are NULL.
CREATE TABLE IF NOT EXISTS tickets (
    id              BIGINT PRIMARY KEY,
    workspace_id    BIGINT NOT NULL REFERENCES workspaces (id),
    number          BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    priority        BIGINT NOT NULL, -- rank, 1 to 4
    category_id     BIGINT NOT NULL REFERENCES categories (id),
    queue_id        BIGINT NOT NULL REFERENCES queues (id),
    requester_id    BIGINT NOT NULL REFERENCES members (id),
    assignee_id     BIGINT REFERENCES members (id),
    locale          TEXT   NOT NULL,
    channel         TEXT   NOT NULL,
    opened_at       BIGINT NOT NULL,
    activity_at     BIGINT NOT NULL,
    first_reply_at  BIGINT,
    resolved_at     BIGINT,
    closed_at       BIGINT,
    last_message_id BIGINT NOT NULL, -- 0: none
    message_count   BIGINT NOT NULL,
    subject         TEXT   NOT NULL,
    tags            TEXT   NOT NULL,
    participants    TEXT   NOT NULL,
    answers         TEXT   NOT NULL,
    UNIQUE (workspace_id, number)
);

-- The one index whose key changes when a message is posted. Status and queue are in
-- it so that lists of some of them skip the others without looking at their rows.
-- Because the key changes, each message adds an entry to every index of the table:
-- lists by opening or priority are sorted rather than made to cost each message two.
CREATE INDEX IF NOT EXISTS tickets_activity ON tickets (workspace_id, activity_at, id, status, queue_id);

-- One person's tickets are few enough to be sorted by activity.
CREATE INDEX IF NOT EXISTS tickets_requester ON tickets (workspace_id, requester_id, opened_at, id);

CREATE INDEX IF NOT EXISTS tickets_assignee ON tickets (workspace_id, assignee_id, opened_at, id) WHERE assignee_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS ticket_tags (
    workspace_id BIGINT NOT NULL,
    tag          TEXT   NOT NULL,
    ticket_id    BIGINT NOT NULL REFERENCES tickets (id),
    PRIMARY KEY (workspace_id, tag, ticket_id)
);

CREATE INDEX IF NOT EXISTS ticket_tags_ticket ON ticket_tags (ticket_id);

CREATE TABLE IF NOT EXISTS ticket_participants (
    member_id BIGINT NOT NULL REFERENCES members (id),
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    PRIMARY KEY (member_id, ticket_id)
);

CREATE INDEX IF NOT EXISTS ticket_participants_ticket ON ticket_participants (ticket_id);

-- The tables below have no foreign keys: their rows are only written together
-- with their ticket's, which is locked then, and checking would cost more than
-- the rows. 0 stands for nobody and never.
CREATE TABLE IF NOT EXISTS messages (
    id           BIGINT PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    ticket_id    BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    side         TEXT   NOT NULL,
    author_id    BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    locale       TEXT   NOT NULL,
    template     TEXT   NOT NULL,
    channel      TEXT   NOT NULL,
    external_id  TEXT   NOT NULL,
    occurred_at  BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    edited_at    BIGINT NOT NULL,
    deleted_at   BIGINT NOT NULL,
    edited_by    BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS messages_ticket ON messages (ticket_id, occurred_at, id);

-- The only place of what people wrote.
CREATE TABLE IF NOT EXISTS message_versions (
    message_id BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    author_id  BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (message_id, number)
);

-- The history. sequence counts a workspace's events without gaps, in commit order.
CREATE TABLE IF NOT EXISTS events (
    workspace_id   BIGINT  NOT NULL,
    sequence       BIGINT  NOT NULL,
    id             BIGINT  NOT NULL,
    ticket_id      BIGINT  NOT NULL,
    type           TEXT    NOT NULL,
    version        BIGINT  NOT NULL, -- of the data's form
    data           TEXT    NOT NULL,
    actor_id       BIGINT  NOT NULL,
    channel        TEXT    NOT NULL,
    external_id    TEXT    NOT NULL,
    correlation_id BIGINT  NOT NULL,
    causation_id   BIGINT  NOT NULL,
    internal       BOOLEAN NOT NULL,
    occurred_at    BIGINT  NOT NULL,
    recorded_at    BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, sequence)
);

CREATE INDEX IF NOT EXISTS events_ticket ON events (ticket_id, sequence);

-- What came in from channels, so that each happens once.
CREATE TABLE IF NOT EXISTS inbound (
    workspace_id BIGINT  NOT NULL,
    channel      TEXT    NOT NULL,
    external_id  TEXT    NOT NULL,
    ticket_id    BIGINT  NOT NULL,
    message_id   BIGINT  NOT NULL, -- that it brought; 0: none
    opened       BOOLEAN NOT NULL, -- whether it opened the ticket
    PRIMARY KEY (workspace_id, channel, external_id)
);

-- Where channels show tickets, as it was last recorded.
CREATE TABLE IF NOT EXISTS surfaces (
    ticket_id    BIGINT NOT NULL REFERENCES tickets (id),
    channel      TEXT   NOT NULL,
    workspace_id BIGINT NOT NULL,
    external_id  TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    detail       TEXT   NOT NULL,
    applied      TEXT   NOT NULL,
    card_id      TEXT   NOT NULL,
    card         TEXT   NOT NULL,
    seen_id      TEXT   NOT NULL,
    intent       TEXT   NOT NULL,
    PRIMARY KEY (ticket_id, channel)
);

CREATE UNIQUE INDEX IF NOT EXISTS surfaces_place ON surfaces (channel, external_id) WHERE external_id <> '';

CREATE INDEX IF NOT EXISTS surfaces_workspace ON surfaces (workspace_id, channel, ticket_id);

-- Messages as they stand on a surface. place is the surface's external ID, so
-- that what stood on one that is lost does not count for its successor.
CREATE TABLE IF NOT EXISTS deliveries (
    message_id  BIGINT  NOT NULL,
    channel     TEXT    NOT NULL,
    ticket_id   BIGINT  NOT NULL,
    place       TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    deleted     BOOLEAN NOT NULL,
    PRIMARY KEY (message_id, channel)
);

CREATE INDEX IF NOT EXISTS deliveries_ticket ON deliveries (ticket_id, external_id);

-- Keys that sign tokens. active is 1 for the one that signs, NULL for others.
CREATE TABLE IF NOT EXISTS signing_keys (
    id         TEXT   NOT NULL PRIMARY KEY,
    private    BYTEA  NOT NULL,
    public     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL,
    active     BIGINT UNIQUE
);

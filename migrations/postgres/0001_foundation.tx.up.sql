-- Durable work: one row for each (consumer, key).
--   due_at    the earliest wish that no claim has taken up yet
--   claim_at  when the row can be claimed: due_at, or the end of its lease
--   wanted_at claim_at as it was before the running claim
-- 9223372036854775807 stands for never, so that finished rows leave the index.
CREATE TABLE IF NOT EXISTS jobs (
    consumer     TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    workspace_id BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    claim_at     BIGINT NOT NULL,
    wanted_at    BIGINT NOT NULL DEFAULT 0,
    lease_owner  TEXT   NOT NULL DEFAULT '',
    attempt      BIGINT NOT NULL DEFAULT 0,
    cursor       BIGINT NOT NULL DEFAULT 0,
    cause        TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (consumer, key)
);

CREATE INDEX IF NOT EXISTS jobs_claimable ON jobs (consumer, claim_at, key)
    WHERE claim_at < 9223372036854775807;

-- What only one process at a time may do.
CREATE TABLE IF NOT EXISTS leases (
    name     TEXT   NOT NULL PRIMARY KEY,
    owner    TEXT   NOT NULL,
    until_at BIGINT NOT NULL
);

-- Numbers without gaps: incremented in the transaction that uses them.
CREATE TABLE IF NOT EXISTS counters (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

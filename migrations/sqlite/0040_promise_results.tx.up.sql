-- What became of each promise, as the history tells it: 0 stands for what did not come
-- yet. Reports read it.
CREATE TABLE IF NOT EXISTS sla_results (
    ticket_id    BIGINT NOT NULL,
    target       TEXT   NOT NULL,
    number       BIGINT NOT NULL, -- of the ticket's promises of this target
    workspace_id BIGINT NOT NULL,
    policy_id    BIGINT NOT NULL,
    queue_id     BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    begun_at     BIGINT NOT NULL,
    breached_at  BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    paused_since BIGINT NOT NULL,
    paused       BIGINT NOT NULL, -- microseconds
    PRIMARY KEY (ticket_id, target, number)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS sla_results_begun ON sla_results (workspace_id, begun_at);

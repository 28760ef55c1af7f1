-- A workspace has one place of each channel: of several, that of the oldest link.
INSERT INTO unlinked (channel, external_id, workspace_id, unlinked_at)
    SELECT l.channel, l.external_id, l.workspace_id, l.linked_at FROM links l
    WHERE EXISTS (SELECT 1 FROM links o WHERE o.workspace_id = l.workspace_id AND o.channel = l.channel
        AND (o.linked_at < l.linked_at OR o.linked_at = l.linked_at AND o.external_id < l.external_id))
    ON CONFLICT (channel, external_id) DO NOTHING;

DELETE FROM links WHERE EXISTS (SELECT 1 FROM links o WHERE o.workspace_id = links.workspace_id AND o.channel = links.channel
    AND (o.linked_at < links.linked_at OR o.linked_at = links.linked_at AND o.external_id < links.external_id));

DROP INDEX IF EXISTS links_workspace;

CREATE UNIQUE INDEX IF NOT EXISTS links_place ON links (workspace_id, channel);

-- Running clocks of each marketplace: how many, how many have run out and not fired, how late.
-- The clock is read once a marketplace: materialised, or a plan may read it again for every row.
WITH n AS MATERIALIZED (
    SELECT id, clock_timestamp() + clock_offset_seconds * interval '1 second' AS now
    FROM marketplace
    WHERE id = ANY(%(marketplace_ids)s::text[])
)
SELECT
    n.id, count(d.*), count(d.*) FILTER (WHERE d.due_at < n.now),
    coalesce(extract(epoch FROM max(n.now - d.due_at) FILTER (WHERE d.due_at < n.now)), 0)::float8,
    count(d.*) FILTER (WHERE d.attempts > 0), min(d.due_at), n.now
FROM n
LEFT JOIN deadline AS d ON n.id = d.marketplace_id AND NOT d.paused
GROUP BY n.id, n.now
ORDER BY n.id

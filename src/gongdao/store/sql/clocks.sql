-- Running clocks of each marketplace: how many, how many have run out and not fired, how late.
SELECT
    m.id, count(d.*), count(d.*) FILTER (WHERE d.due_at < n.now),
    coalesce(extract(epoch FROM max(n.now - d.due_at) FILTER (WHERE d.due_at < n.now)), 0)::float8,
    count(d.*) FILTER (WHERE d.attempts > 0), min(d.due_at), n.now
FROM marketplace AS m
CROSS JOIN LATERAL (
    SELECT clock_timestamp() + m.clock_offset_seconds * interval '1 second' AS now
) AS n
LEFT JOIN deadline AS d ON m.id = d.marketplace_id AND NOT d.paused
WHERE m.id = ANY(%(marketplace_ids)s::text[])
GROUP BY m.id, n.now
ORDER BY m.id

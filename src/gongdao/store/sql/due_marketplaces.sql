-- Each marketplace with clocks running: its own time, and when its next clock runs out.
SELECT
    m.id, clock_timestamp() + m.clock_offset_seconds * interval '1 second' AS now, n.claim_at
FROM marketplace AS m
CROSS JOIN LATERAL (
    SELECT d.claim_at FROM deadline AS d
    WHERE d.marketplace_id = m.id AND NOT d.paused
    ORDER BY d.claim_at LIMIT 1
) AS n
ORDER BY n.claim_at

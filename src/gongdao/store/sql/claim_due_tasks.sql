-- Tasks whose clock ran out by their marketplace's own time, skipping those somebody else works on.
SELECT
    t.marketplace_id, t.head_hash, t.snapshot,
    clock_timestamp() + m.clock_offset_seconds * interval '1 second' AS now
FROM marketplace AS m
INNER JOIN invoice_task AS t ON m.id = t.marketplace_id
WHERE
    t.closed_at IS NULL AND t.next_due_at IS NOT NULL
    AND t.next_due_at < clock_timestamp() + m.clock_offset_seconds * interval '1 second'
    AND t.attempts < %(most_attempts)s
ORDER BY t.next_due_at
LIMIT %(limit)s
FOR UPDATE OF t SKIP LOCKED

-- Sandboxes that pay by themselves and have payments to carry out now.
SELECT m.id, clock_timestamp() + m.clock_offset_seconds * interval '1 second'
FROM marketplace AS m
WHERE
    m.sandbox AND m.sandbox_pays AND EXISTS (
        SELECT 1 FROM outbox AS w
        WHERE w.marketplace_id = m.id AND w.sent_at IS NULL AND w.try_at <= clock_timestamp()
    )
ORDER BY m.id

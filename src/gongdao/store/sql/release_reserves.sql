-- Reserves whose time is over, by their marketplace's clock, are released; while a case about the
-- order is open, they wait for it. Each is locked by whoever releases it: released once.
WITH over AS (
    SELECT s.shop_id, s.order_id, s.left_fen, t.now
    FROM marketplace AS m
    CROSS JOIN LATERAL (
        SELECT clock_timestamp() + m.clock_offset_seconds * interval '1 second' AS now
    ) AS t
    CROSS JOIN LATERAL (
        SELECT n.shop_id, n.order_id, n.left_fen FROM settlement AS n
        WHERE
            n.marketplace_id = m.id AND n.released_at IS NULL AND n.left_fen > 0
            AND n.release_at < coalesce(%(now)s::timestamptz, t.now)
            AND NOT EXISTS (
                SELECT FROM cases AS c
                WHERE
                    c.shop_id = n.shop_id AND c.order_id = n.order_id AND c.closed_at IS NULL
            )
        ORDER BY n.release_at
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ) AS s
    WHERE m.id = ANY(coalesce(%(marketplace_ids)s::text[], ARRAY[m.id]))
)
UPDATE settlement AS s SET released_at = coalesce(%(now)s::timestamptz, over.now), left_fen = 0
FROM over
WHERE s.shop_id = over.shop_id AND s.order_id = over.order_id
RETURNING s.shop_id, s.order_id, over.left_fen, s.released_at

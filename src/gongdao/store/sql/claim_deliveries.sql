-- Messages to send now, each leased: whoever dies while sending lets it go out again. Of one case an
-- endpoint hears in order, so a message waits for the ones before it that are not yet given up.
WITH due AS (
    SELECT d.id
    FROM webhook_delivery AS d
    INNER JOIN webhook_endpoint AS e ON d.endpoint_id = e.id
    WHERE
        d.delivered_at IS NULL AND d.dead_at IS NULL AND d.try_at <= clock_timestamp()
        AND e.disabled_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM webhook_delivery AS b
            WHERE
                b.endpoint_id = d.endpoint_id AND b.case_id = d.case_id
                AND b.delivered_at IS NULL AND b.dead_at IS NULL
                AND (b.seq, b.kind, b.attempt) < (d.seq, d.kind, d.attempt)
        )
    ORDER BY d.try_at
    LIMIT %(limit)s
    FOR UPDATE OF d SKIP LOCKED
),

leased AS (
    UPDATE webhook_delivery AS d
    SET
        tries = d.tries + 1,
        try_at = clock_timestamp() + %(lease_seconds)s * interval '1 second'
    FROM due
    WHERE d.id = due.id
    RETURNING d.id, d.endpoint_id, d.shop_id, d.case_id, d.seq, d.kind, d.tries, d.created_at
)

SELECT
    l.id, l.endpoint_id, l.shop_id, l.case_id, l.seq, l.kind, l.tries, l.created_at,
    e.url, e.secret, e.marketplace_id, m.sandbox, m.sandbox AND m.sandbox_pays, c.order_id, v.at, v.body, o.body AS instruction,
    t.body AS invoice_event, t.at AS invoice_at
FROM leased AS l
INNER JOIN webhook_endpoint AS e ON l.endpoint_id = e.id
INNER JOIN marketplace AS m ON e.marketplace_id = m.id
LEFT JOIN cases AS c ON l.shop_id = c.shop_id AND l.case_id = c.id
LEFT JOIN event AS v ON l.shop_id = v.shop_id AND l.case_id = v.case_id AND l.seq = v.seq
LEFT JOIN outbox AS o ON l.shop_id = o.shop_id AND l.case_id = o.case_id AND l.seq = o.seq
LEFT JOIN invoice_event AS t ON l.shop_id = t.shop_id AND l.case_id = t.task_id AND l.seq = t.seq
ORDER BY l.case_id, l.seq, l.kind

-- By which a day's export is seen to be behind: rows only ever come, and orders tell when they
-- changed.
WITH happened AS (
    SELECT
        (e.at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS events, 0::bigint AS ledger,
        0::bigint AS orders, ''::text AS orders_state
    FROM event AS e
    INNER JOIN cases AS c ON e.shop_id = c.shop_id AND e.case_id = c.id
    WHERE
        e.at >= %(since)s::timestamptz AND e.at < %(until)s::timestamptz
        AND (%(marketplace_id)s::text IS NULL OR c.marketplace_id = %(marketplace_id)s::text)
    GROUP BY 1
    UNION ALL
    SELECT (p.at AT TIME ZONE 'Asia/Shanghai')::date, 0, count(*), 0, ''
    FROM posting AS p
    INNER JOIN shop AS s ON p.shop_id = s.id
    WHERE
        p.at >= %(since)s::timestamptz AND p.at < %(until)s::timestamptz
        AND (%(marketplace_id)s::text IS NULL OR s.marketplace_id = %(marketplace_id)s::text)
    GROUP BY 1
    UNION ALL
    SELECT
        (o.placed_at AT TIME ZONE 'Asia/Shanghai')::date, 0, 0, count(*),
        concat_ws(
            '/', extract(EPOCH FROM max(o.updated_at)), sum(o.refunded_fen), sum(o.held_fen),
            sum(o.outside_fen)
        )
    FROM orders AS o
    WHERE
        o.placed_at >= %(since)s::timestamptz AND o.placed_at < %(until)s::timestamptz
        AND (%(marketplace_id)s::text IS NULL OR o.marketplace_id = %(marketplace_id)s::text)
    GROUP BY 1
)
SELECT
    day, sum(events)::bigint, sum(ledger)::bigint, sum(orders)::bigint, max(orders_state)
FROM happened
GROUP BY day
ORDER BY day

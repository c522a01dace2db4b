SELECT
    c.marketplace_id, e.shop_id, e.case_id, e.seq, e.kind, e.at, e.recorded_at, e.actor, e.body,
    c.buyer_id, c.order_id
FROM event AS e
INNER JOIN cases AS c ON e.shop_id = c.shop_id AND e.case_id = c.id
WHERE
    e.at >= %(since)s::timestamptz AND e.at < %(until)s::timestamptz
    AND (%(marketplace_id)s::text IS NULL OR c.marketplace_id = %(marketplace_id)s::text)
ORDER BY e.shop_id, e.case_id, e.seq

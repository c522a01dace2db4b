SELECT o.marketplace_id, o.snapshot, o.refunded_fen, o.held_fen, o.outside_fen
FROM orders AS o
WHERE
    o.placed_at >= %(since)s::timestamptz AND o.placed_at < %(until)s::timestamptz
    AND (%(marketplace_id)s::text IS NULL OR o.marketplace_id = %(marketplace_id)s::text)
ORDER BY o.shop_id, o.order_id

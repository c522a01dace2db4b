-- Orders placed before `placed_before` whose cases all ended before `closed_before`.
SELECT k.shop_id, k.order_id, count(*)
FROM personal_key AS k
INNER JOIN orders AS o ON k.shop_id = o.shop_id AND k.order_id = o.order_id
WHERE
    k.marketplace_id = %(marketplace_id)s AND k.key IS NOT NULL
    AND o.placed_at < %(placed_before)s::timestamptz
    AND (k.shop_id, k.order_id) > (%(after_shop)s, %(after_order)s)
    AND NOT EXISTS (
        SELECT 1 FROM cases AS c
        WHERE
            c.shop_id = k.shop_id AND c.order_id = k.order_id
            AND (c.closed_at IS NULL OR c.closed_at >= %(closed_before)s::timestamptz)
    )
GROUP BY k.shop_id, k.order_id
ORDER BY k.shop_id, k.order_id
LIMIT %(limit)s

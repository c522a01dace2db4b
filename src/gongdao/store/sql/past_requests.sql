SELECT c.order_body, c.snapshot
FROM cases AS c
WHERE c.shop_id = %(shop_id)s AND c.opened_at >= %(since)s
ORDER BY c.opened_at DESC
LIMIT %(limit)s

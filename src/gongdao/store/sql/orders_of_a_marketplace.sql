SELECT snapshot FROM orders
WHERE marketplace_id = %(marketplace_id)s
ORDER BY placed_at, order_id

SELECT id FROM cases
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND closed_at IS NULL
ORDER BY opened_at DESC, id DESC

SELECT t.marketplace_id, t.head_hash, t.snapshot
FROM invoice_task AS t
WHERE t.shop_id = %(shop_id)s AND t.order_id = %(order_id)s
ORDER BY t.opened_at, t.id

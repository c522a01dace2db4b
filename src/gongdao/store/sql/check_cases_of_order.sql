-- The order's cases: what they did before the invoice was told is followed now.
INSERT INTO invoice_check (shop_id, case_id, marketplace_id)
SELECT c.shop_id, c.id, c.marketplace_id FROM cases AS c
WHERE
    c.shop_id = %(shop_id)s AND c.order_id = %(order_id)s
    AND (c.money <> 'none' OR c.closed_at IS NOT NULL)
ON CONFLICT (shop_id, case_id) DO UPDATE SET try_at = clock_timestamp()

SELECT c.marketplace_id, c.head_hash, c.order_body, c.snapshot
FROM cases AS c
INNER JOIN unnest(%(shop_id)s::text [], %(order_id)s::text []) AS o (shop_id, order_id)
    ON c.shop_id = o.shop_id AND c.order_id = o.order_id

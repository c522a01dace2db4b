SELECT
    marketplace_id,
    paid_fen - refunded_fen - held_fen - outside_fen,
    snapshot,
    ARRAY(
        SELECT c.id FROM cases AS c
        WHERE
            c.shop_id = orders.shop_id AND c.order_id = orders.order_id
            AND (
                c.money <> 'none'
                OR c.goods IN ('returned', 'lost')
                OR (c.closed_at IS NULL AND c.claim IN ('refund_only', 'return_refund'))
            )
        ORDER BY c.id
    )
FROM orders
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s

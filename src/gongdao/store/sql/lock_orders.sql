-- Given orders, locked in one order so that two askers cannot wait for each other.
SELECT
    o.marketplace_id,
    o.paid_fen - o.refunded_fen - o.held_fen - o.outside_fen,
    o.snapshot,
    ARRAY(
        SELECT c.id FROM cases AS c
        WHERE
            c.shop_id = o.shop_id AND c.order_id = o.order_id
            AND (
                c.money <> 'none'
                OR c.goods IN ('returned', 'lost')
                OR (c.closed_at IS NULL AND c.claim IN ('refund_only', 'return_refund'))
            )
        ORDER BY c.id
    )
FROM orders AS o
INNER JOIN unnest(%(shop_id)b::text[], %(order_id)b::text[]) AS n (shop_id, order_id)
    ON o.shop_id = n.shop_id AND o.order_id = n.order_id
ORDER BY o.shop_id, o.order_id
FOR UPDATE OF o

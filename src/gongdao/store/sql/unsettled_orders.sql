-- Of these orders, those not settled yet, and what is left of their payment after refunds.
SELECT o.shop_id, o.order_id, o.paid_fen - o.refunded_fen - o.outside_fen
FROM orders AS o
INNER JOIN unnest(%(shop_id)b::text[], %(order_id)b::text[]) AS n (shop_id, order_id)
    ON o.shop_id = n.shop_id AND o.order_id = n.order_id
LEFT JOIN settlement AS s ON o.shop_id = s.shop_id AND o.order_id = s.order_id
WHERE s.order_id IS NULL
ORDER BY o.shop_id, o.order_id

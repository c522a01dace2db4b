SELECT
    i.shop_id, i.order_id,
    CASE
        WHEN s.marketplace_id <> %(marketplace_id)s THEN 'order.shop_elsewhere'
        WHEN o.paid_fen <> i.paid_fen THEN 'order.amount_changed'
        ELSE 'order.identity_changed'
    END AS code
FROM intake AS i
INNER JOIN shop AS s ON i.shop_id = s.id
LEFT JOIN orders AS o ON i.shop_id = o.shop_id AND i.order_id = o.order_id
WHERE
    s.marketplace_id <> %(marketplace_id)s OR o.paid_fen <> i.paid_fen
    OR o.buyer_id <> i.buyer_id OR o.placed_at <> i.placed_at
ORDER BY i.ordinal

-- The entry of each order that has been paid, once: the buyer gave, the merchant got.
INSERT INTO posting (shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at)
SELECT
    i.shop_id, i.order_id, '00000000-0000-0000-0000-000000000000', 0, l.line, l.account,
    l.sign * i.paid_fen, 'order', i.settled_at
FROM intake AS i
INNER JOIN orders AS o
    ON i.shop_id = o.shop_id AND i.order_id = o.order_id AND i.paid_fen = o.paid_fen
    AND o.marketplace_id = %(marketplace_id)s
CROSS JOIN (VALUES (0, 'buyer', -1), (1, 'merchant', 1)) AS l (line, account, sign)
WHERE i.settled_at IS NOT NULL AND i.paid_fen <> 0
ON CONFLICT (shop_id, order_id, case_id, seq, line) DO NOTHING

-- New orders and changed ones; what was paid never changes, and an order never changes its owner.
INSERT INTO orders (
    shop_id, order_id, marketplace_id, buyer_id, placed_at, paid_fen, refunded_fen, held_fen,
    snapshot, updated_at
)
SELECT
    i.shop_id, i.order_id, s.marketplace_id, i.buyer_id, i.placed_at, i.paid_fen, 0, 0, i.snapshot,
    clock_timestamp()
FROM intake AS i
INNER JOIN shop AS s ON i.shop_id = s.id AND s.marketplace_id = %(marketplace_id)s
ON CONFLICT (shop_id, order_id) DO UPDATE SET
    snapshot = excluded.snapshot, updated_at = excluded.updated_at
WHERE
    orders.snapshot <> excluded.snapshot AND orders.paid_fen = excluded.paid_fen
    AND orders.buyer_id = excluded.buyer_id AND orders.placed_at = excluded.placed_at
RETURNING xmax = 0 AS is_new, shop_id, order_id

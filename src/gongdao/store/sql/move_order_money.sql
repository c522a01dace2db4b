-- What the orders have refunded and hold for open cases, by difference; a check keeps both in bounds.
UPDATE orders AS o SET
    refunded_fen = o.refunded_fen + n.refunded_fen, held_fen = o.held_fen + n.held_fen
FROM unnest(
    %(shop_id)b::text[], %(order_id)b::text[], %(refunded_fen)b::bigint[], %(held_fen)b::bigint[]
) AS n (shop_id, order_id, refunded_fen, held_fen)
WHERE o.shop_id = n.shop_id AND o.order_id = n.order_id

UPDATE settlement AS s SET left_fen = s.left_fen - n.amount_fen
FROM (
    SELECT shop_id, order_id, sum(amount_fen)::bigint AS amount_fen
    FROM unnest(%(shop_id)b::text[], %(order_id)b::text[], %(amount_fen)b::bigint[])
        AS t (shop_id, order_id, amount_fen)
    GROUP BY shop_id, order_id
) AS n
WHERE s.shop_id = n.shop_id AND s.order_id = n.order_id

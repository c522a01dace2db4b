INSERT INTO reserve_draw (shop_id, case_id, number, order_id, amount_fen, at)
SELECT n.shop_id, n.case_id, n.number, n.order_id, n.amount_fen, n.at
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(number)b::int[], %(order_id)b::text[],
    %(amount_fen)b::bigint[], %(at)b::timestamptz[]
) AS n (shop_id, case_id, number, order_id, amount_fen, at)

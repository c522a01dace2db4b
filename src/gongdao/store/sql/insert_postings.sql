INSERT INTO posting (shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at)
SELECT n.shop_id, n.order_id, n.case_id, n.seq, n.line, n.account, n.amount_fen, n.purpose, n.at
FROM unnest(
    %(shop_id)b::text[], %(order_id)b::text[], %(case_id)b::uuid[], %(seq)b::int[],
    %(line)b::int[], %(account)b::text[], %(amount_fen)b::bigint[], %(purpose)b::text[],
    %(at)b::timestamptz[]
) AS n (shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at)

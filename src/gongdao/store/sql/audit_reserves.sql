-- Shops whose reserve in the ledger is not what is left of their settled orders.
SELECT coalesce(l.shop_id, r.shop_id), coalesce(l.fen, 0)::bigint, coalesce(r.fen, 0)::bigint
FROM (
    SELECT shop_id, sum(amount_fen) AS fen FROM posting WHERE account = 'reserve' GROUP BY shop_id
) AS l
FULL JOIN (
    SELECT shop_id, sum(left_fen) AS fen FROM settlement WHERE released_at IS NULL GROUP BY shop_id
) AS r ON l.shop_id = r.shop_id
WHERE coalesce(l.fen, 0) <> coalesce(r.fen, 0)

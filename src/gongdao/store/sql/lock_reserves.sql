-- What is left in the reserves of these shops, the earliest released first.
SELECT shop_id, order_id, left_fen
FROM settlement
WHERE shop_id = ANY(%(shop_id)s::text[]) AND released_at IS NULL AND left_fen > 0
ORDER BY shop_id, release_at, order_id
FOR UPDATE

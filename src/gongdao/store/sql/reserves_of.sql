-- What a shop has in reserve, the earliest released first.
SELECT
    order_id, category, settled_fen, reserved_fen, left_fen, at, release_at, reason_zh, reason_en,
    cite
FROM settlement
WHERE shop_id = %(shop_id)s AND released_at IS NULL AND left_fen > 0
ORDER BY release_at, order_id
LIMIT %(limit)s

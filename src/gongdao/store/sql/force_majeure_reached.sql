-- Cases whose clocks a declaration still holds or moved.
SELECT c.id
FROM cases AS c
WHERE c.marketplace_id = %(marketplace_id)s AND c.paused_by @> ARRAY[%(cause)s::text]
ORDER BY c.shop_id, c.id
LIMIT %(limit)s

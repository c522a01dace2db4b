-- Open cases of a province that a declaration has not reached, a stretch after the last one seen.
SELECT c.shop_id, c.id, c.region
FROM cases AS c
WHERE
    c.marketplace_id = %(marketplace_id)s AND c.closed_at IS NULL
    AND (starts_with(c.region, %(stem)s) OR starts_with(c.region, '中国'))
    AND (%(until)s::timestamptz IS NULL OR c.opened_at < %(until)s::timestamptz)
    AND NOT c.paused_by @> ARRAY[%(cause)s::text]
    AND (c.shop_id, c.id) > (%(shop_id)s, %(case_id)s)
ORDER BY c.shop_id, c.id
LIMIT %(limit)s

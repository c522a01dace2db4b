-- Payments of these marketplaces, oldest grant first.
SELECT
    p.reference, p.shop_id, p.case_id, p.number, c.order_id, c.buyer_id, p.amount_fen, p.channel,
    p.state, p.external_ref, p.granted_at, p.moved_at
FROM payment AS p
INNER JOIN cases AS c ON p.shop_id = c.shop_id AND p.case_id = c.id
WHERE
    c.marketplace_id = ANY(%(marketplace_ids)s::text[])
    AND (%(state)s::text IS NULL OR p.state = %(state)s)
    AND (
        %(after)s::timestamptz IS NULL
        OR (p.granted_at, p.reference) > (%(after)s::timestamptz, %(after_reference)s)
    )
ORDER BY p.granted_at, p.reference
LIMIT %(limit)s

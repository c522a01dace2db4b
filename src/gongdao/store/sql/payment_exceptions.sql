SELECT
    id, marketplace_id, shop_id, order_id, case_id, number, kind, expected_fen, reported_fen,
    external_ref, reported_at, resolved_at, resolution, resolved_by, note
FROM payment_exception
WHERE
    marketplace_id = ANY(%(marketplace_ids)s::text[])
    AND (%(open)s::boolean IS NULL OR (resolved_at IS NULL) = %(open)s)
    AND (
        %(before)s::timestamptz IS NULL
        OR (reported_at, id) < (%(before)s::timestamptz, %(before_id)s::uuid)
    )
ORDER BY reported_at DESC, id DESC
LIMIT %(limit)s

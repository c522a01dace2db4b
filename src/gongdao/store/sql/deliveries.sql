SELECT
    id, shop_id, case_id, seq, kind, attempt, created_at, tries, trouble,
    CASE WHEN delivered_at IS NULL AND dead_at IS NULL THEN try_at END,
    delivered_at, dead_at
FROM webhook_delivery
WHERE
    endpoint_id = %(endpoint_id)s
    AND (
        %(state)s = 'all'
        OR (%(state)s = 'waiting' AND delivered_at IS NULL AND dead_at IS NULL)
        OR (%(state)s = 'delivered' AND delivered_at IS NOT NULL)
        OR (%(state)s = 'dead' AND dead_at IS NOT NULL)
    )
    AND (
        %(before)s::timestamptz IS NULL
        OR (created_at, id) < (%(before)s::timestamptz, %(before_id)s::uuid)
    )
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s

-- The disputed case that has waited longest for this role, free and without a conflict of interest.
SELECT c.id
FROM cases AS c
WHERE
    c.marketplace_id = ANY(%(marketplace_ids)s)
    AND c.closed_at IS NULL
    AND c.arbitration <> 'none'
    AND %(role)s = ANY(c.waits_for)
    AND NOT EXISTS (
        SELECT 1 FROM assignment AS a
        WHERE
            a.shop_id = c.shop_id AND a.case_id = c.id AND a.role = %(role)s
            AND a.ended_at IS NULL AND a.expires_at > clock_timestamp()
    )
    AND NOT EXISTS (
        SELECT 1 FROM membership AS m
        WHERE
            m.user_id::text = %(user_id)s AND m.marketplace_id = c.marketplace_id
            AND (
                (m.role = 'buyer' AND m.buyer_id = c.buyer_id)
                OR (m.role = 'merchant' AND m.shop_id = c.shop_id)
            )
    )
    AND NOT EXISTS (
        SELECT 1 FROM event AS e
        WHERE
            c.arbitration = 'appealed' AND e.shop_id = c.shop_id AND e.case_id = c.id
            AND e.kind = 'ruled' AND e.actor = %(user_id)s
    )
ORDER BY coalesce(c.next_due_at, 'infinity'), c.id
LIMIT 1
FOR UPDATE OF c SKIP LOCKED

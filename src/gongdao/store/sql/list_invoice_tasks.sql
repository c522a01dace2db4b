-- A caller's tasks: open ones by the nearest deadline, then closed ones, newest first.
SELECT t.marketplace_id, t.head_hash, t.snapshot
FROM invoice_task AS t
WHERE
    t.marketplace_id = ANY(%(marketplace_ids)s)
    AND (%(shop_ids)s::text [] IS NULL OR t.shop_id = ANY(%(shop_ids)s))
    AND (%(buyer_id)s::text IS NULL OR t.buyer_id = %(buyer_id)s)
    AND (
        %(case_ids)s::uuid [] IS NULL
        OR t.case_id = ANY(%(case_ids)s)
        OR (
            t.case_id IS NULL
            AND EXISTS (
                SELECT 1 FROM cases AS c
                WHERE
                    c.id = ANY(%(case_ids)s) AND c.shop_id = t.shop_id
                    AND c.order_id = t.order_id
            )
        )
    )
    AND (%(shop_id)s::text IS NULL OR t.shop_id = %(shop_id)s)
    AND (%(order_id)s::text IS NULL OR t.order_id = %(order_id)s)
    AND (%(case_id)s::uuid IS NULL OR t.case_id = %(case_id)s)
    AND (%(kind)s::text IS NULL OR t.kind = %(kind)s)
    AND (%(waits_for)s::text IS NULL OR %(waits_for)s = ANY(t.waits_for))
    AND (%(open)s::boolean IS NULL OR (t.closed_at IS NULL) = %(open)s)
    AND (
        %(after)s::timestamptz IS NULL
        OR (coalesce(t.closed_at, t.next_due_at, t.opened_at), t.id)
        > (%(after)s::timestamptz, %(after_id)s::uuid)
    )
ORDER BY coalesce(t.closed_at, t.next_due_at, t.opened_at), t.id
LIMIT %(limit)s

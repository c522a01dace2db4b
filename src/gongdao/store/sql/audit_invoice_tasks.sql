-- Every invoice task with its whole history, a batch after the last one seen.
SELECT
    t.shop_id, t.id, t.head_hash, t.snapshot,
    ARRAY(
        SELECT e.body FROM invoice_event AS e
        WHERE e.shop_id = t.shop_id AND e.task_id = t.id ORDER BY e.seq
    ),
    ARRAY(
        SELECT e.hash FROM invoice_event AS e
        WHERE e.shop_id = t.shop_id AND e.task_id = t.id ORDER BY e.seq
    )
FROM invoice_task AS t
WHERE (t.shop_id, t.id) > (%(shop_id)s, %(id)s)
ORDER BY t.shop_id, t.id
LIMIT %(limit)s

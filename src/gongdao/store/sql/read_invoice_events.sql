SELECT e.seq, e.body, e.hash, e.recorded_at
FROM invoice_event AS e
WHERE e.shop_id = %(shop_id)s AND e.task_id = %(task_id)s
ORDER BY e.seq

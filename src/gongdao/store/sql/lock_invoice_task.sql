SELECT t.marketplace_id, t.head_hash, t.snapshot
FROM invoice_task AS t
WHERE t.id = %(id)s
FOR UPDATE
